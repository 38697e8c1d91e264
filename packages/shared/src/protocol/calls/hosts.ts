import { z } from 'zod';
import { hostReport, hostTest } from '../../model/host-checks.ts';
import { connectionMethod, host, hostId, hostName, hostRecord, importedHost } from '../../model/hosts.ts';
import { hostJob } from '../../model/jobs.ts';
import { call, none } from './call.ts';

/** Calls about hosts. See `calls`. */
export const hostCalls = {
  /**
   * Hosts offered by default: this machine, records, aliases of `~/.ssh/config`, and those that workspaces use.
   * `configProblem`: what is wrong with config.toml as a whole.
   */
  'host.list': call(none, z.object({ hosts: z.array(host), configProblem: z.string().nullable() })),
  /** Connects now, without waiting for the next try. */
  'host.reconnect': call(z.object({ hostId }), none),
  /** Answers what the host's connection asks; null refuses. Throws `host.question_not_found` where another was first. */
  'host.answer': call(
    z.object({
      hostId,
      questionId: z.string().min(1).max(100),
      answer: z.string().max(4096).nullable(),
      remember: z.boolean().default(false),
    }),
    none,
  ),
  /** How the host is connected from now on; null leaves it to the platform. What is connected is connected anew. */
  'host.set_method': call(z.object({ hostId, method: connectionMethod.nullable() }), none),
  /** All jobs there, those of other servers too. */
  'host.jobs': call(z.object({ hostId }), z.object({ jobs: z.array(hostJob) })),
  /** Removes what is left there of workspaces that this server deleted; `removed` counts jobs and folders. */
  'host.sweep': call(z.object({ hostId }), z.object({ removed: z.number().int() })),
  /** How many agents may work there at once; null for any number. Those that are at work already go on. */
  'host.set_agent_limit': call(
    z.object({ hostId, limit: z.number().int().min(1).max(1000).nullable() }),
    none,
  ),
  /** Writes a record to config.toml. Throws `host.name_taken`, `config.unreadable`, `config.unwritable`. */
  'host.add': call(z.object({ name: hostName, record: hostRecord }), z.object({ host })),
  /** The record as a whole. What is connected is connected anew where it is reached in another way. Throws `host.not_known`. */
  'host.change': call(z.object({ name: hostName, record: hostRecord }), z.object({ host })),
  /** Off closes its connections and refuses what wants one with `host.disabled`. Throws `host.not_known`. */
  'host.set_enabled': call(z.object({ name: hostName, isEnabled: z.boolean() }), z.object({ host })),
  /** Its workspaces stay and are refused with `host.deleted`, until a record of that name is added. Throws `host.not_known`. */
  'host.remove': call(z.object({ name: hostName }), none),
  /** Where new work goes that names no host. Throws `host.not_known`, `host.disabled`, `host.deleted`. */
  'host.set_default': call(z.object({ hostId }), none),
  /** This machine is the default again. */
  'host.clear_default': call(none, none),
  /** Aliases of the ssh config as records; all that are new where `names` is null. Nothing is written with `isDryRun`. */
  'host.import': call(
    z.object({ names: z.array(z.string().max(255)).max(1000).nullable(), isDryRun: z.boolean() }),
    z.object({ hosts: z.array(importedHost), added: z.array(z.string()) }),
  ),
  /** Begins a test by a login of its own, of a host or of values that are not saved, and answers at once. */
  'host.test': call(
    z.union([z.strictObject({ hostId }), z.strictObject({ record: hostRecord })]),
    z.object({ test: hostTest }),
  ),
  /** As it is when its version is above `after`, or after `waitMs`. Throws `host.test_not_found`. */
  'host.test_get': call(
    z.object({
      testId: z.string().max(100),
      after: z.number().int().min(0).default(0),
      waitMs: z.number().int().min(0).max(30_000).default(0),
    }),
    z.object({ test: hostTest }),
  ),
  /** Answers what the test's login asks; null refuses. Throws `host.question_not_found`, `host.test_not_found`. */
  'host.test_answer': call(
    z.object({
      testId: z.string().max(100),
      questionId: z.string().min(1).max(100),
      answer: z.string().max(4096).nullable(),
    }),
    none,
  ),
  /** Ends it and its connection. A test that is over is left alone. */
  'host.test_cancel': call(z.object({ testId: z.string().max(100) }), none),
  /** Looks at how safe and how able a host is. It is connected for that. Throws `host.*`. */
  'host.doctor': call(z.object({ hostId }), z.object({ report: hostReport })),
} as const;
