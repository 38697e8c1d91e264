import { afterEach, describe, expect, it, vi } from 'vitest';
import { type JobId, newId } from '../../../model/ids.ts';
import type { ExecResult } from '../../port.ts';
import type { HostShell, RunOptions } from '../../shell.ts';
import { StreamHub } from './stream-hub.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** A host that says what the test says, for what no true host says. */
class ScriptedHost implements HostShell {
  readonly lines: string[] = [];
  runs = 0;
  /** Its stdin has ended. */
  isTold = false;
  #say: (bytes: Uint8Array) => void | Promise<void> = () => {};
  #end: (result: ExecResult) => void = () => {};
  #wake: () => void = () => {};

  run(_script: string, { stdin, onStdout, signal }: RunOptions = {}): Promise<ExecResult> {
    this.runs += 1;
    this.#say = (bytes) => onStdout?.(bytes);
    void this.#read(stdin as AsyncIterable<Uint8Array>);
    return new Promise((resolve) => {
      this.#end = resolve;
      signal?.addEventListener('abort', () => this.end());
    });
  }

  say(text: string): void | Promise<void> {
    return this.#say(encode(text));
  }

  end(): void {
    const nothing = new Uint8Array();
    this.#end({ outcome: { kind: 'exited', code: 0 }, stdout: nothing, stderr: nothing });
  }

  /** The next line that fits, as soon as it is there. */
  async heard(pattern: RegExp): Promise<string> {
    for (;;) {
      const at = this.lines.findIndex((line) => pattern.test(line));
      if (at >= 0) return this.lines.splice(at, 1)[0] ?? '';
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async #read(stdin: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const bytes of stdin) {
      this.lines.push(...new TextDecoder().decode(bytes).trimEnd().split('\n'));
      this.#wake();
    }
    this.isTold = true;
    this.end();
  }
}

