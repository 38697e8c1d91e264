import { CopyButton } from '@/ui/copy-button.tsx';

interface Fact {
  readonly name: string;
  readonly value: string;
  readonly canCopy?: boolean;
}

/** What names a host's key, to be compared letter by letter. */
export function HostKeyFacts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="flex flex-col gap-2 rounded-ui border border-hairline bg-field px-3 py-2">
      {facts.map(({ name, value, canCopy }) => (
        <div key={`${name} ${value}`} className="flex items-start gap-3 phone:flex-col phone:gap-0.5">
          <dt className="w-20 shrink-0 text-small leading-5 text-text-3">{name}</dt>
          <dd className="flex min-w-0 flex-1 items-start gap-2">
            <code className="min-w-0 flex-1 leading-5 wrap-anywhere text-text">{value}</code>
            {canCopy && (
              <CopyButton size="small" text={value}>
                Copy
              </CopyButton>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
