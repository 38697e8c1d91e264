import {
  connectionMethod,
  type HostId,
  type HostLearned,
  hostId,
  hostLearned,
} from '@farhand/shared/model/hosts';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { hosts, workspaces } from '../store/schema.ts';
import { createSettings } from '../store/settings.ts';

const row = z.object({
  id: hostId,
  method: connectionMethod.nullable(),
  sessionLimit: z.number().int().nullable(),
  agentLimit: z.number().int().nullable(),
  isRecorded: z.boolean(),
  deletedAt: z.string().nullable(),
  learned: z
    .string()
    .transform((text) => parsedLearned(text))
    .nullable(),
});

/** What outlives the server of a host. */
type KeptHost = Omit<z.output<typeof row>, 'id'>;

const NOTHING: KeptHost = {
  method: null,
  sessionLimit: null,
  agentLimit: null,
  isRecorded: false,
  deletedAt: null,
  learned: null,
};

/** The rows of hosts of which something is kept. */
export interface HostStore {
  get(id: HostId): KeptHost;
  change(id: HostId, part: Partial<KeptHost>): void;
  /** Those that had a record when the file was read last. */
  recorded(): HostId[];
  /** True where a workspace is on it. */
  isUsed(id: HostId): boolean;
  /** True where it was connected once, by whatever run of the server. */
  isReached(id: HostId): boolean;
  setReached(id: HostId): void;
}

const REACHED = 'reached_host ';

export function createHostStore(db: Database): HostStore {
  const settings = createSettings(db);
  const get = (id: HostId): KeptHost => {
    const stored = db.select().from(hosts).where(eq(hosts.id, id)).get();
    if (!stored) return NOTHING;
    const { id: _, ...kept } = row.parse(stored);
    return kept;
  };
  // What is learned comes a little later, and not from every host.
  const isReached = (id: HostId) => get(id).learned !== null || settings.get(REACHED + id) !== null;
  return {
    get,
    change(id, part) {
      const { learned, ...kept } = { ...get(id), ...part };
      const values = { ...kept, learned: learned === null ? null : JSON.stringify(learned) };
      db.insert(hosts)
        .values({ id, ...values })
        .onConflictDoUpdate({ target: hosts.id, set: values })
        .run();
    },
    recorded: () =>
      db
        .select({ id: hosts.id })
        .from(hosts)
        .where(eq(hosts.isRecorded, true))
        .all()
        .map(({ id }) => hostId.parse(id)),
    isUsed: (id) => db.select().from(workspaces).where(eq(workspaces.hostId, id)).limit(1).all().length > 0,
    isReached,
    setReached(id) {
      if (!isReached(id)) settings.set(REACHED + id, new Date().toISOString());
    },
  };
}

// Of another version, it is learned anew.
function parsedLearned(text: string): HostLearned | null {
  try {
    const parsed = hostLearned.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
