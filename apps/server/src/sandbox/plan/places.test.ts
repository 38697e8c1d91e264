import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../profiles/built-in.ts';
import type { Profile } from '../profiles/profile.ts';
import { accessOf, type PlacesFor, placesFor } from './places.ts';

const HOME = '/home/ada';
const WORKSPACE = `${HOME}/.farhand/workspaces/shop`;

function profile(name: string, more: Partial<Profile> = {}): Profile {
  const found = BUILT_IN.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return { ...found, ...more };
}

function access(path: string, job: Partial<PlacesFor> = {}) {
  const places = placesFor({
    profile: profile('workspace'),
    home: HOME,
    realHome: HOME,
    directory: WORKSPACE,
    agents: ['codex'],
    secrets: [],
    hasOwn: true,
    ...job,
  });
  return accessOf(places, path);
}

describe('placesFor', () => {
  it.each([
    [`${WORKSPACE}/src/a.ts`, 'write'],
    [`${HOME}/.farhand/workspaces/other`, 'empty'],
    [`${HOME}/.ssh/id_rsa`, 'empty'],
    [`${HOME}/notes`, 'empty'],
    [`${HOME}/.gitconfig`, 'read'],
    [`${HOME}/.codex/auth.json`, 'write'],
    [`${HOME}/.gemini`, 'empty'],
    ['/usr/bin/git', 'read'],
    ['/etc/shadow', 'hidden'],
    ['/nix/var/nix/daemon-socket/socket', 'hidden'],
    ['/nix/store/a', 'read'],
    ['/etc/passwd', 'read'],
    ['/root', 'hidden'],
    ['/home/bob', 'hidden'],
    ['/run/docker.sock', 'hidden'],
    ['/srv/data', 'hidden'],
    ['/tmp/x', 'own'],
    [`${WORKSPACE}/../other`, 'empty'],
  ])('has %s as %s in “workspace”', (path, expected) => {
    expect(access(path)).toBe(expected);
  });

  it('never shows keys within a folder that is shown', () => {
    const job = { profile: profile('workspace', { read: ['~'] }) };
    expect(access(`${HOME}/notes`, job)).toBe('read');
    expect(access(`${HOME}/.ssh/id_rsa`, job)).toBe('hidden');
    expect(access(`${HOME}/.farhand/jobs`, job)).toBe('hidden');
    expect(access(`${WORKSPACE}/a`, job)).toBe('write');
  });

  it('shows a key that is named, and hides what is said to be hidden', () => {
    const job = { profile: profile('workspace', { read: ['~/.ssh/known_hosts'], hide: ['~/.gitconfig'] }) };
    expect(access(`${HOME}/.ssh/known_hosts`, job)).toBe('read');
    expect(access(`${HOME}/.ssh/id_rsa`, job)).toBe('empty');
    expect(access(`${HOME}/.gitconfig`, job)).not.toBe('read');
  });

  it.each(['/', '/home', HOME])('does not show the home folder because %s is worked in', (directory) => {
    expect(access(`${HOME}/.ssh/id_rsa`, { directory })).toBe('empty');
    expect(access(`${HOME}/notes`, { directory })).toBe('empty');
  });

  it('knows the home folder by its real path, too', () => {
    const job = { realHome: '/var/home/ada', profile: profile('workspace', { read: ['/var/home'] }) };
    expect(access('/var/home/ada/.ssh/id_rsa', job)).toBe('hidden');
    expect(access('/var/home/ada/.ssh/id_rsa', { realHome: '/var/home/ada' })).toBe('empty');
  });

  it('does not let agents write their state where nothing may be written', () => {
    expect(access(`${HOME}/.codex`, { profile: profile('readonly') })).toBe('read');
    expect(access(`${WORKSPACE}/a`, { profile: profile('readonly') })).toBe('read');
    expect(access('/tmp/a', { profile: profile('readonly') })).toBe('empty');
  });

  it('makes no mount point in a folder that lasts and that jobs write', () => {
    const places = placesFor({
      profile: profile('workspace'),
      home: '/tmp/home',
      realHome: '/tmp/home',
      directory: '/tmp/home/w',
      agents: [],
      secrets: [],
      hasOwn: true,
    });
    for (const own of places.filter((place) => place.access === 'own'))
      expect(places.filter(({ path }) => path.startsWith(`${own.path}/`))).toEqual([]);
  });

  it('marks what lies in a folder that jobs write', () => {
    const places = placesFor({
      profile: profile('workspace', { hide: [`${WORKSPACE}/.env`] }),
      home: HOME,
      realHome: HOME,
      directory: WORKSPACE,
      agents: [],
      secrets: [],
      hasOwn: false,
    });
    expect(places.find(({ path }) => path === `${WORKSPACE}/.env`)).toMatchObject({
      access: 'hidden',
      isWithin: true,
    });
  });
});
