import { newId } from '@farhand/shared/model/ids';
import type { McpServer } from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import { addResources } from './resources.ts';
import type { McpCall } from './tool.ts';

it('a transcript tells of a person who went back, and of nobody else', async () => {
  const readers = new Map<string, (uri: URL, given: object) => Promise<{ contents: { text: string }[] }>>();
  const server = {
    registerResource: (name: string, _at: unknown, _about: unknown, read: never) => readers.set(name, read),
  } as unknown as McpServer;
  const items = [
    { kind: 'plan' },
    { kind: 'reasoning', text: 'hm' },
    { kind: 'discarded' },
    { kind: 'text', text: 'Done.' },
  ];
  const call = (async () => ({ items })) as unknown as McpCall;
  addResources(server, call, ['read']);
  const read = async () => {
    const found = await readers.get('transcript')?.(new URL('farhand://x'), { id: newId('session') });
    return found?.contents[0]?.text ?? '';
  };
  expect(await read()).toContain('Done.');
  expect(await read()).not.toContain('went back');
  items.push({ kind: 'rewound' });
  expect(await read()).toContain('went back');
});
