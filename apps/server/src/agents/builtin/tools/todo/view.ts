import type { ToolView } from '@farhand/shared/model/transcripts';
import type { TodoInput } from './schema.ts';

export function todoTitle({ todos }: TodoInput): string {
  const done = todos.filter(({ state }) => state === 'done').length;
  return `${done} of ${todos.length} done`;
}

export const todoView = ({ todos }: TodoInput): ToolView => ({ kind: 'todo', todos });
