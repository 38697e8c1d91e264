#!/usr/bin/env node
import { speakPlainly } from '@farhand/shared/errors/plain-words';
import {
  currentPaths,
  currentProgram,
  hasDisplay,
  namedServer,
  startServer,
  takeMasterKey,
} from '../main.ts';
import { ask, readInput } from './ask.ts';
import { BROKEN_PIPE, endWithItsReader, openBrowser, untilStopped, versionOf } from './machine.ts';
import { runProgram } from './program.ts';

speakPlainly();
endWithItsReader([process.stdout, process.stderr]);
const status = await runProgram(process.argv.slice(2), {
  streams: { out: process.stdout, err: process.stderr },
  isInteractive: process.stdout.isTTY === true,
  hasDisplay: hasDisplay(),
  paths: currentPaths(),
  startServer,
  masterKey: takeMasterKey,
  untilStopped,
  ask,
  readInput,
  openBrowser,
  remote: namedServer(),
  program: currentProgram(),
  versionOf,
});
// Connections that are kept open must not hold the program; what is still in the pipes is written first.
process.stdout.write('', (error) =>
  process.stderr.write('', () => process.exit(error ? BROKEN_PIPE : status)),
);
