/** From the survey of the host to the checked-out workspace: the steps prepare, send and checkout. */
import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Git } from '../../git/git.ts';
import { sizeText, slug } from '../slug.ts';
import type { WorkspaceRecord } from '../workspace-store.ts';
import { applyChanges } from './apply-changes.ts';
import { archivedCommits, archivedParcel, unpackArchive } from './archived.ts';
import { commitUncommitted } from './changes-commit.ts';
import { type Contents, describeContents, readContents } from './contents.ts';
import type { Making } from './making.ts';
import { commonCommits, makeParcel, type Parcel, packCommits } from './parcel.ts';
import { receiveParcel } from './receive.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { type Survey, surveyHost } from './survey.ts';

/** How often the bytes sent so far are shown. */
const PROGRESS_INTERVAL_MS = 250;

/** Gives what the tree holds. A step that was done before a retry is repeated in silence where its result is needed. */
export async function deliver(making: Making): Promise<Contents> {
  const opening = openScratch(making.git, making.scratchDirectory);
  // While the host is asked, so that it adds nothing to a round trip. Its failure is told after the host's.
  const reading = opening.then((scratch) => readProject(making, scratch));
  const read = reading.catch(() => {});
  try {
    const survey = await prepare(making);
    const project = await reading;
    const { parcel } = project;
    making.change({
      baseCommit: parcel.commit,
      directory: making.record().directory ?? directoryFor(making, survey),
    });
    await sendAndCheckOut({ ...project, making, survey });
    return project.contents;
  } finally {
    await read;
    await opening.then(
      (scratch) => scratch.remove(),
      () => {},
    );
  }
}

interface Identity {
  readonly name: string;
  readonly email: string;
}

interface ProjectReading {
  readonly scratch: Scratch;
  readonly parcel: Parcel;
  readonly contents: Contents;
  readonly identity: Identity;
}

async function readProject({ git, projectGit, record }: Making, scratch: Scratch): Promise<ProjectReading> {
  const { baseBranch: branch, transfer: mode, baseCommit, archive } = record();
  const [parcel, identity] = await Promise.all([
    archive
      ? archivedParcel(git, scratch, record())
      : makeParcel({ git, scratch, mode, branch, knownCommit: baseCommit }),
    commitIdentity(projectGit),
  ]);
  // What is there in the end: an archive may be far from what it began from.
  const last = archive ? (archive.work ?? archive.head) : parcel.commit;
  return { scratch, parcel, identity, contents: await readContents(git, scratch, last) };
}

async function prepare(making: Making): Promise<Survey> {
  const { baseDirectory } = making.record();
  const survey = () => surveyHost(making.runtime, baseDirectory, cacheName(making.record()), making.signal);
  if (making.isDone('prepare')) return survey();
  making.begin('prepare');
  const found = await survey();
  making.done('prepare', found.freeBytes === null ? null : `${sizeText(found.freeBytes)} free`);
  return found;
}

// The tree alone is for a host that is trusted least: its cache never holds history that another mode sent.
function cacheName({ projectId, transfer }: WorkspaceRecord): string {
  return transfer === 'tree_only' ? `${projectId}-tree.git` : `${projectId}.git`;
}

function directoryFor(making: Making, survey: Survey): string {
  const { id, name, move } = making.record();
  // What it left on a host where it was before may still have to be cleared.
  const again = move ? `-${randomBytes(2).toString('hex')}` : '';
  return path.posix.join(
    survey.baseDirectory,
    slug(making.projectName, 'project'),
    `${slug(name, 'workspace')}${again}-${id.slice(-6)}`,
  );
}

interface Delivery extends ProjectReading {
  readonly making: Making;
  readonly survey: Survey;
}

