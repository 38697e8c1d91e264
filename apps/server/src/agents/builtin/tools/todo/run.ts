import type { Tool } from '../tool.ts';
import { type TodoInput, todoInput } from './schema.ts';
import { todoTitle, todoView } from './view.ts';

/** The plan, shown to the person as a checklist. It lives in the conversation alone. */
export const todo: Tool<TodoInput> = {
  name: 'todo',
  description:
    'Shows the user your plan as a checklist. Use it for work of several steps and keep it up to date.',
  input: todoInput,
  effect: 'read',
  use: 'look',
  title: todoTitle,
  preview: todoView,
  run: async (input) => ({ text: 'The list is shown.', view: todoView(input) }),
};
