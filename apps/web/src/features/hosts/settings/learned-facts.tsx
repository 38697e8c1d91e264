import type { Host } from '@farhand/shared/model/hosts';

/** What a host told of itself with its last contact. */
export function LearnedFacts({ host: { learned, sessionLimit } }: { readonly host: Host }) {
  if (!learned) return <p className="text-small text-text-3">Nothing yet: it was never connected.</p>;
  const { address, latencyMs, lastContactAt } = learned;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Calls itself', learned.hostname],
    ['Address', address && `${address.user}@${address.hostname}, port ${address.port}`],
    ['System', learned.system],
    ['User and shell', [learned.user, learned.shell].filter(Boolean).join(', ') || null],
    ['Round trip', latencyMs === null ? null : `${latencyMs.toFixed(1)} ms`],
    ['Sessions a connection', sessionLimit === null ? null : String(sessionLimit)],
    ['Tools', namesOf(learned.tools)],
    ['Agents', namesOf(learned.agents)],
    ['Last contact', lastContactAt && new Date(lastContactAt).toLocaleString()],
  ];
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 rounded-ui border border-hairline bg-field p-3 text-small">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name} className="contents">
              <dt className="text-text-3">{name}</dt>
              <dd className="min-w-0 break-words text-text-2">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function namesOf(
  tools: readonly { readonly name: string; readonly version: string | null }[],
): string | null {
  const names = tools.map(({ name, version }) => (version === null ? name : `${name} ${version}`));
  return names.length === 0 ? null : names.join(', ');
}
