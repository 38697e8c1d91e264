import { describe, expect, it } from 'vitest';
import { createExec, renderCommand } from './exec.ts';
import type { HostShell } from './shell.ts';

describe('renderCommand', () => {
  it('refuses a name that is no variable', () => {
    expect(() => renderCommand({ argv: ['true'] }, { env: { 'A;id': 'x' } }, 'm')).toThrow(
      expect.objectContaining({ code: 'request.invalid' }),
    );
  });

  it('quotes folder, values and words', () => {
    const text = renderCommand({ argv: ['echo', "a'b"] }, { cwd: '/a b', env: { X: '$(id)' } }, 'm');
    expect(text).toContain("enter_folder '/a b' ||");
    expect(text).toContain("export X='$(id)'\n");
    expect(text).toContain("run_program 'echo' 'a'\\''b'\n");
  });
});

describe('createExec', () => {
  const printing = (stderr: (mark: string) => string): HostShell => ({
    run: async (script, options) => {
      const mark = /\x01farhand:[0-9a-f]+:/.exec(script)?.[0] ?? '';
      for (const piece of stderr(mark)) await options?.onStderr?.(new TextEncoder().encode(piece));
      return { outcome: { kind: 'exited', code: 126 }, stdout: new Uint8Array(), stderr: new Uint8Array() };
    },
  });

  it('reads a refusal that comes byte by byte', async () => {
    const exec = createExec(printing((mark) => `${mark}cwd missing\n`));
    await expect(exec({ script: 'true' }, { cwd: '/x' })).rejects.toMatchObject({ code: 'file.not_found' });
  });

  it('takes nothing that a program prints for a refusal', async () => {
    const exec = createExec(printing(() => '\x01farhand:guess:cwd missing\n'));
    const { stderr } = await exec({ script: 'true' }, { cwd: '/x' });
    expect(new TextDecoder().decode(stderr)).toBe('\x01farhand:guess:cwd missing\n');
  });
});
