/** Whether the key that a host shows is the host's. Always checked here; no setting switches it off. */
import type { HostId, KeyChange } from '@farhand/shared/model/hosts';
import { keyChangedError, keyRevokedError, keyUnknownError } from '../errors/key-errors.ts';
import { addKnownHost, readKnownHosts } from '../known-hosts/file.ts';
import {
  fingerprint,
  judgeKey,
  type KnownHostLine,
  keyTitle,
  keyTypeOf,
  linesFor,
} from '../known-hosts/known-hosts.ts';
import { revokedAt } from '../known-hosts/revoked.ts';
import type { Asker } from './questions.ts';
import { type DirectSettings, directUnsupported } from './settings.ts';

export class HostKeyCheck {
  readonly #hostId: HostId;
  readonly #settings: DirectSettings;
  readonly #asker: Asker;
  readonly #lines: readonly KnownHostLine[];
  readonly #name: string;
  readonly #bareName: string | null;
  #accepted: Buffer | null = null;
  #isNew = false;

  constructor(hostId: HostId, settings: DirectSettings, asker: Asker) {
    this.#hostId = hostId;
    this.#settings = settings;
    this.#asker = asker;
    this.#lines = readKnownHosts([...settings.userKnownHosts, ...settings.globalKnownHosts]);
    const { keyAlias, hostname, port } = settings;
    this.#name = (keyAlias ?? (port === 22 ? hostname : `[${hostname}]:${port}`)).toLowerCase();
    this.#bareName = keyAlias === null && port !== 22 ? hostname.toLowerCase() : null;
  }

  /** The types of the keys on record. */
  knownTypes(): ReadonlySet<string> {
    const plain = linesFor(this.#lines, this.#name).filter((line) => line.marker === null);
    return new Set(plain.map((line) => line.type));
  }

  /**
   * Resolves when the key is the host's, on record or by a person's word. Throws `host.key_changed`,
   * `host.key_revoked`, `host.key_unknown` or `host.direct_unsupported`.
   */
  async verify(key: Buffer): Promise<void> {
    // Shown again when the connection's keys are renewed: then it must be the very same.
    if (this.#accepted !== null) {
      if (this.#accepted.equals(key)) return;
      throw keyChangedError(this.#hostId, changeFrom(key, this.#accepted));
    }
    await this.#refuseRevoked(key);
    const verdict = judgeKey(this.#lines, key, { name: this.#name, bareName: this.#bareName });
    if (verdict.kind === 'revoked') throw keyRevokedError(this.#hostId, verdict.change);
    if (verdict.kind === 'changed') throw keyChangedError(this.#hostId, verdict.change);
    if (verdict.kind === 'unknown') await this.#askFor(key, verdict.hasAuthority);
    this.#accepted = key;
  }

  /** Writes a newly trusted key down; to be called once the host has proved that the key is its own. */
  remember(): void {
    const [file] = this.#settings.userKnownHosts;
    if (!this.#isNew || this.#accepted === null || file === undefined) return;
    this.#isNew = false;
    addKnownHost(file, {
      name: this.#name,
      key: this.#accepted,
      isHashed: this.#settings.hashesKnownHosts,
    });
  }

  async #askFor(key: Buffer, hasAuthority: boolean): Promise<void> {
    // The answer of a person would stand where a signature was asked for.
    if (hasAuthority) throw directUnsupported(this.#hostId, 'a host key signed by a @cert-authority');
    const type = keyTitle(keyTypeOf(key));
    const mark = { type, fingerprint: fingerprint(key) };
    const { hostname } = this.#settings;
    if (this.#settings.refusesUnknownKeys) throw keyUnknownError(this.#hostId, mark);
    const answer = await this.#asker.ask({
      kind: 'host_key',
      subject: this.#hostId,
      text: `The authenticity of host '${this.#name} (${hostname})' can't be established.\n${type} key fingerprint is ${mark.fingerprint}.`,
      hostKey: mark,
    });
    if (answer !== 'yes') throw keyUnknownError(this.#hostId, mark);
    this.#isNew = true;
  }

  async #refuseRevoked(key: Buffer): Promise<void> {
    const file = this.#settings.revokedHostKeys;
    const line = file === null ? null : await revokedAt(file, key);
    if (file === null || line === null) return;
    throw keyRevokedError(this.#hostId, { ...changeFrom(key, key), known: [], records: [{ file, line }] });
  }
}

function changeFrom(offered: Buffer, known: Buffer): KeyChange {
  return {
    type: keyTitle(keyTypeOf(offered)),
    offered: fingerprint(offered),
    known: [fingerprint(known)],
    records: [],
  };
}
