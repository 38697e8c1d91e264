import { describe, expect, it } from 'vitest';
import { isBefore, parseFindings } from './findings.ts';

describe('findings', () => {
  it('reads the version out of what real agents say', () => {
    const versionOf = (said: string) => parseFindings(`version\tx\t${said}\n`).versions.get('x');
    expect(versionOf('0.61.0 ')).toBe('0.61.0');
    expect(versionOf('@agentclientprotocol/codex-acp 2.6.0 ')).toBe('2.6.0');
    expect(versionOf('GitHub Copilot CLI 1.0.102. Run copilot update to check for updates. ')).toBe(
      '1.0.102',
    );
    expect(versionOf('2.1.3-rc.1 (Claude Code)')).toBe('2.1.3-rc.1');
    expect(versionOf('v1.2')).toBe('1.2');
    expect(versionOf('WARNING: /opt/x-1.2.3/bin is gone')).toBeUndefined();
    expect(versionOf('')).toBeUndefined();
  });

  it('takes absolute paths, and leaves out what is not of its form', () => {
    const { paths, versions } = parseFindings(
      [
        'path\tcodex\t/opt/my agents/codex',
        'path\tls\tls',
        'path\tlong\t/'.padEnd(3000, 'x'),
        'path\tonly',
        'nonsense',
      ].join('\n'),
    );
    expect([...paths]).toEqual([['codex', '/opt/my agents/codex']]);
    expect(versions.size).toBe(0);
  });

  it('compares versions by number, and takes an unknown one to be new', () => {
    expect(isBefore('0.9.9', '0.37.0')).toBe(true);
    expect(isBefore('0.37.0', '0.37.0')).toBe(false);
    expect(isBefore('0.37.0-preview.1', '0.37.1')).toBe(true);
    expect(isBefore('1.2', '0.37.0')).toBe(false);
    expect(isBefore(null, '0.37.0')).toBe(false);
  });
});
