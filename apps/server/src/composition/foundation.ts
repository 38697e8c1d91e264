import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { Approvals } from '../approvals/approvals.ts';
import { createApprovals } from '../approvals/create-approvals.ts';
import type { Surroundings } from '../composition.ts';
import { childEnvironment } from '../config/child-environment.ts';
import type { StateFeed } from '../feed/state-feed.ts';
import { createHostTasks, type HostTasks } from '../host-tasks/host-tasks.ts';
import type { HostSettings } from '../hosts/host-settings.ts';
import type { HostQuestions } from '../hosts/questions.ts';
import type { Log } from '../logging/log.ts';
import { createModels, type Models } from '../models/models.ts';
import { createRateLimits, type RateLimits } from '../models/rate-limits.ts';
import { createProjects, type Projects } from '../projects/projects.ts';
import { createSearch, type Search } from '../search/search.ts';
import { createSecrets, type Secrets } from '../secrets/secrets.ts';
import { openVault, type Vault } from '../secrets/vault.ts';
import type { Database } from '../store/database.ts';
import { hasSealedTexts } from '../store/sealed-texts.ts';
import { createTranscripts, type Transcripts } from '../transcripts/transcripts.ts';

/** What domains are made of. */
export interface DomainDeps {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly log: Log;
  readonly runtimes: Runtimes;
  readonly questions: HostQuestions;
  readonly settings: HostSettings;
  readonly surroundings: Surroundings;
}

/** The domains that need no other domain but those before them. */
export interface Foundation {
  readonly vault: Vault;
  readonly secrets: Secrets;
  readonly rateLimits: RateLimits;
  readonly models: Models;
  readonly projects: Projects;
  readonly transcripts: Transcripts;
  readonly search: Search;
  readonly approvals: Approvals;
  readonly hostTasks: HostTasks;
}

export function createFoundation({ db, feed, log, runtimes, surroundings }: DomainDeps): Foundation {
  const { paths, environment } = surroundings;
  const vault = openVault(paths.keyFile, () => hasSealedTexts(db));
  const secrets = createSecrets({ db, vault });
  const rateLimits = createRateLimits();
  const { dataDirectory } = paths;
  const transcripts = createTranscripts({ db, onSeq: (id) => search.sessionChanged(id) });
  const search = createSearch({ db, transcripts, log });
  return {
    vault,
    secrets,
    rateLimits,
    models: createModels({ db, vault, environment, rateLimits }),
    projects: createProjects({ db, feed, dataDirectory, environment: childEnvironment(environment) }),
    transcripts,
    search,
    approvals: createApprovals({ db, feed, transcripts, secrets, log }),
    hostTasks: createHostTasks({ db, runtimes, log }),
  };
}
