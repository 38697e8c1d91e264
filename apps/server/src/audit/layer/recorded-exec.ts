import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Runtime } from '@farhand/shared/runtime/port';
import { createOutputWriter } from '../outputs/output-writer.ts';
import type { AuditLayerDeps } from './audit-layer.ts';
import {
  commandFacts,
  commandText,
  type End,
  entryAt,
  exitEntry,
  knownUser,
  type RecordedPlace,
  sandboxFacts,
} from './entries.ts';

/** `exec`, but on record before and after; its output is kept. */
export function recordedExec(deps: AuditLayerDeps, at: RecordedPlace): Runtime['exec'] {
  const { audit, redactor } = deps;
  return async (command, options = {}) => {
    const covered = redactor(at.place.projectId);
    const title = commandText(command, covered);
    const user = await knownUser(at.runtime);
    const cwd = options.cwd === undefined ? null : covered.text(options.cwd);
    const facts = {
      ...commandFacts(command, covered),
      cwd,
      user,
      for: at.use.kind,
      ...sandboxFacts(deps, at),
    };
    const seq = audit.record(entryAt(at, { kind: 'command', summary: title, facts }));
    const writer = createOutputWriter(audit.outputs, () => covered);
    const { onStdout, onStderr } = options;
    const ended = async (end: End) => {
      const { hash, keptBytes, isCut, problem } = await writer.end();
      const kept = { keptBytes, isOutputCut: isCut, outputProblem: problem };
      audit.recordLater(exitEntry(at, end, { command: seq, jobId: null, title, output: hash, kept }));
    };
    try {
      const result = await at.runtime.exec(command, {
        ...options,
        ...(onStdout && {
          onStdout(bytes) {
            writer.push('out', bytes);
            onStdout(bytes);
          },
        }),
        ...(onStderr && {
          onStderr(bytes) {
            writer.push('err', bytes);
            onStderr(bytes);
          },
        }),
      });
      writer.push('out', result.stdout);
      writer.push('err', result.stderr);
      await ended(result.outcome);
      return result;
    } catch (thrown) {
      await ended({ kind: 'not_known', why: covered.text(FarhandError.from(thrown).message) });
      throw thrown;
    }
  };
}
