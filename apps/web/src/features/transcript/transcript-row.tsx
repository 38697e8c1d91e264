import { memo } from 'react';
import { cx } from '@/ui/cx.ts';
import { ApprovalItem } from '../approvals/approval-item.tsx';
import { RewoundLine } from '../checkpoints/rewound-line.tsx';
import { Compaction } from './compaction.tsx';
import { Markdown } from './markdown.tsx';
import { Plan } from './plan.tsx';
import { Reasoning } from './reasoning.tsx';
import type { PlainRow, Row } from './rows.ts';
import { ToolCall } from './tool-call.tsx';
import { TurnEnd } from './turn-end.tsx';
import { Undone } from './undone.tsx';
import { UserMessage } from './user-message.tsx';

interface RowProps {
  readonly row: Row;
  readonly isFirst: boolean;
  readonly onRetry: ((prompt: string) => void) | null;
}

/** One row of a transcript in the reading column. */
export const TranscriptRow = memo(
  function TranscriptRow({ row, isFirst, onRetry }: RowProps) {
    return (
      <div className={cx('mx-auto w-full max-w-[820px] px-4', isFirst && 'pt-4')}>
        {row.kind === 'undone' ? (
          <Undone id={row.key} messages={row.rows.filter(isMessage).length}>
            {row.rows.map((one) => (
              <Plain key={one.key} row={one} onRetry={null} />
            ))}
          </Undone>
        ) : (
          <Plain row={row} onRetry={onRetry} />
        )}
      </div>
    );
  },
  // Rows are made anew with every event, the items in them are not.
  (a, b) => a.isFirst === b.isFirst && a.onRetry === b.onRetry && sameRow(a.row, b.row),
);

function Plain({ row, onRetry }: { readonly row: PlainRow } & Pick<RowProps, 'onRetry'>) {
  return row.kind === 'turn' ? (
    <TurnEnd turn={row.turn} prompt={row.prompt} onRetry={onRetry} />
  ) : (
    <Item row={row} />
  );
}

const isMessage = (row: PlainRow): boolean => row.kind === 'item' && row.item.kind === 'user_message';

function sameRow(a: Row, b: Row): boolean {
  if (a.kind === 'undone')
    return (
      b.kind === 'undone' &&
      a.rows.length === b.rows.length &&
      a.rows.every((row, at) => sameRow(row, b.rows[at] ?? a))
    );
  if (a.kind === 'turn') return b.kind === 'turn' && a.turn === b.turn && a.prompt === b.prompt;
  return b.kind === 'item' && a.item === b.item && a.latestPlan === b.latestPlan;
}

const LEVELS = { info: 'text-text-3', warning: 'text-blocked', error: 'text-failed' } as const;

function Item({ row }: { readonly row: Extract<PlainRow, { kind: 'item' }> }) {
  const { item } = row;
  switch (item.kind) {
    case 'user_message':
      return <UserMessage item={item} />;
    case 'text':
      return (
        <div className="pt-1 pb-2">
          <Markdown text={item.text} isStreaming={!item.done} />
        </div>
      );
    case 'reasoning':
      return <Reasoning item={item} />;
    case 'tool_call':
      return <ToolCall call={item} isLatestPlan={row.latestPlan} />;
    case 'plan':
      return <Plan item={item} isLatest={row.latestPlan} />;
    case 'approval':
      return <ApprovalItem item={item} />;
    case 'compaction':
      return <Compaction item={item} />;
    case 'rewound':
      return <RewoundLine item={item} />;
    case 'notice':
      return <p className={cx('pb-2 text-small break-words', LEVELS[item.level])}>{item.text}</p>;
  }
}
