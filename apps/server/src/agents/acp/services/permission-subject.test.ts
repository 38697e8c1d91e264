import { newId } from '@farhand/shared/model/ids';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../secrets/redactor.ts';
import { newCallItem } from '../../builtin/answer-items.ts';
import type { CallFacts } from '../updates/tool-call-fields.ts';
import { askedOf } from './permission-subject.ts';

const item: ToolCallItem = { ...newCallItem(newId('turn'), 'call'), toolKind: 'execute', title: 'ls' };
const asked = (rawInput: unknown) =>
  askedOf(item, { rawInput } as CallFacts, { directory: '/w/shop', redactor: createRedactor({}) });

describe('what an agent asks about', () => {
  it.each([
    ['cwd', '/etc', '/etc'],
    ['workdir', '../..', '/'],
    ['directory', '../other', '/w/other'],
    ['dir_path', 'src', '/w/shop/src'],
  ])('runs where its %s says, from the workspace on: %s', (field, folder, cwd) => {
    expect(asked({ command: 'cat passwd', [field]: folder }).cwd).toBe(cwd);
  });

  it.each([
    [{ command: 'cat', args: ['/etc/passwd', 'a b'] }, "cat /etc/passwd 'a b'"],
    [{ command: ['cat', 'x y'], args: ['z'] }, "cat 'x y' z"],
    [{ command: 'cat a', args: [] }, 'cat a'],
  ])('shows the whole command of %j', (rawInput, command) => {
    expect(asked(rawInput)).toMatchObject({ subject: { kind: 'command', command }, command });
  });

  it('shows as a tool with its input what it cannot read as a whole command', () => {
    const { subject, command } = asked({ command: 'cat', args: { file: '/etc/passwd' } });
    expect(subject).toMatchObject({ kind: 'tool', input: expect.stringContaining('/etc/passwd') });
    expect(command).toBeNull();
  });
});
