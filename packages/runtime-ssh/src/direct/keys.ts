/** The public keys that a login offers, in ssh's order, and who signs for each. */
import ssh2, { BaseAgent, createAgent, type ParsedKey, type SignCallback } from 'ssh2';
import { isCertificate } from './certificates.ts';
import { type FileIdentity, isHardwareKey, readIdentities, unlock } from './identities.ts';
import { agentKeys } from './identities-agent.ts';
import type { Asker } from './questions.ts';
import type { DirectSettings } from './settings.ts';

/** What the login's end has to tell of keys, beyond that none was accepted. */
export interface KeyNotes {
  /** Lines in ssh's words, of files and of the agent. */
  readonly words: string[];
  /** A key that the host takes, and that stayed locked. */
  lockedPath: string | null;
  /** Only the system's ssh can use these. */
  readonly unsupported: string[];
  /** True where the agent holds a certificate, which is left out. */
  hasAgentCertificate: boolean;
}

type Sign = (data: Buffer, hash: string | undefined) => Promise<Buffer>;

const PASSPHRASE_TRIES = 3;

/** Agents for ssh2 that hold one key each: what it asks to sign, it asks of that key. */
export async function keysToOffer(
  settings: DirectSettings,
  asker: Asker,
  notes: KeyNotes,
): Promise<BaseAgent[]> {
  const { agentPath, identitiesOnly } = settings;
  const files = readIdentities(settings.identityFiles);
  notes.words.push(...files.unusable.map((file) => file.words));
  const inAgent = agentPath === null ? [] : await agentKeys(agentPath);
  const named = [...files.identities.flatMap((file) => file.publicKey ?? []), ...files.selectors];
  const isIn = (keys: readonly Buffer[], key: Buffer) => keys.some((other) => other.equals(key));
  // As ssh: the agent's keys that the configuration names, in its order; the agent's others; then the files.
  const fromAgent = [
    ...named.filter((key) => isIn(inAgent, key)),
    ...(identitiesOnly ? [] : inAgent.filter((key) => !isIn(named, key))),
  ];
  const offered: BaseAgent[] = [];
  for (const key of fromAgent) {
    if (isCertificate(key)) notes.hasAgentCertificate = true;
    const parsed = usable(key, notes, 'in the ssh agent');
    if (parsed === null || agentPath === null) continue;
    offered.push(
      new OneKey(parsed, (data, hash) => asker.hold(signByAgent({ agentPath, parsed, data, hash }))),
    );
  }
  for (const file of files.identities) {
    if (file.publicKey === null) {
      const opened = await openOldFile(file, asker, notes);
      if (opened !== null) offered.push(new OneKey(opened, async (data, hash) => opened.sign(data, hash)));
      continue;
    }
    if (isIn(inAgent, file.publicKey)) continue;
    const parsed = usable(file.publicKey, notes, file.path);
    if (parsed !== null)
      offered.push(new OneKey(parsed, (data, hash) => signByFile({ file, asker, notes, data, hash })));
  }
  return offered;
}

/** What ssh2 takes for an agent, with one key in it. */
class OneKey extends BaseAgent<ParsedKey> {
  readonly #key: ParsedKey;
  readonly #sign: Sign;

  constructor(key: ParsedKey, sign: Sign) {
    super();
    this.#key = key;
    this.#sign = sign;
  }

  override getIdentities(done: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    done(undefined, [this.#key]);
  }

  override sign(_key: ParsedKey, data: Buffer, ...rest: readonly unknown[]): void {
    const done = rest.at(-1) as SignCallback;
    const options = (rest.length > 1 ? rest[0] : undefined) as { hash?: string } | undefined;
    // ssh2 reuses what it hands out.
    this.#sign(Buffer.from(data), options?.hash).then(
      (signature) => done(undefined, signature),
      (error: unknown) => done(error instanceof Error ? error : new Error('no signature')),
    );
  }
}

function usable(key: Buffer, notes: KeyNotes, where: string): ParsedKey | null {
  const parsed = ssh2.utils.parseKey(key);
  if (!(parsed instanceof Error)) return parsed;
  if (isHardwareKey(key)) notes.unsupported.push(`the security key ${where}`);
  return null;
}

interface AgentSignature {
  readonly agentPath: string;
  readonly parsed: ParsedKey;
  readonly data: Buffer;
  readonly hash: string | undefined;
}

function signByAgent({ agentPath, parsed, data, hash }: AgentSignature): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done: SignCallback = (error, signature) =>
      signature === undefined ? reject(new AgentRefused(error)) : resolve(Buffer.from(signature));
    createAgent(agentPath).sign(parsed, data, hash === undefined ? {} : { hash: hash as 'sha256' }, done);
  });
}

/** The agent had the key and did not sign: a person said no to it, or the agent is locked. */
class AgentRefused extends Error {
  constructor(cause: unknown) {
    super('sign_and_send_pubkey: signing failed: agent refused operation', { cause });
  }
}

interface FileSignature {
  readonly file: FileIdentity;
  readonly asker: Asker;
  readonly notes: KeyNotes;
  readonly data: Buffer;
  readonly hash: string | undefined;
}

async function signByFile({ file, asker, notes, data, hash }: FileSignature): Promise<Buffer> {
  const key = file.isLocked ? await askForKey(file, asker) : unlock(file, undefined);
  if (key !== null) return key.sign(data, hash);
  if (file.isLocked) notes.lockedPath = file.path;
  else notes.words.push(`Load key "${file.path}": invalid format`);
  throw new Error(`The key ${file.path} was not opened.`);
}

// Nothing in such a file says which key it is, so that the host cannot be asked first whether it wants it.
async function openOldFile(file: FileIdentity, asker: Asker, notes: KeyNotes): Promise<ParsedKey | null> {
  const key = await askForKey(file, asker);
  if (key === null) notes.lockedPath = file.path;
  return key;
}

async function askForKey(file: FileIdentity, asker: Asker): Promise<ParsedKey | null> {
  for (let attempt = 0; attempt < PASSPHRASE_TRIES; attempt++) {
    const passphrase = await asker.ask({
      kind: 'passphrase',
      subject: file.path,
      text: `Enter passphrase for key '${file.path}':`,
      canRemember: true,
    });
    if (passphrase === null) return null;
    const key = unlock(file, passphrase);
    if (key !== null) return key;
  }
  return null;
}
