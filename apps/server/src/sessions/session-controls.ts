import { type AgentControls, agentControls } from '@farhand/shared/model/agents';
import type { SessionId } from '@farhand/shared/model/ids';
import { eq } from 'drizzle-orm';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Database } from '../store/database.ts';
import { sessionControls } from '../store/schema.ts';

/** What can be set in each session, as its agent last told. */
export interface SessionControls {
  all(): AgentControls[];
  get(id: SessionId): AgentControls | null;
  /** Stored, then published. */
  set(controls: AgentControls): void;
  /** Tells that they are gone; the rows go with the session. */
  forget(id: SessionId): void;
}

export function createSessionControls(db: Database, feed: StateFeed): SessionControls {
  const read = (text: string) => agentControls.parse(JSON.parse(text));
  return {
    all: () =>
      db
        .select()
        .from(sessionControls)
        .all()
        .map(({ controls }) => read(controls)),
    get(id) {
      const row = db.select().from(sessionControls).where(eq(sessionControls.sessionId, id)).get();
      return row ? read(row.controls) : null;
    },
    set(value) {
      const controls = JSON.stringify(value);
      const known = db.select().from(sessionControls).where(eq(sessionControls.sessionId, value.id)).get();
      if (known?.controls === controls) return;
      db.insert(sessionControls)
        .values({ sessionId: value.id, controls })
        .onConflictDoUpdate({ target: sessionControls.sessionId, set: { controls } })
        .run();
      feed.changed({ kind: 'controls', value });
    },
    forget: (id) => feed.removed('controls', id),
  };
}
