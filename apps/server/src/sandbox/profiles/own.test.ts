import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { readProfiles } from './own.ts';

const read = (toml: string) => readProfiles(parse(toml));
const only = (toml: string, name: string) => read(toml).profiles.find((one) => one.name === name);

describe('readProfiles', () => {
  it('always has the five of ours', () => {
    expect(read('').profiles.map(({ name }) => name)).toEqual([
      'workspace',
      'offline',
      'readonly',
      'diagnostics',
      'none',
    ]);
  });

  it('adds to the profile that is extended, “workspace” where none is named', () => {
    const toml = `[sandbox.profiles.data]
network = false
read = ["/data", "~/models"]
environment = { MODEL_DIR = "/data" }
memory = "4G"
processes = 200
cpu = 1.5
cpu_seconds = 600
[sandbox.profiles.more]
extends = "data"
write = ["/data/out"]
hide = ["/data/private"]`;
    expect(only(toml, 'data')).toMatchObject({ isOwn: true, network: false, workspace: 'write' });
    expect(only(toml, 'more')).toMatchObject({
      network: false,
      read: ['/data', '~/models'],
      write: ['/data/out'],
      hide: ['/data/private'],
      variables: ['MODEL_DIR'],
      environment: { MODEL_DIR: '/data' },
      limits: { memoryBytes: 4 * 1024 ** 3, processes: 200, cpu: 1.5, cpuSeconds: 600 },
    });
  });

  it.each([
    ['[sandbox.profiles.x]\nnetwork = "no"', 'x]: network: '],
    ['[sandbox.profiles.x]\nworkspace = "rw"', 'x]: workspace: '],
    ['[sandbox.profiles.x]\nnetwrok = false', 'x]: '],
    ['[sandbox.profiles.x]\nread = ["data"]', 'x]: read.0: begins with “/” or “~/”'],
    ['[sandbox.profiles.x]\nread = ["/"]', 'x]: read.0: is “/”'],
    ['[sandbox.profiles.x]\nread = ["/a/.."]', 'x]: read.0: has no “..” in it'],
    ['[sandbox.profiles.x]\nwrite = ["~other/x"]', 'x]: write.0: begins with'],
    ['[sandbox.profiles.x]\nread = ["/a\\nb"]', 'x]: read.0: is one line'],
    ['[sandbox.profiles.x]\nmemory = "lots"', 'x]: memory: give a size'],
    ['[sandbox.profiles.x]\nmemory = "1K"', 'x]: memory: give a size'],
    ['[sandbox.profiles.x]\ncpu = 0', 'x]: cpu: '],
    ['[sandbox.profiles.x]\nenvironment = { "A-B" = "1" }', 'x]: environment.A-B: '],
    ['[sandbox.profiles.x]\nextends = "y"', 'x]: extends “y”, which there is not'],
    ['[sandbox.profiles.x]\nextends = "none"', 'x]: extends “none”, which is no sandbox'],
    ['[sandbox.profiles.none]\nnetwork = false', 'none]: is the name of a profile that is always there'],
    ['[sandbox.profiles.X]\nnetwork = false', 'X]: is no name'],
    ['[sandbox]\nprofiles = { x = 3 }', 'x]: '],
  ])('refuses %j', (toml, problem) => {
    const { profiles, problems } = read(toml);
    expect(profiles).toHaveLength(5);
    expect([...problems.values()]).toEqual([expect.stringContaining(problem)]);
  });

  it('refuses profiles that extend each other', () => {
    const { profiles, problems } = read(
      '[sandbox.profiles.a]\nextends = "b"\n[sandbox.profiles.b]\nextends = "a"',
    );
    expect(profiles).toHaveLength(5);
    expect(problems.get('a')).toContain('extends itself, by a → b → a');
  });
});
