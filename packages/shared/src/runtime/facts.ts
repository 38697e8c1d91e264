import { FarhandError } from '../errors/farhand-error.ts';
import { homeMissing } from './jobs/replies.ts';
import { KILLS_AT_LOGOUT } from './logind.ts';
import type { HostFacts } from './port.ts';
import type { HostShell } from './shell.ts';

const LONGEST_ANSWER_BYTES = 64 * 1024;

// Each answer is one line `name=value`; a tool that is missing gives an empty value.
const SCRIPT = `export LC_ALL=C
say() { printf '%s=%s\\n' "$1" "$2"; }
boot=; [ -r /proc/sys/kernel/random/boot_id ] && read -r boot </proc/sys/kernel/random/boot_id
[ -n "$boot" ] || boot=$(sysctl -n kern.bootsessionuuid 2>/dev/null)
say home "$HOME"
[ -d "$HOME" ] || say homeless yes
say user "$(id -un)"
say system "$(uname -s)"
say hostname "$(uname -n)"
say boot "$boot"
say git "$(git --version 2>/dev/null)"
say ripgrep "$(command -v rg)"
say bash "$(command -v bash)"
pty_holder
say terminal "$holder"
${KILLS_AT_LOGOUT}kills_at_logout
say kills "$kills"
`;

/** What the host is, from one script. Throws `host.shell_unusable` where its answer cannot be read. */
export async function readFacts(shell: HostShell): Promise<HostFacts> {
  const result = await shell.run(SCRIPT, { maxOutputBytes: LONGEST_ANSWER_BYTES });
  return parseFacts(new TextDecoder().decode(result.stdout));
}

/** Reads what the script printed. */
export function parseFacts(text: string): HostFacts {
  const answers = new Map(
    text.split('\n').map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
  const answer = (name: string) => (answers.get(name) ?? '').slice(0, 4096);
  if (!answer('home').startsWith('/') || answer('system') === '') {
    throw new FarhandError('host.shell_unusable', { details: { answer: text.slice(0, 500) } });
  }
  if (answer('homeless') !== '') throw homeMissing(answer('home'));
  return {
    home: answer('home'),
    user: answer('user'),
    system: answer('system'),
    hostname: answer('hostname'),
    bootId: answer('boot') || null,
    gitVersion: /\d+(?:\.\d+)+/.exec(answer('git'))?.[0] ?? null,
    hasRipgrep: answer('ripgrep') !== '',
    hasBash: answer('bash') !== '',
    hasTerminal: answer('terminal') !== '',
    killsAtLogout: answer('kills') === '' ? null : answer('kills') === 'yes',
  };
}
