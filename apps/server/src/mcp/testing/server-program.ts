/**
 * A small MCP server for tests, as the text of a Node program: JSON-RPC, one message a line. It leaves its pid in
 * `mcp.pid`, a line in `mcp.starts` for each start, and counts the calls that it got. Its tools misbehave as their names say.
 */
export const SERVER_PROGRAM = `
import { appendFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const mode = process.argv[2] ?? '';
writeFileSync('mcp.pid', String(process.pid));
appendFileSync('mcp.starts', 'started\\n');
if (mode === 'hang') setInterval(() => {}, 1000);
if (mode === 'crash') { console.error('no licence for', process.env.TOKEN); process.exit(7); }
if (mode === 'flood') setInterval(() => console.log('banner\\n'.repeat(50)), 5);
console.log('listening, this is no message');

const say = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
const object = { type: 'object', properties: {} };
const tool = (name, more = {}) => ({ name, description: 'Does ' + name + '.', inputSchema: object, ...more });
const tools = [
  tool('add', {
    description: 'Adds. '.repeat(1000),
    inputSchema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] },
    annotations: { readOnlyHint: true },
  }),
  tool('odd name/with.dots'),
  tool('hang'), tool('slow'), tool('crash'), tool('garbage'), tool('large'), tool('endless'), tool('ask'), tool('image'), tool('refuse'), tool('secret'),
  ...(mode === 'many' ? Array.from({ length: 200 }, (_, index) => tool('extra_' + index)) : []),
];
let calls = 0;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const text = (value) => ({ content: [{ type: 'text', text: value }] });
const call = async ({ name, arguments: args, _meta }, id) => {
  calls += 1;
  switch (name) {
    case 'add': return text(String(args.a + args.b) + ' after ' + calls);
    case 'odd name/with.dots': return { content: [], structuredContent: { odd: true } };
    case 'hang': return new Promise(() => {});
    case 'slow':
      for (let step = 1; step <= 6; step += 1) {
        await wait(250);
        say({ method: 'notifications/progress', params: { progressToken: _meta.progressToken, progress: step, message: 'step ' + step } });
      }
      return text('slow and done');
    case 'crash': console.error('it broke'); process.exit(9);
    case 'garbage':
      console.log('{"jsonrpc": "2.0", "id": ' + id + ', "result"');
      console.log(JSON.stringify({ jsonrpc: '2.0', id, result: { content: 'none' } }));
      return null;
    case 'ask': {
      const questions = Array.from({ length: 50_000 }, (_, at) => JSON.stringify({ jsonrpc: '2.0', id: 'q' + at, method: 'roots/list' }));
      process.stdout.write(questions.join('\\n') + '\\n');
      return new Promise(() => {});
    }
    case 'large': return text('begin' + 'x'.repeat(10 * 1024 * 1024) + 'end');
    case 'endless': process.stdout.write('y'.repeat(17 * 1024 * 1024)); return new Promise(() => {});
    case 'image': return { content: [{ type: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo=' }, { type: 'image', mimeType: 'image/svg+xml', data: 'AAAA' }] };
    case 'refuse': return { ...text('that cannot be'), isError: true };
    case 'secret': return text('the token is ' + process.env.TOKEN);
  }
};
createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, method, params } = JSON.parse(line);
  if (mode === 'hang' || mode === 'flood' || id === undefined) return;
  if (method === 'initialize')
    return say({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'test', version: '1' } } });
  if (method === 'tools/list') return say({ id, result: { tools } });
  if (method !== 'tools/call') return say({ id, error: { code: -32601, message: 'no such method' } });
  const result = await call(params, id);
  if (result) say({ id, result });
});
`;
