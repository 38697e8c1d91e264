import type { AuditKind } from '@farhand/shared/model/audit';
import type { HostId } from '@farhand/shared/model/hosts';
import { Search, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { Input } from '@/ui/field.tsx';
import { Select } from '@/ui/select.tsx';
import { ACTORS, KIND_NAMES, KIND_NOTES, KINDS } from './event-text.ts';
import { type Filters, isFiltered, NO_FILTERS, type Span } from './filters.ts';

interface AuditFiltersProps {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

/** Typing asks once it rests so long. */
const REST_MS = 250;
const ANY = '*';

const SPANS: readonly { readonly value: Span; readonly label: string }[] = [
  { value: 'all', label: 'Any time' },
  { value: 'hour', label: 'Last hour' },
  { value: 'day', label: 'Last day' },
  { value: 'week', label: 'Last week' },
  { value: 'month', label: 'Last 30 days' },
];

/** What of the log is shown. */
export function AuditFilters({ filters, onChange }: AuditFiltersProps) {
  const hosts = useServerState((state) => Object.keys(state.hosts).toSorted());
  const toggle = (kind: AuditKind) =>
    onChange({
      ...filters,
      kinds: filters.kinds.includes(kind)
        ? filters.kinds.filter((one) => one !== kind)
        : [...filters.kinds, kind],
    });
  return (
    <search aria-label="Filters" className="flex shrink-0 flex-col gap-2 border-b border-hairline px-4 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <TextFilter text={filters.text} onChange={(text) => onChange({ ...filters, text })} />
        <span className="w-40 phone:min-w-0 phone:flex-1">
          <Select
            label="Host"
            value={filters.hostId ?? ANY}
            onChange={(host) => onChange({ ...filters, hostId: host === ANY ? null : (host as HostId) })}
            choices={[
              { value: ANY, label: 'Any host' },
              ...hosts.map((host) => ({ value: host, label: host })),
            ]}
          />
        </span>
        <span className="w-48 phone:min-w-0 phone:flex-1">
          <Select
            label="Who"
            value={filters.actor ?? ANY}
            onChange={(actor) => onChange({ ...filters, actor: actor === ANY ? null : actor })}
            choices={[{ value: ANY, label: 'Anybody' }, ...ACTORS]}
          />
        </span>
        <span className="w-36 phone:min-w-0 phone:flex-1">
          <Select
            label="When"
            value={filters.span}
            onChange={(span) => onChange({ ...filters, span })}
            choices={SPANS}
          />
        </span>
      </div>
      <div className="flex flex-wrap items-center gap-1.5 phone:flex-nowrap phone:overflow-x-auto">
        {KINDS.map((kind) => (
          <Chip
            key={kind}
            title={KIND_NOTES[kind]}
            isOn={filters.kinds.includes(kind)}
            onToggle={() => toggle(kind)}
          >
            {KIND_NAMES[kind]}
          </Chip>
        ))}
        <Chip
          isOn={filters.isFailedOnly}
          onToggle={() => onChange({ ...filters, isFailedOnly: !filters.isFailedOnly })}
        >
          Failed only
        </Chip>
        {filters.sessionId && (
          <Chip isOn onToggle={() => onChange({ ...filters, sessionId: null })}>
            One session
          </Chip>
        )}
        {isFiltered(filters) && (
          <Button size="small" variant="ghost" className="phone:h-11" onClick={() => onChange(NO_FILTERS)}>
            <X className="size-3.5" aria-hidden /> Clear
          </Button>
        )}
      </div>
    </search>
  );
}

function TextFilter({
  text,
  onChange,
}: {
  readonly text: string;
  readonly onChange: (text: string) => void;
}) {
  const [typed, setTyped] = useState(text);
  const [seen, setSeen] = useState(text);
  // Set from elsewhere, as by “all of this approval”.
  if (seen !== text) {
    setSeen(text);
    setTyped(text);
  }
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onChange(typed), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, text, onChange]);
  return (
    <span className="relative min-w-48 flex-1 phone:w-full phone:flex-none">
      <Search aria-hidden="true" className="absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-text-3" />
      <Input
        type="search"
        aria-label="Words"
        placeholder="Words: command, user, agent, path"
        className="pl-7 phone:pl-7"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
    </span>
  );
}

interface ChipProps {
  readonly isOn: boolean;
  readonly onToggle: () => void;
  readonly title?: string | undefined;
  readonly children: string;
}

function Chip({ isOn, onToggle, title, children }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      title={title}
      onClick={onToggle}
      className={cx(
        'h-6 shrink-0 rounded-full border px-2.5 text-small phone:h-11 phone:px-4',
        isOn
          ? 'border-accent-text bg-selected text-text'
          : 'border-hairline-strong text-text-2 hover:bg-hover hover:text-text',
      )}
    >
      {children}
    </button>
  );
}
