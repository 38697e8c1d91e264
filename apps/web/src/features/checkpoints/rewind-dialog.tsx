import type { RewindPreview, RewindTarget, RewindWhat } from '@farhand/shared/model/checkpoints';
import type { SessionId } from '@farhand/shared/model/ids';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { RewindFiles } from './rewind-files.tsx';
import { closeRewind, rewind } from './rewind-store.ts';

interface RewindDialogProps {
  readonly sessionId: SessionId;
  readonly to: RewindTarget;
  readonly what: RewindWhat;
}

const TITLES: Readonly<Record<RewindWhat, string>> = {
  files: 'Rewind the files?',
  conversation: 'Rewind the conversation?',
  both: 'Rewind files and conversation?',
};

/** Shows what going back would do, and does it. */
export default function RewindDialog({ sessionId, to, what }: RewindDialogProps) {
  const look = useQuery({
    queryKey: ['rewind', sessionId, to],
    queryFn: ({ signal }) => call('checkpoint.preview', { sessionId, to }, { signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const [isGoing, setIsGoing] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const preview = look.data?.preview ?? null;
  const hasConflict = preview !== null && what !== 'conversation' && conflictsIn(preview) > 0;
  const problem = preview ? refusalOf(preview, what) : null;
  const go = async () => {
    setIsGoing(true);
    setFailure(null);
    try {
      await rewind({ sessionId, to, what }, hasConflict);
      closeRewind();
    } catch (thrown) {
      setFailure(ApiError.from(thrown));
      // Somebody may have edited since it was shown.
      await look.refetch();
      setIsGoing(false);
    }
  };
  return (
    <Dialog
      width="wide"
      title={TITLES[what]}
      description={
        to.startsWith('chk_')
          ? 'Back to what was there before the rewind.'
          : 'Back to how it was just before this message. What is there now is kept, so this can be undone.'
      }
      onClose={closeRewind}
    >
      <DialogBody>
        {look.error && <InlineError error={ApiError.from(look.error)} />}
        {failure && <InlineError error={failure} />}
        {look.isPending && <Waiting />}
        {preview && <Preview preview={preview} what={what} sessionId={sessionId} />}
        {problem && <p className="text-small text-failed">{problem}</p>}
      </DialogBody>
      <DialogFooter>
        <Button data-autofocus onClick={closeRewind}>
          Cancel
        </Button>
        <Button
          variant={hasConflict ? 'danger' : 'primary'}
          disabled={isGoing || preview === null || problem !== null}
          onClick={() => void go()}
        >
          {isGoing ? 'Rewinding' : hasConflict ? 'Rewind anyway' : 'Rewind'}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

const conflictsIn = ({ files, commits }: RewindPreview): number =>
  files.filter(({ isConflict }) => isConflict).length + (commits?.isConflict ? 1 : 0);

function refusalOf({ target, conversationRefusal }: RewindPreview, what: RewindWhat): string | null {
  if (what !== 'conversation' && !target.hasFiles)
    return `The files of that moment were not kept. ${target.reason ?? ''}`;
  return what === 'files' ? null : conversationRefusal;
}

function Preview({
  preview,
  what,
  sessionId,
}: {
  readonly preview: RewindPreview;
  readonly what: RewindWhat;
  readonly sessionId: SessionId;
}) {
  const { files, commits, notes, turns, isOriginKnown, isCut, target } = preview;
  const conflicts = files.filter(({ isConflict }) => isConflict).length;
  return (
    <>
      {what !== 'files' && turns > 0 && (
        <p>
          {turns === 1 ? 'This message and its answer are' : `${turns} messages with their answers are`} taken
          back: the agent forgets them, the transcript keeps them folded.
        </p>
      )}
      {what !== 'conversation' && target.hasFiles && (
        <>
          {conflicts > 0 && (
            <div role="alert" className="rounded-ui border border-blocked px-3 py-2">
              <p className="font-medium">
                {conflicts === 1 ? '1 file was' : `${conflicts} files were`} changed by somebody else since
              </p>
              <p className="text-small text-text-2">
                {isOriginKnown
                  ? 'Not by this agent’s turns: by you, in a terminal, by another session or by a command that runs on. Rewinding anyway loses those edits; Undo brings them back.'
                  : 'Farhand did not see the end of a turn, so it does not know who changed what. Undo brings everything back.'}
              </p>
            </div>
          )}
          {commits && (
            <p className={commits.isConflict ? 'text-blocked' : undefined}>
              {commits.branch
                ? `The branch “${commits.branch}” is checked out as it was`
                : 'The commit is checked out as it was'}
              {commits.lost > 0 &&
                `, without ${commits.lost === 1 ? '1 commit' : `${commits.lost} commits`} made since`}
              .{commits.isConflict && ' Somebody else committed or changed the branch meanwhile.'}
            </p>
          )}
          {files.length === 0 ? (
            <p className="text-text-2">No file differs.</p>
          ) : (
            <RewindFiles files={files} sessionId={sessionId} to={target.id} />
          )}
          {isCut && <p className="text-small text-text-3">More files differ than are listed here.</p>}
          {notes.map((note) => (
            <p key={note} className="text-small text-text-2">
              {note}
            </p>
          ))}
        </>
      )}
    </>
  );
}

function Waiting() {
  return (
    <div className="flex flex-col gap-2" aria-busy="true" aria-label="Looking at the files">
      <Skeleton className="h-4 w-2/3" />
      <Skeleton className="h-4 w-1/2" />
    </div>
  );
}
