import type { Comparison } from '@farhand/shared/model/comparisons';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { hostName } from '../hosts/connection-text.ts';
import { lostWords } from '../workspaces/lost-words.ts';
import { discard } from './comparison-actions.ts';
import type { VariantFacts } from './variant-facts.ts';
import { nameOf } from './variant-row.tsx';

interface DiscardDialogProps {
  readonly comparison: Comparison;
  readonly rows: readonly VariantFacts[];
  /** Null for all that were not kept. */
  readonly variantId: string | null;
  readonly onClose: () => void;
}

/** Asks before variants are thrown away, and says what is lost with each. */
export function DiscardDialog({ comparison, rows, variantId, onClose }: DiscardDialogProps) {
  const doomed = rows.filter(
    ({ variant, isKept }) =>
      variant.state !== 'discarded' && !isKept && (variantId === null || variant.id === variantId),
  );
  const [isGoing, setIsGoing] = useState(false);
  const [only] = doomed;
  const title =
    variantId !== null && only ? `Discard variant ${only.number}?` : `Discard ${doomed.length} variants?`;
  const go = async () => {
    setIsGoing(true);
    if (await discard(comparison.id, variantId)) onClose();
    else setIsGoing(false);
  };
  return (
    <Dialog
      title={title}
      description="Their workspaces are deleted with files, commits and sessions; what runs in them is stopped."
      onClose={onClose}
    >
      <DialogBody>
        <ul className="divide-y divide-hairline rounded-ui border border-hairline">
          {doomed.map((facts) => (
            <Lost key={facts.variant.id} facts={facts} />
          ))}
        </ul>
      </DialogBody>
      <DialogFooter>
        <Button data-autofocus onClick={onClose}>
          Cancel
        </Button>
        <Button variant="danger" disabled={isGoing || doomed.length === 0} onClick={() => void go()}>
          {isGoing ? 'Discarding' : doomed.length === 1 ? 'Discard it' : `Discard ${doomed.length}`}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function Lost({ facts }: { readonly facts: VariantFacts }) {
  const { workspaceId, hostId, state } = facts.variant;
  const losses = useQuery({
    queryKey: ['losses', workspaceId],
    queryFn: ({ signal }) =>
      workspaceId === null ? null : call('workspace.losses', { workspaceId }, { signal }),
    enabled: workspaceId !== null && state !== 'making',
    staleTime: 0,
    gcTime: 0,
  });
  const words = () => {
    if (state === 'making') return 'It is still being made.';
    if (losses.error) return ApiError.from(losses.error).message;
    if (!losses.data) return 'Looking at what would be lost';
    if (!losses.data.reachable) return `${hostName(hostId)} does not answer: deleted on its return.`;
    return `Lost: ${lostWords(losses.data) ?? 'nothing that is not elsewhere'}`;
  };
  const paths = losses.data?.uncommitted ?? [];
  return (
    <li className="flex flex-col gap-0.5 px-3 py-2">
      <p className="truncate">
        <span className="pr-2 text-small text-text-3 tabular-nums">{facts.number}</span>
        {nameOf(facts)}
      </p>
      <p className="text-small text-text-2">{words()}</p>
      {paths.length > 0 && (
        <p className="truncate font-mono text-small text-text-3" title={paths.join('\n')}>
          {paths.slice(0, 5).join(', ')}
          {paths.length > 5 && ` and ${paths.length - 5} more`}
        </p>
      )}
    </li>
  );
}
