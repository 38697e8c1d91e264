import type { Entity, Topic } from '@farhand/shared/protocol/frames';
import type { Grant } from '../../tokens/reach.ts';
import { assertScope, type TokenGate } from '../token-gate.ts';
import type { Topics } from './connection.ts';
import type { StateSource } from './state-subscription.ts';

/** What one socket may see and do. */
export interface View {
  readonly topics: Topics;
  /** Throws `access.scope_missing`, `access.outside_token`. */
  assertSees(topic: Topic): void;
  /** Throws as `assertSees` where no key may be typed into the terminal. */
  assertTypes(terminalId: string): void;
}

/** Of a person's own browser or CLI. */
export const freeView = (topics: Topics): View => ({
  topics,
  assertSees: () => {},
  assertTypes: () => {},
});

/** Of a token. Typing needs `admin`, for no policy judges what is typed. */
export function limitedView(topics: Topics, gate: TokenGate, grant: Grant): View {
  return {
    topics: {
      ...topics,
      state: limitedState(topics.state, (entity) =>
        gate.sees(entity, grant) ? gate.shown(entity, grant) : null,
      ),
    },
    assertSees(topic) {
      assertScope(grant, 'read');
      if (topic.kind !== 'state') gate.assertReach(topic, grant);
    },
    assertTypes(terminalId) {
      assertScope(grant, 'admin');
      gate.assertReach({ terminalId }, grant);
    },
  };
}

function limitedState(source: StateSource, shown: (entity: Entity) => Entity | null): StateSource {
  return {
    feed: {
      ...source.feed,
      // That something unseen is gone tells an opaque id at most.
      watch: (listener) =>
        source.feed.watch((change) => {
          if (change.type === 'removed') return listener(change);
          const entity = shown(change.entity);
          if (entity) listener({ ...change, entity });
        }),
    },
    async load() {
      const entitiesNow = await source.load();
      return () => entitiesNow().flatMap((entity) => shown(entity) ?? []);
    },
  };
}
