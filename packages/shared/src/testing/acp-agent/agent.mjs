#!/usr/bin/env node
// A scripted agent of the Agent Client Protocol, for tests: `node agent.mjs [options.json]`. It needs nothing but Node.
// The options say how it misbehaves (see acp-agent.ts); what it does in a turn are the lines of the prompt (see steps.mjs).
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { runSteps } from './steps.mjs';

const options = process.argv[2] ? JSON.parse(readFileSync(process.argv[2], 'utf8')) : {};
const log = (entry) => options.log && appendFileSync(options.log, `${JSON.stringify(entry)}\n`);

/** Conversations, in a file where the options name one, so that the next program can take them up. */
const memory = {
  all: () =>
    options.memory && existsSync(options.memory) ? JSON.parse(readFileSync(options.memory, 'utf8')) : {},
  change(id, change) {
    const all = memory.all();
    all[id] = { said: [], ...all[id], ...change(all[id] ?? { said: [] }) };
    if (options.memory) writeFileSync(options.memory, JSON.stringify(all));
  },
};

const pending = new Map();
const turns = new Map();
let nextId = 1;

const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const refuse = (code, message, data) => Promise.reject(Object.assign(new Error(message), { code, data }));

/** Asks the client; rejects with its error. */
function ask(method, params) {
  const id = `a${nextId++}`;
  write({ id, method, params });
  return new Promise((resolve, reject) => pending.set(id, { resolve, reject }));
}

const update = (sessionId, news) => write({ method: 'session/update', params: { sessionId, update: news } });

const modes = {
  currentModeId: 'ask',
  availableModes: [
    { id: 'ask', name: 'Ask' },
    { id: 'code', name: 'Code' },
  ],
};

function openSession(sessionId) {
  turns.set(sessionId, { queue: Promise.resolve(), cancel: null });
  if (options.lateNews)
    setTimeout(() => {
      update(sessionId, {
        sessionUpdate: 'available_commands_update',
        availableCommands: [{ name: 'review', description: 'Reviews' }],
      });
      update(sessionId, {
        sessionUpdate: 'agent_message_chunk',
        content: { type: 'text', text: 'I am here.' },
      });
    }, 20);
  return { modes: options.modes === false ? undefined : modes, configOptions: options.configOptions };
}

const known = (sessionId) =>
  sessionId in memory.all() ? null : refuse(-32002, 'Resource not found', { sessionId });

const methods = {
  initialize: () => ({
    protocolVersion: options.protocolVersion ?? 1,
    agentInfo: { name: 'scripted', version: '1.0.0' },
    authMethods: options.authMethods ?? [],
    agentCapabilities: options.capabilities ?? {
      loadSession: true,
      promptCapabilities: { image: true, embeddedContext: true },
      sessionCapabilities: { list: {} },
    },
  }),
  authenticate({ methodId }) {
    if (options.signedIn) writeFileSync(options.signedIn, methodId);
    return {};
  },
  'session/new'() {
    if (options.signedIn && !existsSync(options.signedIn)) return refuse(-32000, 'Authentication required');
    const sessionId = `s-${process.pid}-${nextId++}`;
    memory.change(sessionId, () => ({}));
    return { sessionId, ...openSession(sessionId) };
  },
  async 'session/load'({ sessionId }) {
    await known(sessionId);
    for (const [role, text] of memory.all()[sessionId].said)
      update(sessionId, {
        sessionUpdate: role === 'user' ? 'user_message_chunk' : 'agent_message_chunk',
        content: { type: 'text', text },
      });
    return openSession(sessionId);
  },
  async 'session/resume'({ sessionId }) {
    await known(sessionId);
    return openSession(sessionId);
  },
  'session/list': () => ({
    sessions: Object.keys(memory.all()).map((sessionId) => ({
      sessionId,
      cwd: process.cwd(),
      title: memory.all()[sessionId].said[0]?.[1] ?? null,
    })),
  }),
  'session/set_mode'({ sessionId, modeId }) {
    update(sessionId, { sessionUpdate: 'current_mode_update', currentModeId: modeId });
    return {};
  },
  'session/prompt'({ sessionId, prompt }) {
    const turn = turns.get(sessionId);
    if (!turn) return refuse(-32602, 'no such session');
    // A second prompt waits for the first, or ends it.
    if (options.secondPrompt === 'cancels') turn.cancel?.();
    const before = options.secondPrompt === 'cancels' ? Promise.resolve() : turn.queue;
    const running = before.then(() => play(sessionId, prompt, turn));
    turn.queue = running.catch(() => {});
    return running;
  },
};

async function play(sessionId, prompt, turn) {
  let cancel = () => {};
  const cancelled = new Promise((resolve) => (cancel = () => resolve('cancelled')));
  turn.cancel = cancel;
  // What a client tells of before is no step.
  const texts = prompt.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  const text = texts.filter((words) => !words.startsWith('You were started anew')).join('\n');
  const answer = [];
  const say = (words) => {
    answer.push(words);
    update(sessionId, { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: words } });
  };
  const context = {
    sessionId,
    prompt,
    options,
    ask,
    say,
    update: (news) => update(sessionId, news),
    cancelled,
  };
  const stopReason = await Promise.race([
    runSteps(text, { ...context, raw: (line) => process.stdout.write(line) }),
    cancelled.then((reason) => (options.cancel === 'ignored' ? new Promise(() => {}) : reason)),
  ]);
  memory.change(sessionId, ({ said }) => ({ said: [...said, ['user', text], ['agent', answer.join('')]] }));
  return { stopReason, usage: options.usage };
}

async function answer({ id, method, params = {} }) {
  if (options.hangIn === method) return;
  try {
    const isMissing = !(method in methods) || options.missing?.includes(method);
    if (isMissing) await refuse(-32601, `"Method not found": ${method}`);
    const result = await methods[method](params);
    log({ answered: method, result });
    write({ id, result });
  } catch (error) {
    write({ id, error: { code: error.code ?? -32603, message: error.message, data: error.data } });
  }
}

function take(line) {
  const message = JSON.parse(line);
  log(message);
  if ('method' in message) {
    if (message.method === 'session/cancel') turns.get(message.params.sessionId)?.cancel?.();
    if (message.id !== undefined) void answer(message);
    return;
  }
  const { resolve, reject } = pending.get(message.id) ?? {};
  pending.delete(message.id);
  if (message.error) reject?.(Object.assign(new Error(message.error.message), message.error));
  else resolve?.(message.result);
}

log({ started: process.pid, arguments: process.argv.slice(2) });
if (options.banner) process.stdout.write(options.banner);
if (options.crash) {
  process.stderr.write(options.crash.stderr);
  process.exit(options.crash.code);
}
createInterface({ input: process.stdin }).on('line', take);
