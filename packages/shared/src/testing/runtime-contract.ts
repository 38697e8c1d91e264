import { afterAll, beforeAll, describe } from 'vitest';
import type { Runtime } from '../runtime/port.ts';
import { commandRules } from './contract/commands.ts';
import { connectionRules } from './contract/connection.ts';
import { fileRules } from './contract/files.ts';
import { jobRules } from './contract/jobs.ts';
import { terminalRules } from './contract/terminals.ts';

/** One implementation on a host that may be written to. */
export interface RuntimeUnderTest {
  readonly runtime: Runtime;
  /** A second runtime on the same host: what a restarted server would have. */
  another(): Promise<Runtime>;
  /** An existing empty folder on the host. */
  readonly tempDirectory: string;
  close(): Promise<void>;
}

/** Runs every rule of `runtime/SPEC.md` on one implementation. */
export function describeRuntime(name: string, makeRuntime: () => Promise<RuntimeUnderTest>): void {
  describe(name, () => {
    const subject = makeForAll(makeRuntime);
    describe('commands', () => commandRules(subject));
    describe('jobs', () => jobRules(subject));
    describe('terminals', () => terminalRules(subject));
    describe('files', () => fileRules(subject));
    describe('connection', () => connectionRules(subject));
  });
}

/** Runs the rules of jobs alone: for each of the programs that may carry their output. */
export function describeJobs(name: string, makeRuntime: () => Promise<RuntimeUnderTest>): void {
  describe(name, () => {
    const subject = makeForAll(makeRuntime);
    describe('jobs', () => jobRules(subject));
    describe('terminals', () => terminalRules(subject));
  });
}

function makeForAll(makeRuntime: () => Promise<RuntimeUnderTest>): () => RuntimeUnderTest {
  let made: RuntimeUnderTest | null = null;
  beforeAll(async () => {
    made = await makeRuntime();
  });
  afterAll(async () => {
    await made?.close();
  });
  return () => {
    if (made === null) throw new Error('the runtime was not made');
    return made;
  };
}
