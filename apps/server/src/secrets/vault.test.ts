import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVault } from './vault.ts';

const keyUnreadable = expect.objectContaining({ code: 'secret.key_unreadable' });

describe('the vault', () => {
  let folder: string;
  let keyFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-vault-'));
    keyFile = join(folder, 'secrets.key');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('opens what it sealed, also after a restart', () => {
    const sealed = openVault(keyFile).seal('hunter2 ü', 'a');
    expect(sealed).not.toContain('hunter2');
    expect(openVault(keyFile).open(sealed, 'a')).toBe('hunter2 ü');
  });

  it('makes its key at the first use, readable by its user alone', () => {
    const vault = openVault(keyFile);
    expect(existsSync(keyFile)).toBe(false);
    vault.seal('x', 'a');
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  });

  it('seals the same text differently each time', () => {
    const vault = openVault(keyFile);
    expect(vault.seal('x', 'a')).not.toBe(vault.seal('x', 'a'));
  });

  it('opens nothing in another place, changed, or cut', () => {
    const vault = openVault(keyFile);
    const sealed = vault.seal('x', 'a');
    const changed = sealed.slice(0, -2) + (sealed.endsWith('A') ? 'BB' : 'AA');
    expect(() => vault.open(sealed, 'b')).toThrow(keyUnreadable);
    expect(() => vault.open(changed, 'a')).toThrow(keyUnreadable);
    expect(() => vault.open('v1.', 'a')).toThrow(keyUnreadable);
  });

  it('refuses a key that other users can read and says what to run', () => {
    const sealed = openVault(keyFile).seal('x', 'a');
    chmodSync(keyFile, 0o644);
    const hint = expect.objectContaining({
      code: 'secret.key_unreadable',
      hint: expect.stringContaining('chmod 600'),
    });
    expect(() => openVault(keyFile).open(sealed, 'a')).toThrow(hint);
  });

  it('never replaces a lost or damaged key while opening', () => {
    const sealed = openVault(keyFile).seal('x', 'a');
    writeFileSync(keyFile, 'short');
    expect(() => openVault(keyFile).open(sealed, 'a')).toThrow(keyUnreadable);
    expect(() => openVault(keyFile).seal('x', 'a')).toThrow(keyUnreadable);
    expect(readFileSync(keyFile, 'utf8')).toBe('short');
    rmSync(keyFile);
    expect(() => openVault(keyFile).open(sealed, 'a')).toThrow(keyUnreadable);
    expect(existsSync(keyFile)).toBe(false);
  });

  it('makes no new key while something is sealed with the lost one', () => {
    expect(() => openVault(keyFile, { hasSealed: () => true, root: () => null }).seal('x', 'a')).toThrow(
      keyUnreadable,
    );
    expect(existsSync(keyFile)).toBe(false);
  });
});
