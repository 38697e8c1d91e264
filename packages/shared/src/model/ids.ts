import { z } from 'zod';

/** Identifiers are opaque: a short prefix and 20 lower-case base32 characters (100 random bits), as `ws_9k3…`. */
const id = <Brand extends string>(prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[a-z2-7]{20}$`))
    .brand<Brand>();

export const projectId = id<'ProjectId'>('prj');
export type ProjectId = z.infer<typeof projectId>;
export const workspaceId = id<'WorkspaceId'>('ws');
export type WorkspaceId = z.infer<typeof workspaceId>;
export const sessionId = id<'SessionId'>('ses');
export type SessionId = z.infer<typeof sessionId>;
export const turnId = id<'TurnId'>('trn');
export type TurnId = z.infer<typeof turnId>;
export const itemId = id<'ItemId'>('itm');
export type ItemId = z.infer<typeof itemId>;
export const terminalId = id<'TerminalId'>('trm');
export type TerminalId = z.infer<typeof terminalId>;
export const jobId = id<'JobId'>('job');
export type JobId = z.infer<typeof jobId>;
export const approvalId = id<'ApprovalId'>('apr');
export type ApprovalId = z.infer<typeof approvalId>;
export const comparisonId = id<'ComparisonId'>('cmp');
export type ComparisonId = z.infer<typeof comparisonId>;
export const messageId = id<'MessageId'>('msg');
export type MessageId = z.infer<typeof messageId>;
export const runId = id<'RunId'>('run');
export type RunId = z.infer<typeof runId>;
export const checkpointId = id<'CheckpointId'>('chk');
export type CheckpointId = z.infer<typeof checkpointId>;
export const tokenId = id<'TokenId'>('tok');
export type TokenId = z.infer<typeof tokenId>;

export const proposalId = id<'ProposalId'>('prp');
export type ProposalId = z.infer<typeof proposalId>;

const PREFIXES = {
  project: 'prj',
  workspace: 'ws',
  session: 'ses',
  turn: 'trn',
  item: 'itm',
  terminal: 'trm',
  job: 'job',
  approval: 'apr',
  comparison: 'cmp',
  message: 'msg',
  run: 'run',
  checkpoint: 'chk',
  token: 'tok',
  proposal: 'prp',
} as const;
interface IdOf {
  project: ProjectId;
  workspace: WorkspaceId;
  session: SessionId;
  turn: TurnId;
  item: ItemId;
  terminal: TerminalId;
  job: JobId;
  approval: ApprovalId;
  comparison: ComparisonId;
  message: MessageId;
  run: RunId;
  checkpoint: CheckpointId;
  token: TokenId;
  proposal: ProposalId;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** A new random identifier of the given noun, safe in file names and shell words. */
export function newId<Noun extends keyof IdOf>(noun: Noun): IdOf[Noun] {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  const text = Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('');
  return `${PREFIXES[noun]}_${text}` as IdOf[Noun];
}
