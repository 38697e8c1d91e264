import { countPatch } from '../changes/count-patch.ts';

/** How many lines a patch adds and takes away. */
export function PatchCounts({ patch }: { readonly patch: string }) {
  const { additions, deletions } = countPatch(patch);
  return (
    <span className="shrink-0 text-small tabular-nums">
      <span className="text-done">+{additions}</span> <span className="text-failed">−{deletions}</span>
    </span>
  );
}