function attachTo(
  hub: StreamHub,
  id: JobId,
  onOutput: (bytes: Uint8Array) => void | Promise<void> = () => {},
) {
  const stop = new AbortController();
  const ended = hub.attach(id, {
    signal: stop.signal,
    onOutput: (_stream, _offset, bytes) => onOutput(bytes),
  });
  ended.catch(() => {});
  return { ended, stop };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('StreamHub', () => {
  it('[JB13] runs one program for all', async () => {
    const host = new ScriptedHost();
    const hub = new StreamHub(host);
    const all = Array.from({ length: 100 }, () => attachTo(hub, newId('job')));
    await host.heard(/^\+ 100 job_/);
    for (const [index] of all.entries()) void host.say(`e ${index + 1} exited ${index} .\n`);
    for (const [index, { ended }] of all.entries())
      expect(await ended).toEqual({ kind: 'exited', code: index });
    expect(host.runs).toBe(1);
  });

  it.each([
    ['an attachment that is none', 'd 9 out 0 1\nx'],
    ['bytes again', 'd 1 out 0 2\nabd 1 out 1 1\nb'],
    ['bytes with a gap', 'd 1 out 7 1\nx'],
    ['bytes missed again', 'm 1 out 0 5\nm 1 out 0 5\n'],
    ['an end twice', 'e 1 exited 0 .\ne 1 exited 0 .\n'],
    ['a header without end', 'd'.repeat(1000)],
  ])('ends a host that sends %s, and starts anew for the next', async (_what, text) => {
    const host = new ScriptedHost();
    const hub = new StreamHub(host);
    const first = attachTo(hub, newId('job'));
    const other = attachTo(hub, newId('job'));
    await host.heard(/^\+ 2 /);
    void host.say(text);
    await expect(other.ended).rejects.toMatchObject({ code: 'host.shell_unusable' });
    await first.ended.catch(() => {});
    const later = attachTo(hub, newId('job'));
    await host.heard(/^\+ 1 /);
    void host.say('e 1 signaled TERM .\n');
    expect(await later.ended).toEqual({ kind: 'signaled', signal: 'SIGTERM' });
    expect(host.runs).toBe(2);
  });

  it('says that the connection was lost when the hub ends', async () => {
    const host = new ScriptedHost();
    const { ended } = attachTo(new StreamHub(host), newId('job'));
    await host.heard(/^\+ 1 /);
    host.end();
    await expect(ended).rejects.toMatchObject({ code: 'host.connection_lost' });
  });

  it('gives its session back when nothing was attached for two minutes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const host = new ScriptedHost();
    const hub = new StreamHub(host);
    for (const n of [1, 2]) {
      const { ended } = attachTo(hub, newId('job'));
      await host.heard(new RegExp(`^\\+ ${n} `));
      void host.say(`e ${n} exited 0 .\n`);
      await ended;
      vi.advanceTimersByTime(119_000);
      expect(host.isTold).toBe(false);
    }
    expect(host.runs).toBe(1);
    vi.advanceTimersByTime(1_000);
    await vi.waitUntil(() => host.isTold, { timeout: 10_000 });
    void attachTo(hub, newId('job'));
    await host.heard(/^\+ 1 /);
    expect(host.runs).toBe(2);
  });

  it('drops what comes for a detached one until the host knows', async () => {
    const host = new ScriptedHost();
    const hub = new StreamHub(host);
    const seen: number[] = [];
    const { ended, stop } = attachTo(hub, newId('job'), (bytes) => void seen.push(bytes.length));
    await host.heard(/^\+ 1 /);
    stop.abort();
    expect(await ended).toBe('detached');
    await host.heard(/^- 1$/);
    void host.say('d 1 out 0 3\nabcx 1\n');
    expect(seen).toEqual([]);
    expect(host.runs).toBe(1);
  });

  it('ends the attachment whose reader throws, and no other', async () => {
    const host = new ScriptedHost();
    const hub = new StreamHub(host);
    const broken = attachTo(hub, newId('job'), () => {
      throw new Error('no room');
    });
    const other = attachTo(hub, newId('job'));
    await host.heard(/^\+ 2 /);
    void host.say('d 1 out 0 1\nx');
    await expect(broken.ended).rejects.toThrow('no room');
    await host.heard(/^- 1$/);
    void host.say('e 2 exited 0 .\n');
    expect(await other.ended).toEqual({ kind: 'exited', code: 0 });
  });

  it('[JB14] pauses a slow reader at 1 MiB, goes on at half, and loses nothing', async () => {
    const host = new ScriptedHost();
    const hub = new StreamHub(host);
    let release = () => {};
    let seen = 0;
    const { ended } = attachTo(hub, newId('job'), (bytes) => {
      seen += bytes.length;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    await host.heard(/^\+ 1 /);
    const piece = 'x'.repeat(65_536);
    for (let count = 0; count < 17; count += 1) {
      expect(host.lines).toEqual([]);
      expect(host.say(`d 1 out ${count * piece.length} ${piece.length}\n${piece}`)).toBeUndefined();
    }
    await host.heard(/^= 1$/);
    void host.say('e 1 exited 0 .\n');
    for (let count = 0; count < 8; count += 1) {
      expect(host.lines).toEqual([]);
      release();
      await Promise.resolve();
    }
    await host.heard(/^> 1$/);
    const drain = setInterval(() => release());
    expect(await ended).toEqual({ kind: 'exited', code: 0 });
    clearInterval(drain);
    expect(seen).toBe(17 * piece.length);
  });

  it('[JB14] leaves a reader for whom a host that does not pause has sent too much', async () => {
    const host = new ScriptedHost();
    const { ended } = attachTo(new StreamHub(host), newId('job'), () => new Promise(() => {}));
    await host.heard(/^\+ 1 /);
    const piece = 'x'.repeat(65_536);
    for (let count = 0; count < 300; count += 1)
      void host.say(`d 1 out ${count * piece.length} ${piece.length}\n${piece}`);
    await expect(ended).rejects.toMatchObject({ code: 'host.connection_lost' });
    await host.heard(/^- 1$/);
  });
});
