import { describe, expect, it } from 'vitest';
import { draftOf, readDraft } from './host-draft.ts';

const EMPTY = draftOf(null);

describe('a host as it is typed', () => {
  it('leaves to ssh what is left out', () => {
    const { name, record, problems } = readDraft({ ...EMPTY, name: 'prod', host: ' prod.example.com ' });
    expect([name, problems]).toEqual(['prod', {}]);
    expect(record).toEqual({
      host: 'prod.example.com',
      port: null,
      user: null,
      identityFile: null,
      directory: null,
      environment: {},
      labels: [],
      isEnabled: true,
    });
  });

  it('takes lists and lines, values with = and spaces too', () => {
    const { record } = readDraft({
      ...EMPTY,
      host: 'gpu',
      port: '2222',
      labels: 'gpu, team a,,',
      environment: 'LANG=C.UTF-8\n\nOPTS=-a=b c',
    });
    expect(record).toMatchObject({
      port: 2222,
      labels: ['gpu', 'team a'],
      environment: { LANG: 'C.UTF-8', OPTS: '-a=b c' },
    });
  });

  it('says what is wrong with which field', () => {
    const wrong = {
      ...EMPTY,
      name: 'local',
      host: '-oProxyCommand=x',
      port: '99999',
      identityFile: 'id',
      directory: 'rel',
      environment: 'no value',
    };
    const { name, record, problems } = readDraft(wrong);
    expect([name, record]).toEqual([null, null]);
    expect(Object.keys(problems).toSorted()).toEqual([
      'directory',
      'environment',
      'host',
      'identityFile',
      'name',
      'port',
    ]);
  });
});
