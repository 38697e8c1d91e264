/** A change of the key that seals what is stored. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import type { KeySource } from '@farhand/shared/model/secrets';
import { sql } from 'drizzle-orm';
import type { AuditLog } from '../audit/audit.ts';
import type { Database } from '../store/database.ts';
import { otherSealedTexts, ROOT_SETTING, type SealedText } from '../store/sealed-texts.ts';
import { createSettings } from '../store/settings.ts';
import { createFormerSecrets } from './former-secrets.ts';
import {
  dropNextKey,
  type MasterKey,
  makeNextKey,
  parseKey,
  readNextKey,
  takeNextKey,
} from './master-key.ts';
import { sealedPlace } from './scopes.ts';
import { createSecretsStore } from './secrets-store.ts';
import { type RekeyableVault, sealWith, unsealWith } from './vault.ts';

export interface SecretKeys {
  source(): KeySource;
  /**
   * Seals everything with a new key: one made here where the key is a file's, else the one that is given, which the next
   * start has to be with. All or nothing, also where the server is killed meanwhile. Throws `secret.key_invalid`,
   * `secret.key_unreadable`.
   */
  change(given: string | null, by: Actor): { source: KeySource; resealed: number };
}

export interface SecretKeysDeps {
  readonly db: Database;
  readonly vault: RekeyableVault;
  readonly master: MasterKey;
  readonly audit?: Pick<AuditLog, 'record'> | undefined;
  /** For tests: called with the name of each step that is done. */
  readonly onStep?: (step: 'made' | 'sealed' | 'stored') => void;
}

/** Opens only with the key that all was last sealed with; absent before the first change. */
const CHECK_SETTING = 'vault_check';

export function createSecretKeys({
  db,
  vault,
  master,
  audit,
  onStep = () => {},
}: SecretKeysDeps): SecretKeys {
  function sealAll(key: Buffer): number {
    return db.transaction(() => {
      const texts = [...secretTexts(db), ...otherSealedTexts(db)];
      for (const { sealed, context, replace } of texts) replace(vault.reseal(sealed, context, key));
      const settings = createSettings(db);
      settings.set(ROOT_SETTING, vault.resealRoot(key));
      settings.set(CHECK_SETTING, sealWith(key, CHECK_SETTING, CHECK_SETTING));
      onStep('sealed');
      return texts.length;
    });
  }

  return {
    source: () => master.source,
    change(given, by) {
      const isFile = master.source === 'file';
      const chosen = given === null ? null : parseKey(given);
      if (given !== null && !chosen) throw new FarhandError('secret.key_invalid');
      if (isFile === (chosen !== null))
        throw new FarhandError('secret.key_invalid', {
          message: isFile
            ? `The key is in ${master.name}, and a new one is made there.`
            : `The key comes from ${master.name}, so the new one has to be given.`,
          hint: isFile
            ? 'Leave the key out.'
            : `Make one with \`openssl rand -base64 32\`, keep it where ${master.name} takes it from, and give it here.`,
        });
      // Not a key is lost: what cannot be opened with the one of now is told before anything is changed.
      for (const { sealed, context } of [...secretTexts(db), ...otherSealedTexts(db)])
        vault.open(sealed, context);
      audit?.record({
        kind: 'setting',
        actor: by,
        hostId: null,
        workspaceId: null,
        sessionId: null,
        summary: 'Sealed all secrets with a new key',
        facts: { source: master.source },
        output: null,
      });
      const key = chosen ?? makeNextKey(master.name);
      onStep('made');
      // The file of the new key must not take its place before what is sealed with it is on the disk.
      db.run(sql`PRAGMA synchronous = FULL`);
      let resealed: number;
      try {
        resealed = sealAll(key);
      } finally {
        db.run(sql`PRAGMA synchronous = NORMAL`);
      }
      onStep('stored');
      if (isFile) takeNextKey(master.name);
      vault.take(key);
      return { source: master.source, resealed };
    },
  };
}

/** At the start, before the key is read: ends a change of the key in which the server was killed. */
export function finishKeyChange(db: Database, keyFile: string): void {
  const next = readNextKey(keyFile);
  if (next === null) return;
  const check = createSettings(db).get(CHECK_SETTING);
  if (check !== null && isOpenedBy(next, check)) takeNextKey(keyFile);
  else dropNextKey(keyFile);
}

function isOpenedBy(key: Buffer, check: string): boolean {
  try {
    return unsealWith(key, check, CHECK_SETTING, 'file') === CHECK_SETTING;
  } catch {
    return false;
  }
}

function secretTexts(db: Database): SealedText[] {
  const store = createSecretsStore(db);
  const formers = createFormerSecrets(db);
  return [
    ...store.all().map(({ scope, name, sealed }) => ({
      sealed,
      context: sealedPlace(scope, name),
      replace: (next: string) => store.reseal(scope, name, next),
    })),
    ...formers.all().map(({ id, scope, name, sealed }) => ({
      sealed,
      context: sealedPlace(scope, name),
      replace: (next: string) => formers.reseal(id, next),
    })),
  ];
}
