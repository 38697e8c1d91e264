/** The helper that ssh starts for a question. */
import { rmSync, writeFileSync } from 'node:fs';

// Runs from this text, so that it is the same from source and from a bundle. What it is told by its environment is where
// to ask and a token for one login; the answer only ever passes its memory, from the socket to the pipe that ssh reads.
const PROGRAM = [
  'const { FARHAND_ASKPASS_SOCKET: path, FARHAND_ASKPASS_TOKEN: token, SSH_ASKPASS_PROMPT: hint = "" } = process.env',
  'const [prompt = ""] = process.argv.slice(1)',
  'const socket = require("node:net").connect(path)',
  'let answer = ""',
  'const refuse = () => process.exit(1)',
  'socket.setEncoding("utf8").on("error", refuse).on("close", refuse)',
  'socket.on("data", (text) => { answer += text })',
  'socket.on("end", () => { if (!answer.endsWith("\\n")) return refuse(); socket.removeAllListeners("close"); process.stdout.write(answer, () => process.exit(0)) })',
  'socket.write(JSON.stringify({ token, prompt, hint }) + "\\n")',
].join(';\n');

/** Writes the helper to `path`: `ssh` can only start a file. Gives what removes it. */
export function writeAskpassProgram(path: string): () => void {
  // Options of Node's that were meant for us would be read by it as well.
  const lines = [
    '#!/bin/sh',
    'unset NODE_OPTIONS',
    `exec ${quoted(process.execPath)} -e ${quoted(PROGRAM)} -- "$@"`,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o700, flag: 'wx' });
  return () => rmSync(path, { force: true });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
