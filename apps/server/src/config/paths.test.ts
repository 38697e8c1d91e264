import { describe, expect, it } from 'vitest';
import { resolvePaths } from './paths.ts';

describe('resolvePaths', () => {
  it('follows the XDG defaults', () => {
    const paths = resolvePaths({}, '/home/ann');
    expect(paths.databaseFile).toBe('/home/ann/.local/share/farhand/farhand.db');
    expect(paths.keyFile).toBe('/home/ann/.config/farhand/secrets.key');
  });

  it('takes absolute XDG folders and ignores relative ones', () => {
    const paths = resolvePaths({ XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: 'config' }, '/home/ann');
    expect(paths.dataDirectory).toBe('/data/farhand');
    expect(paths.configDirectory).toBe('/home/ann/.config/farhand');
  });

  it('keeps everything in FARHAND_HOME where it is set', () => {
    const paths = resolvePaths({ FARHAND_HOME: '/far', XDG_DATA_HOME: '/data' }, '/home/ann');
    expect([paths.dataDirectory, paths.configDirectory]).toEqual(['/far', '/far']);
  });
});
