/** What a host tells of itself, asked once it is connected. */
import type { HostLearned, HostTool } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import { ACP_AGENTS } from '../../host-agents/acp-catalogue.ts';
import { type Findings, parseFindings } from '../../host-agents/findings.ts';
import { lookScript, wantedOf } from '../../host-agents/look-script.ts';
import { shownEntry } from '../../host-agents/shown-agent.ts';
import { TERMINAL_AGENTS } from '../../host-agents/terminal-catalogue.ts';
import { runScript } from '../../workspaces/host-script.ts';
import { printableLine } from '../printable.ts';

const LOOK_TIMEOUT_MS = 20_000;
const MAX_OUTPUT_BYTES = 256 * 1024;
const CATALOGUE = [...ACP_AGENTS, ...TERMINAL_AGENTS];

/** Looked for on every host, each with what prints its version. */
const TOOLS: readonly (readonly [string, ...string[]])[] = [
  ['git', '--version'],
  ['rg', '--version'],
  ['bwrap', '--version'],
  ['tmux', '-V'],
  ['node', '--version'],
  ['npm', '--version'],
  ['python3', '--version'],
  ['docker', '--version'],
  ['podman', '--version'],
];

const FACTS = `
fact() { printf 'fact\\t%s\\t%s\\n' "$1" "$(printf '%s' "$2" | tr '\\000-\\037' ' ' | head -c 300)"; }
fact hostname "$(uname -n)"
fact user "$(id -un)"
fact shell "$SHELL"
name=$( . /etc/os-release 2>/dev/null && printf %s "$PRETTY_NAME")
[ -n "$name" ] || name=$(sw_vers -productVersion 2>/dev/null)
fact system "$(uname -sr)\${name:+, $name}"
`;

/** All of it in one round trip. Throws `host.*`. */
export async function askWhatItIs(runtime: Runtime): Promise<HostLearned> {
  const wanted = wantedOf(
    CATALOGUE,
    TOOLS.map(([program]) => program),
  );
  // npm may be among those that agents are installed by.
  const versions = [...wanted.versions, ...TOOLS];
  const script = { text: `${FACTS}\n${lookScript({ ...wanted, versions })}`, args: [] };
  const { stdout } = await runScript(runtime, script, {
    timeoutMs: LOOK_TIMEOUT_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
  const text = new TextDecoder().decode(stdout);
  const facts = factsIn(text);
  const findings = parseFindings(text);
  const connection = runtime.connection();
  return {
    address: runtime.address?.() ?? null,
    hostname: facts.get('hostname') ?? null,
    system: facts.get('system') ?? null,
    shell: facts.get('shell') ?? null,
    user: facts.get('user') ?? null,
    latencyMs: connection.state === 'connected' ? connection.latencyMs : null,
    tools: TOOLS.flatMap(([name]) =>
      findings.paths.has(name) ? [{ name, version: findings.versions.get(name) ?? null }] : [],
    ),
    agents: agentsIn(findings),
    lastContactAt: new Date().toISOString(),
  };
}

function agentsIn(findings: Findings): HostTool[] {
  return CATALOGUE.map((entry) => shownEntry(entry, findings)).flatMap(({ name, state, version }) =>
    state === 'ready' ? [{ name, version }] : [],
  );
}

function factsIn(text: string): Map<string, string> {
  const facts = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [kind, name, value] = line.split('\t');
    if (kind === 'fact' && name && value) facts.set(name, printableLine(value));
  }
  return facts;
}
