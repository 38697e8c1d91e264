import type { Approval } from '@farhand/shared/model/approvals';
import type { HostId } from '@farhand/shared/model/hosts';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { Approvals } from '../approvals/approvals.ts';
import { createApprovals } from '../approvals/create-approvals.ts';
import type { Audit } from '../audit/audit.ts';
import type { Surroundings } from '../composition.ts';
import { childEnvironment } from '../config/child-environment.ts';
import type { ConfigFile } from '../config/config-file.ts';
import type { StateFeed } from '../feed/state-feed.ts';
import { createHostTasks, type HostTasks } from '../host-tasks/host-tasks.ts';
import type { Log } from '../logging/log.ts';
import { createModels, type Models } from '../models/models.ts';
import { createRateLimits, type RateLimits } from '../models/rate-limits.ts';
import { createPolicy } from '../policy/create-policy.ts';
import { labelsIn } from '../policy/host-labels.ts';
import type { PolicyRules } from '../policy/policy-rules.ts';
import type { ShellGrammar } from '../policy/shell/grammar.ts';
import { createProjects, type Projects } from '../projects/projects.ts';
import { createSearch, type Search } from '../search/search.ts';
import { masterKey } from '../secrets/master-key.ts';
import { createSecretKeys, finishKeyChange, type SecretKeys } from '../secrets/secret-keys.ts';
import { createSecrets, type Secrets } from '../secrets/secrets.ts';
import { openVault, type Vault } from '../secrets/vault.ts';
import type { Database } from '../store/database.ts';
import { hasSealedTexts, ROOT_SETTING } from '../store/sealed-texts.ts';
import { createSettings } from '../store/settings.ts';
import { createTranscripts, type Transcripts } from '../transcripts/transcripts.ts';
import type { HostBase } from './host-base.ts';

/** What domains are made of. */
export interface DomainDeps extends HostBase {
  /** Can be written to once the foundation is there, which has its key. */
  readonly audit: Audit;
  /** config.toml. */
  readonly configFile: ConfigFile;
  readonly db: Database;
  readonly feed: StateFeed;
  readonly log: Log;
  readonly runtimes: Runtimes;
  readonly surroundings: Surroundings;
  readonly policyFile: ConfigFile;
  /** Loaded before anything is judged. */
  readonly grammar: ShellGrammar;
}

/** The domains that need no other domain but those before them. */
export interface Foundation {
  readonly vault: Vault;
  readonly secrets: Secrets;
  readonly secretKeys: SecretKeys;
  readonly rateLimits: RateLimits;
  readonly models: Models;
  readonly projects: Projects;
  readonly transcripts: Transcripts;
  readonly search: Search;
  readonly approvals: Approvals;
  readonly policy: PolicyRules;
  readonly hostTasks: HostTasks;
}

export function createFoundation(deps: DomainDeps): Foundation {
  const { audit, db, feed, log, runtimes, surroundings } = deps;
  const { paths, environment } = surroundings;
  const master = masterKey(paths.keyFile, surroundings.masterKey ?? null);
  finishKeyChange(db, paths.keyFile);
  const root = () => createSettings(db).get(ROOT_SETTING);
  const vault = openVault(master, { hasSealed: () => hasSealedTexts(db), root });
  audit.signWith(() => vault.derive('audit'));
  const secrets = createSecrets({ db, vault, audit });
  const rateLimits = createRateLimits();
  const { dataDirectory } = paths;
  const transcripts = createTranscripts({ db, onSeq: (id) => search.sessionChanged(id) });
  const search = createSearch({ db, transcripts, log });
  const policy = createPolicyOf(deps, () => approvals.list({ sessionId: null, isOpen: false }));
  const approvals = createApprovals({ db, feed, transcripts, secrets, audit, policy, log });
  return {
    vault,
    secrets,
    secretKeys: createSecretKeys({ db, vault, master, audit }),
    rateLimits,
    models: createModels({ db, vault, environment, rateLimits }),
    projects: createProjects({ db, feed, dataDirectory, environment: childEnvironment(environment) }),
    transcripts,
    search,
    approvals,
    policy,
    hostTasks: createHostTasks({ db, runtimes, onCleared: audit.workspaceCleared, log }),
  };
}

function createPolicyOf(
  { audit, configFile, grammar, log, policyFile }: DomainDeps,
  decided: () => readonly Approval[],
): PolicyRules {
  const labelsOf = (hostId: HostId) => labelsIn(configFile.read(), hostId);
  return createPolicy({ file: policyFile, grammar, audit, log, labelsOf, decided });
}
