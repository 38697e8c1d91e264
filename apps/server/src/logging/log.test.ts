import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBoundedFile } from './bounded-file.ts';
import { createLog } from './log.ts';

describe('the log', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-log-'));
    file = join(folder, 'server.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes one JSON line an event, readable by its user alone', () => {
    createLog('info', file).info('terminal.opened', { terminalId: 'trm_x' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      event: 'terminal.opened',
      terminalId: 'trm_x',
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('covers what must not be there', () => {
    createLog('info', file).info('x', { token: 'canary', login: { cookie: 'canary' }, env: { A: 'canary' } });
    expect(readFileSync(file, 'utf8')).not.toContain('canary');
  });

  it('tells an error with its code and its cause', () => {
    const error = new FarhandError('host.unreachable', { cause: new Error('ECONN') });
    createLog('info', file).error('host.failed', { error });
    const line = JSON.parse(readFileSync(file, 'utf8'));
    expect(line.error).toMatchObject({ code: 'host.unreachable', cause: { message: 'ECONN' } });
  });

  it('never throws: lines that find no room are lost, and it says how many once there is some', () => {
    writeFileSync(file, 'full\n');
    // Where it would go when it is full.
    mkdirSync(join(`${file}.old`, 'in the way'), { recursive: true });
    const bounded = openBoundedFile(file, 4);
    bounded.write('one\n');
    bounded.write('two\n');
    rmSync(`${file}.old`, { recursive: true });
    bounded.write('three\n');
    expect(readFileSync(file, 'utf8')).toBe('\n{"event":"log.lines_lost","lines":2}\nthree\n');
    symlinkSync('/dev/full', join(folder, 'full.log'));
    createLog('info', join(folder, 'full.log')).warn('x.failed');
  });

  it('takes a bounded room', () => {
    const bounded = openBoundedFile(file, 100);
    for (let count = 0; count < 50; count += 1) bounded.write(`line ${count}\n`);
    expect(statSync(file).size + statSync(`${file}.old`).size).toBeLessThanOrEqual(200);
    expect(readFileSync(file, 'utf8')).toContain('line 49');
  });
});
