import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { AuditEvent } from '@farhand/shared/model/audit';
import type { CallInput } from '@farhand/shared/protocol/calls';
import { auditCalls } from '@farhand/shared/protocol/calls/audit';
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
  /** Those that fit, at most 500, the oldest first. */
  events(filter?: CallInput<'audit.search'>): Promise<AuditEvent[]>;
  /** Of outputs that have a file. */
  keptHashes(): string[];
  /** What was kept, as text; null where nothing was. */
  keptText(hash: string | null | undefined): Promise<string | null>;
  /** Puts a file where the log's folder has to be, until the returned function is called. */
  block(): () => void;
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
    async events(filter = {}) {
      const input = auditCalls['audit.search'].input.parse({ limit: 500, ...filter });
      return (await audit.search(input)).events.toReversed();
    },
    keptHashes: () => readdirSync(paths.outputsDirectory).filter((name) => !name.startsWith('.')),
    keptText: async (hash) => (hash ? Buffer.from((await audit.outputs.read(hash)) ?? []).toString() : null),
    block() {
      const folder = dirname(paths.file);
      mkdirSync(dirname(folder), { recursive: true });
      writeFileSync(folder, 'in the way');
      return () => rmSync(folder);
    },
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

/** What the work threw. Throws where it did not. */
export function refusalOf(work: () => unknown): FarhandError {
  try {
    work();
  } catch (thrown) {
    return FarhandError.from(thrown);
  }
  throw new Error('it was not refused');
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
