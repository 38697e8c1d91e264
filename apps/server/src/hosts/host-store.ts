import { connectionMethod, type HostId, hostId } from '@farhand/shared/model/hosts';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { hosts } from '../store/schema.ts';

const row = z.object({
  id: hostId,
  method: connectionMethod.nullable(),
  sessionLimit: z.number().int().nullable(),
  agentLimit: z.number().int().nullable(),
});

/** What outlives the server of a host. */
type KeptHost = Omit<z.output<typeof row>, 'id'>;

const NOTHING: KeptHost = { method: null, sessionLimit: null, agentLimit: null };

/** The rows of hosts of which something is kept. */
export interface HostStore {
  get(id: HostId): KeptHost;
  change(id: HostId, part: Partial<KeptHost>): void;
}

export function createHostStore(db: Database): HostStore {
  const get = (id: HostId): KeptHost => {
    const stored = db.select().from(hosts).where(eq(hosts.id, id)).get();
    if (!stored) return NOTHING;
    const { id: _, ...kept } = row.parse(stored);
    return kept;
  };
  return {
    get,
    change(id, part) {
      const kept = { ...get(id), ...part };
      db.insert(hosts)
        .values({ id, ...kept })
        .onConflictDoUpdate({ target: hosts.id, set: kept })
        .run();
    },
  };
}
