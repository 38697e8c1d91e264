#!/usr/bin/env node
// Stands in for Coder's command in tests: what it prints has the form that Coder documents. Its workspaces are in the
// file that FAKE_CODER names, as { name: { status } }, and "ssh --stdio" leads to the port that is in the same file.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const file = process.env.FAKE_CODER;
const state = () => JSON.parse(readFileSync(file, 'utf8'));
const change = (name, status) => {
  const now = state();
  now.workspaces[name].status = status;
  // At once, for another of these may read it now.
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(now));
  renameSync(`${file}.${process.pid}`, file);
};

function listed([name, { status }]) {
  return {
    id: `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12)}`,
    created_at: '2026-11-01T08:00:00Z',
    owner_name: 'ada',
    organization_name: 'coder',
    template_name: 'docker',
    template_display_name: 'Docker',
    latest_build: {
      build_number: 3,
      transition: 'start',
      job: { status: 'succeeded' },
      resources: [],
      status,
    },
    latest_app_status: null,
    outdated: name.startsWith('old'),
    name,
    ttl_ms: 28_800_000,
    last_used_at: name === 'fresh' ? '0001-01-01T00:00:00Z' : '2026-11-20T08:00:00Z',
    health: { healthy: true, failing_agents: [] },
    favorite: false,
  };
}

async function bring(name, to, say = console.log) {
  if (!state().workspaces[name]) {
    console.error(
      `error: Encountered an error running "coder ${to}"\nerror: workspace "${name}" does not exist`,
    );
    process.exit(1);
  }
  change(name, to === 'start' ? 'starting' : 'stopping');
  say('\u001b[1m==> ⧗ Queued\u001b[0m');
  say('==> ⧗ Running');
  await delay(20);
  if (state().fails) {
    change(name, 'failed');
    console.error('error: terraform apply: exit status 1');
    process.exit(1);
  }
  change(name, to === 'start' ? 'running' : 'stopped');
  say(`=== ✔ Running [20ms]\nThe ${name} workspace has been ${to === 'start' ? 'started' : 'stopped'}!`);
}

const [verb, ...args] = process.argv.slice(2);
if (state().signedOut) {
  console.error("You are not logged in. Try logging in using 'coder login <url>'.");
  process.exit(1);
}
if (verb === 'list') {
  console.log(JSON.stringify(Object.entries(state().workspaces).map(listed), null, 2));
} else if (verb === 'start' || verb === 'stop') {
  await bring(args.at(-1), verb);
} else if (verb === 'ssh') {
  // As config-ssh's ProxyCommand: coder ssh --stdio --ssh-host-prefix coder. %h
  const name = args.at(-1).replace(/^coder\./, '');
  const isRunning = () => state().workspaces[name]?.status === 'running';
  if (!isRunning() && process.env.CODER_SSH_DISABLE_AUTOSTART === 'true') {
    console.error(
      'Encountered an error running "coder ssh", see "coder ssh --help" for more information\nerror: workspace must be started',
    );
    process.exit(1);
  }
  if (!isRunning()) await bring(name, 'start', console.error);
  // Its machine takes the connection with it.
  setInterval(() => isRunning() || process.exit(1), 20);
  const socket = connect(state().port, '127.0.0.1');
  process.stdin.pipe(socket).pipe(process.stdout);
  socket.on('close', () => process.exit(0));
} else {
  console.error(`error: unrecognized subcommand "${verb}"`);
  process.exit(1);
}
