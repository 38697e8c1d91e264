import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import {
  Bot,
  Brain,
  ChevronRight,
  FileOutput,
  FilePen,
  FilePlus2,
  FileText,
  FileX2,
  FolderTree,
  Globe,
  ListChecks,
  type LucideIcon,
  Search,
  SquareTerminal,
  ToggleRight,
  Wrench,
} from 'lucide-react';
import { memo, use } from 'react';
import { useNow } from '@/client/use-now.ts';
import { cx } from '@/ui/cx.ts';
import { ContactLostContext } from './contact-lost.ts';
import { Locations } from './locations.tsx';
import { useOpened } from './opened.ts';
import { Output, OutputTail } from './output.tsx';
import { PatchCounts } from './patch-counts.tsx';
import { SubAgent } from './sub-agent.tsx';
import { isOpen, type ToolIcon, type ToolLine, toolLine } from './tool-line.ts';
import { ToolView } from './tool-view.tsx';

const ICONS: Readonly<Record<ToolIcon, LucideIcon>> = {
  command: SquareTerminal,
  read: FileText,
  write: FilePlus2,
  edit: FilePen,
  list: FolderTree,
  search: Search,
  todo: ListChecks,
  delete: FileX2,
  move: FileOutput,
  fetch: Globe,
  think: Brain,
  mode: ToggleRight,
  agent: Bot,
  other: Wrench,
};

const TONES = { good: 'text-text-3', bad: 'text-failed', quiet: 'text-text-3', lost: 'text-lost' } as const;

/** A tool call: one line, with what it did below when opened; the newest plan is open from the start. */
export const ToolCall = memo(function ToolCall({
  call,
  isLatestPlan,
}: {
  readonly call: ToolCallItem;
  readonly isLatestPlan: boolean;
}) {
  const [isShown, toggle] = useOpened(call.id, isLatestPlan);
  const isRunning = isOpen(call);
  const isContactLost = use(ContactLostContext);
  const line = toolLine(call, useNow(1000, isRunning), isContactLost);
  return (
    <div className="tool" data-tool={call.tool} data-state={call.state}>
      <button type="button" className="tool-line group/tool" aria-expanded={isShown} onClick={toggle}>
        <Line line={line} call={call} isShown={isShown} />
      </button>
      {!isShown && isRunning && <OutputTail text={call.output} />}
      {call.childSessionId && <SubAgent call={call} childId={call.childSessionId} />}
      {isShown && <Details call={call} isRunning={isRunning} />}
    </div>
  );
});

function Line({
  line,
  call,
  isShown,
}: {
  readonly line: ToolLine;
  readonly call: ToolCallItem;
  readonly isShown: boolean;
}) {
  const Icon = ICONS[line.icon];
  return (
    <>
      <Icon
        className={cx('size-3.5 shrink-0', call.state === 'running' ? 'text-working' : 'text-text-3')}
        aria-hidden
      />
      <span className="shrink-0 text-text-2">{line.what}</span>
      {line.where && <span className="min-w-0 truncate font-mono text-small text-text">{line.where}</span>}
      {call.view?.kind === 'diff' && <PatchCounts patch={call.view.patch} />}
      <span className="ml-auto flex shrink-0 items-center gap-2 pl-2 text-small tabular-nums">
        {line.status && <span className={TONES[line.status.tone]}>{line.status.label}</span>}
        {line.duration && <span className="text-text-3">{line.duration}</span>}
        <ChevronRight className={cx('size-3 text-text-3', isShown && 'rotate-90')} aria-hidden />
      </span>
    </>
  );
}

function Details({ call, isRunning }: { readonly call: ToolCallItem; readonly isRunning: boolean }) {
  const isCommandLong = call.view?.kind === 'command' && call.view.command !== call.title;
  const hasView = call.view && (call.view.kind !== 'command' || isCommandLong);
  const failure = call.state === 'failed' && call.output === '' ? call.result : null;
  const isBare = !hasView && call.output === '' && failure === null;
  return (
    <div className="tool-details">
      {call.locations && <Locations locations={call.locations} />}
      {call.view && hasView && <ToolView view={call.view} />}
      {call.output !== '' && (
        <Output text={call.output} isLive={isRunning} label={`Output of ${call.title}`} />
      )}
      {failure !== null && <Output text={failure} isLive={false} label="Why it failed" />}
      {isBare && <p className="text-small text-text-3">{bareText(call, isRunning)}</p>}
    </div>
  );
}

function bareText(call: ToolCallItem, isRunning: boolean): string {
  if (isRunning) return 'Nothing printed yet.';
  return call.result?.slice(0, 2000) || 'No output.';
}
