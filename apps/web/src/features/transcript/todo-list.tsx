import type { ToolView } from '@farhand/shared/model/transcripts';
import { Check } from 'lucide-react';
import { cx } from '@/ui/cx.ts';

type Todos = Extract<ToolView, { kind: 'todo' }>['todos'];

const NAMES = { open: 'To do', doing: 'In progress', done: 'Done' } as const;

/** A plan as a checklist. */
export function TodoList({ todos }: { readonly todos: Todos }) {
  return (
    <ul className="flex flex-col gap-1 py-1">
      {todos.map((todo, index) => (
        <li key={index} className="flex items-start gap-2">
          <span
            className={cx(
              'mt-0.75 flex size-3.5 shrink-0 items-center justify-center rounded-small border',
              todo.state === 'done'
                ? 'border-done text-done'
                : todo.state === 'doing'
                  ? 'border-working'
                  : 'border-hairline-strong',
            )}
          >
            <span className="sr-only">{NAMES[todo.state]}: </span>
            {todo.state === 'done' && <Check className="size-3" strokeWidth={2.5} aria-hidden />}
            {todo.state === 'doing' && <span className="size-1.5 rounded-full bg-working" />}
          </span>
          <span className={cx('min-w-0 break-words', todo.state === 'done' ? 'text-text-3' : 'text-text')}>
            {todo.text}
          </span>
        </li>
      ))}
    </ul>
  );
}
