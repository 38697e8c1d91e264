import { createHash } from 'node:crypto';
import type { Files } from '@farhand/shared/runtime/port';
import type { AuditLayerDeps } from './audit-layer.ts';
import { entryAt, type RecordedPlace } from './entries.ts';

/** `write` and `remove`, but on record before. */
export function recordedFiles(
  { audit, redactor }: AuditLayerDeps,
  at: RecordedPlace,
): Pick<Files, 'write' | 'remove'> {
  const { files } = at.runtime;
  const record = (verb: string, path: string, facts: Record<string, string | number | boolean>) => {
    const shown = redactor(at.place.projectId).text(path);
    audit.record(
      entryAt(at, { kind: 'file', summary: `${verb} ${shown}`, facts: { path: shown, ...facts } }),
    );
  };
  return {
    async write(path, bytes, options) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      record('Wrote', path, { do: 'write', sizeBytes: bytes.byteLength, sha256 });
      await files.write(path, bytes, options);
    },
    async remove(path, options) {
      record('Removed', path, { do: 'remove', isRecursive: options?.recursive === true });
      await files.remove(path, options);
    },
  };
}
