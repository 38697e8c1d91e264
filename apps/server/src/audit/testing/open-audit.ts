import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../../store/settings.ts';
import { type Audit, type AuditEntry, createAudit } from '../audit.ts';
import { type AuditPaths, auditPaths } from '../audit-paths.ts';
import { createSigner, type Signer } from '../signature.ts';

/** A real log in a folder of its own. */
export interface OpenedAudit {
  readonly audit: Audit;
  readonly paths: AuditPaths;
  readonly signer: Signer;
  /** Closes the log and opens it again, as a restarted server does. */
  reopen(): Audit;
  remove(): void;
}

export const TEST_KEY = Buffer.alloc(32, 7);

export function openTestAudit(
  now?: () => number,
  folder = mkdtempSync(join(tmpdir(), 'farhand-audit-')),
): OpenedAudit {
  const paths = auditPaths({ dataDirectory: join(folder, 'data'), keyFile: join(folder, 'config', 'key') });
  const settings = settingsInMemory();
  const open = () => {
    const made = createAudit({ paths, settings, ...(now && { now }) });
    made.signWith(() => TEST_KEY);
    return made;
  };
  let audit = open();
  return {
    get audit() {
      return audit;
    },
    paths,
    signer: createSigner(TEST_KEY),
    reopen() {
      audit.close();
      audit = open();
      return audit;
    },
    remove() {
      audit.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Something that happened; `facts` and the rest as given. */
export function entry(given: Partial<AuditEntry> = {}): AuditEntry {
  return {
    kind: 'command',
    actor: { kind: 'agent', name: 'codex' },
    hostId: null,
    workspaceId: null,
    sessionId: null,
    summary: 'ls',
    facts: {},
    output: null,
    ...given,
  };
}

function settingsInMemory(): Settings {
  const values = new Map<string, string>();
  return {
    get: (name) => values.get(name) ?? null,
    set: (name, value) => void (value === null ? values.delete(name) : values.set(name, value)),
    all: (prefix) =>
      Object.fromEntries(
        [...values]
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, value]) => [name.slice(prefix.length), value]),
      ),
  };
}