async function sendAndCheckOut(delivery: Delivery): Promise<void> {
  const { making, contents } = delivery;
  try {
    await send(delivery, false);
  } catch (error) {
    // A cache that jobs of this user damaged, and which may not even list its commits, must not keep workspaces from being made: once more without it.
    const isCacheAtFault =
      FarhandError.is(error, 'workspace.transfer_failed', 'workspace.hash_mismatch') &&
      delivery.survey.hasCache;
    if (!isCacheAtFault || making.signal.aborted) throw error;
    await send(delivery, true);
  }
  const changes = await (making.record().archive ? sendArchived(delivery) : sendChanges(delivery));
  making.done('checkout', [describeContents(contents), ...changes].join('; '));
}

async function send({ making, scratch, survey, parcel, identity }: Delivery, fresh: boolean): Promise<void> {
  const { git, runtime, signal } = making;
  const { directory, branch, baseBranch } = making.record();
  const isCached = !fresh && survey.cached.some(({ commit }) => commit === parcel.commit);
  const have = fresh || isCached ? [] : await commonCommits(git, scratch, survey.cached);
  // Git's last pieces may be counted after the host has said that it has all of them.
  const meter = createMeter((text) => making.isDone('send') || making.note('send', text));
  making.begin(making.isDone('send') ? 'checkout' : 'send');
  const pack = isCached
    ? null
    : meter.count(packCommits(git, scratch, { commits: [parcel.commit], have, signal }));
  const onSent = () => {
    if (making.isDone('send')) return;
    making.done('send', isCached ? 'nothing to send: the host has it' : meter.total());
    making.begin('checkout');
  };
  const cacheRef = `refs/farhand/${createHash('sha256').update(baseBranch).digest('hex').slice(0, 16)}`;
  await receiveParcel({
    runtime,
    directory: directory ?? '',
    cache: survey.cache,
    cacheRef,
    branch,
    parcel,
    pack,
    fresh,
    identity,
    signal,
    onSent,
  });
}

async function sendChanges({ making, scratch, parcel }: Delivery): Promise<string[]> {
  const { git, runtime, signal } = making;
  const { transfer, directory } = making.record();
  if (transfer !== 'history_and_changes') return [];
  const commit = await commitUncommitted(git, scratch, parcel.commit);
  if (commit === null) return ['no uncommitted changes'];
  const meter = createMeter((text) => making.note('checkout', `uncommitted changes: ${text}`));
  const pack = meter.count(packCommits(git, scratch, { commits: [commit], have: [parcel.commit], signal }));
  await applyChanges({ runtime, directory: directory ?? '', commit, pack, signal });
  return [`with uncommitted changes, ${meter.total()}`];
}

async function sendArchived({ making, scratch, parcel }: Delivery): Promise<string[]> {
  const { git, runtime, signal } = making;
  const { archive, directory, branch } = making.record();
  if (archive === null) return [];
  const meter = createMeter((text) => making.note('checkout', `from the archive: ${text}`));
  const commits = archivedCommits(archive);
  const pack = meter.count(packCommits(git, scratch, { commits, have: [parcel.commit], signal }));
  await unpackArchive({
    runtime,
    directory: directory ?? '',
    base: parcel.commit,
    branch,
    archive,
    pack,
    signal,
  });
  const what = archive.work === null ? 'from the archive' : 'from the archive, with uncommitted work';
  return [`${what}, ${meter.total()}`];
}

/** Who commits on the host are signed by: as here, so that what comes back needs no rewriting. */
async function commitIdentity(git: Git): Promise<Identity> {
  const read = async (key: string) =>
    (await git.run(['config', '--get', key])).stdout.toString('utf8').trim();
  const [name, email] = await Promise.all([read('user.name'), read('user.email')]);
  return { name, email };
}

function createMeter(show: (text: string) => unknown) {
  const startedAt = performance.now();
  let sentBytes = 0;
  let shownAt = startedAt;
  const total = () => `${sizeText(sentBytes)} in ${Math.round(performance.now() - startedAt)} ms`;
  async function* count(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const piece of source) {
      sentBytes += piece.byteLength;
      if (performance.now() - shownAt > PROGRESS_INTERVAL_MS) {
        shownAt = performance.now();
        show(`${sizeText(sentBytes)} so far`);
      }
      yield piece;
    }
  }
  return { count, total };
}
