import type { AgentId } from '@farhand/shared/model/agents';
import { eq } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { customAgents } from '../store/schema.ts';
import { slug } from '../workspaces/slug.ts';

/** A command of a person's own; `command` is run by the host's `sh` as it is. */
export interface CustomAgent {
  readonly id: AgentId;
  readonly name: string;
  readonly kind: 'acp' | 'terminal';
  readonly command: string;
}

export interface CustomAgents {
  /** By id. */
  all(): CustomAgent[];
  /** Its id is made of its name, `custom-…`. */
  add(agent: Omit<CustomAgent, 'id'>): AgentId;
  /** False where there was none. */
  remove(id: AgentId): boolean;
}

export function createCustomAgents(db: Database): CustomAgents {
  const all = () =>
    db
      .select()
      .from(customAgents)
      .orderBy(customAgents.id)
      .all()
      // Written by `add` alone, so the kind is one of the two.
      .map(({ id, name, kind, command }) => ({ id, name, kind: kind as CustomAgent['kind'], command }));
  return {
    all,
    add(agent) {
      const id = freeId(agent.name, new Set(all().map((one) => one.id)));
      db.insert(customAgents)
        .values({ ...agent, id })
        .run();
      return id;
    },
    remove: (id) => db.delete(customAgents).where(eq(customAgents.id, id)).run().changes > 0,
  };
}

function freeId(name: string, taken: ReadonlySet<string>): AgentId {
  const first = `custom-${slug(name, 'agent')}`;
  let id = first;
  for (let number = 2; taken.has(id); number += 1) id = `${first}-${number}`;
  return id;
}
