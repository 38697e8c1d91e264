// What the scripted agent does in a turn: each line of the prompt is one step, its first word says which.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let calls = 0;

async function exists(file) {
  while (!existsSync(file)) await pause(10);
}

const content = (text) => [{ type: 'content', content: { type: 'text', text } }];

/** Steps by their words. One that returns something ends the turn with it as the reason. */
const steps = {
  say: ({ say }, words) => say(words),
  think: ({ update }, text) =>
    update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text } }),
  // count <n> [ms]: numbered chunks, `<1>` to `<n>`, with so long between them.
  async count({ say }, rest) {
    const [n, ms = 0] = rest.split(' ').map(Number);
    for (let i = 1; i <= n; i += 1) {
      say(`<${i}>`);
      if (ms > 0) await pause(ms);
    }
  },
  // mode <id>: goes into it by itself.
  mode: ({ update }, id) => update({ sessionUpdate: 'current_mode_update', currentModeId: id }),
  pause: (_, ms) => pause(Number(ms)),
  // gate <file>: waits until the file is there.
  gate: (_, file) => exists(file),
  touch: (_, file) => writeFileSync(file, String(process.pid)),
  tool({ update }, title) {
    const toolCallId = `call-${process.pid}-${++calls}`;
    update({ sessionUpdate: 'tool_call', toolCallId, title, kind: 'read', status: 'in_progress' });
    update({
      sessionUpdate: 'tool_call_update',
      toolCallId,
      status: 'completed',
      content: content(`did ${title}`),
    });
  },
  // plan <entry>; <entry>: a checklist whose first entry is done and whose second is under way.
  plan({ update }, words) {
    const statuses = ['completed', 'in_progress'];
    const entries = words.split('; ').map((content, at) => ({
      content,
      priority: 'medium',
      status: statuses[at] ?? 'pending',
    }));
    update({ sessionUpdate: 'plan', entries });
  },
  // diff <path> <old> <new>: an edit, told and not made.
  diff({ update }, rest) {
    const [path, oldText, newText] = rest.split(' ');
    update({
      sessionUpdate: 'tool_call',
      toolCallId: `call-${process.pid}-${++calls}`,
      title: `Edit ${path}`,
      kind: 'edit',
      status: 'completed',
      locations: [{ path }],
      content: [{ type: 'diff', path, oldText, newText }],
    });
  },
  // permit <command>: asks for it; says how it was answered.
  async permit({ update, ask, sessionId, say, options }, command) {
    const toolCallId = `call-${process.pid}-${++calls}`;
    const toolCall = { toolCallId, title: command, kind: 'execute', rawInput: { command } };
    update({ sessionUpdate: 'tool_call', ...toolCall, status: 'pending' });
    const ids = options.permissionIds ?? { allow: 'allow', reject: 'reject' };
    const { outcome } = await ask('session/request_permission', {
      sessionId,
      toolCall,
      options: [
        { optionId: ids.allow, name: 'Allow', kind: 'allow_once' },
        { optionId: ids.reject, name: 'Reject', kind: 'reject_once' },
      ],
    });
    const isAllowed = outcome.outcome === 'selected' && outcome.optionId === ids.allow;
    update({ sessionUpdate: 'tool_call_update', toolCallId, status: isAllowed ? 'completed' : 'failed' });
    if (isAllowed) return say(`allowed ${command}`);
    if (options.endsOnReject) return 'end_turn';
    say(`not allowed ${command}`);
  },
  async read({ ask, sessionId, say }, path) {
    const answer = await ask('fs/read_text_file', { sessionId, path }).catch((error) => ({
      content: `error ${error.code}`,
    }));
    say(answer.content);
  },
  async write({ ask, sessionId, say }, rest) {
    const [path, ...words] = rest.split(' ');
    const answer = await ask('fs/write_text_file', { sessionId, path, content: words.join(' ') }).then(
      () => 'written',
      (error) => `error ${error.code}`,
    );
    say(answer);
  },
  async terminal({ ask, sessionId, say, update }, command) {
    const { terminalId } = await ask('terminal/create', { sessionId, command: 'sh', args: ['-c', command] });
    const toolCallId = `call-${process.pid}-${++calls}`;
    update({
      sessionUpdate: 'tool_call',
      toolCallId,
      title: command,
      kind: 'execute',
      status: 'in_progress',
      content: [{ type: 'terminal', terminalId }],
    });
    const { exitCode } = await ask('terminal/wait_for_exit', { sessionId, terminalId });
    const { output } = await ask('terminal/output', { sessionId, terminalId });
    await ask('terminal/release', { sessionId, terminalId });
    update({ sessionUpdate: 'tool_call_update', toolCallId, status: 'completed' });
    say(`${exitCode} ${output}`);
  },
  // open_terminal <command>: never waits for it and never releases it.
  async open_terminal({ ask, sessionId, say }, command) {
    await ask('terminal/create', { sessionId, command: 'sh', args: ['-c', command] });
    say('opened');
  },
  // elicit <params as JSON>: says how it was answered.
  async elicit({ ask, sessionId, say }, params) {
    const { action, content } = await ask('elicitation/create', { sessionId, ...JSON.parse(params) });
    say(content ? `${action} ${JSON.stringify(content)}` : action);
  },
  // unknown <method>: asks for something that no client has.
  async unknown({ ask, sessionId, say }, method) {
    const code = await ask(method, { sessionId }).then(
      () => 0,
      (error) => error.code,
    );
    say(`refused with ${code}`);
  },
  raw: ({ raw }, line) => raw(`${line}\n`),
  // large <MiB>: one message of this size.
  large({ update, say }, size) {
    const text = 'x'.repeat(Number(size) * 1024 * 1024);
    update({
      sessionUpdate: 'tool_call',
      toolCallId: 'large',
      title: 'large',
      kind: 'read',
      content: content(text),
    });
    say('large done');
  },
  describe: ({ prompt, say }) => say(JSON.stringify(prompt)),
  // daemon <file>: leaves a program in a session of its own; its pid is in the file.
  daemon(_, file) {
    const { pid } = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
    writeFileSync(file, String(pid));
  },
  env: ({ say }, name) => say(`${name}=${process.env[name] ?? ''}`),
  cat: ({ say }, file) => say(readFileSync(file, 'utf8')),
  stderr: (_, words) => void process.stderr.write(`${words}\n`),
  async die(_, code) {
    // What was written has to be out before.
    await pause(20);
    process.exit(Number(code));
  },
  hang: () => new Promise(() => {}),
  end: (_, reason) => reason,
  late({ say }, words) {
    setTimeout(() => say(words), 50);
  },
};

/** Plays the lines of a prompt; lines that are no step are echoed. Gives why the turn ended. */
export async function runSteps(text, context) {
  for (const line of text.split('\n')) {
    const [word, ...rest] = line.split(' ');
    const step = steps[word];
    if (!step) {
      if (line.trim() !== '') context.say(`You said: ${line}`);
      continue;
    }
    const reason = await step(context, rest.join(' '));
    if (typeof reason === 'string') return reason;
  }
  return 'end_turn';
}
