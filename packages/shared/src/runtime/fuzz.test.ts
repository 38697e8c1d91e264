import { describe, expect, it } from 'vitest';
import { FarhandError } from '../errors/farhand-error.ts';
import { jobId } from '../model/ids.ts';
import { exit } from '../model/terminals.ts';
import { decodeOutput, encodeOutput } from '../protocol/binary.ts';
import { clientFrame } from '../protocol/frames.ts';
import { createRandom, mangled } from '../testing/random.ts';
import { parseFacts } from './facts.ts';
import { parseRecords } from './jobs/replies.ts';

const ROUNDS = 3000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Calls `check` with a changed `sample`, the same ones in every run. */
function fuzz(sample: string, check: (text: string, bytes: Uint8Array) => void): void {
  const random = createRandom(20_26);
  const original = encoder.encode(sample);
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = mangled(original, random);
    check(decoder.decode(bytes), bytes);
  }
}

describe('what a host answers, mangled', () => {
  it('gives job records that are whole, or none', () => {
    const sample = `job job_kehytwmhr56wnte3334b\nlabel wks_kehytwmhr56wnte3334b\nstatus exited 3 .\ntotal 12\n-rw------- 1 0 0 12 Nov 21 02:48 out.0\n-rw------- 1 0 0 99 Nov 21 02:48 err.4194304\n-rw------- 1 0 0 5 Nov 21 02:48 in\n\n`;
    let whole = 0;
    fuzz(sample + sample, (text) => {
      for (const record of parseRecords(text)) {
        whole++;
        expect(jobId.safeParse(record.id).success).toBe(true);
        for (const size of [record.outBytes, record.errBytes, record.inBytes, record.keptBytes])
          expect(Number.isSafeInteger(size) && size >= 0).toBe(true);
        if (record.status.state === 'ended') expect(exit.safeParse(record.status.exit).success).toBe(true);
        expect((record.label ?? '').length).toBeLessThanOrEqual(200);
      }
    });
    expect(whole).toBeGreaterThan(ROUNDS / 2);
  });

  it('gives facts with an absolute home, or says that the shell is unusable', () => {
    const sample =
      'home=/home/ada\nuser=ada\nsystem=Linux\nhostname=gpu-1\nboot=6d0f\ngit=git version 2.39.5\nripgrep=\nbash=/bin/bash\nscript=script from util-linux 2.38.1\n';
    fuzz(sample, (text) => {
      try {
        expect(parseFacts(text).home).toMatch(/^\//);
      } catch (error) {
        expect(FarhandError.is(error, 'host.shell_unusable')).toBe(true);
      }
    });
  });
});

describe('what comes over the WebSocket, mangled', () => {
  it('is a frame of the protocol or nothing', () => {
    const sample =
      '{"type":"subscribe","sub":7,"topic":{"kind":"session","sessionId":"ses_kehytwmhr56wnte3334b","after":12}}';
    fuzz(sample, (text) => {
      let parsed: unknown;
      try {
        parsed = JSON.parse(text);
      } catch {
        return;
      }
      const frame = clientFrame.safeParse(parsed);
      if (frame.success && 'sub' in frame.data) expect(frame.data.sub).toBeGreaterThan(0);
    });
  });

  it('is a piece of output as long as what came, or nothing', () => {
    const sample = decoder.decode(encodeOutput({ sub: 3, offset: 77, bytes: encoder.encode('abc') }));
    fuzz(sample, (_text, bytes) => {
      const frame = decodeOutput(bytes);
      expect(frame?.bytes.byteLength ?? -12).toBe(frame ? bytes.byteLength - 12 : -12);
      expect(frame === null).toBe(bytes.byteLength < 12);
    });
  });
});
