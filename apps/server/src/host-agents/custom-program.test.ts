import { describe, expect, it } from 'vitest';
import { customProgram } from './custom-program.ts';

describe('the program of a command', () => {
  it.each([
    ['codex-acp --verbose', 'codex-acp'],
    ['  exec codex-acp', 'codex-acp'],
    ['/opt/bin/agent acp', '/opt/bin/agent'],
    ['env A=1 agent', 'env'],
  ])('of %s is %s', (command, program) => {
    expect(customProgram(command)).toBe(program);
  });

  it.each(['A=1 agent', 'cd /opt && ./agent', '$HOME/agent', '"my agent"', 'exec', ''])(
    'of %j is not to be told',
    (command) => {
      expect(customProgram(command)).toBeNull();
    },
  );
});
