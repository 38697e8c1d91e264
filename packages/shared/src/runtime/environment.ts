import { FarhandError } from '../errors/farhand-error.ts';
import type { Environment } from './port.ts';
import { quote } from './quote.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `export` lines for a POSIX shell, one per variable. Throws `request.invalid` for what is no variable name. */
export function exportLines(env: Environment = {}): string {
  return Object.entries(env)
    .map(([name, value]) => `export ${checkedName(name)}=${quote(value)}\n`)
    .join('');
}

function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw new FarhandError('request.invalid', {
    message: 'This is not the name of an environment variable.',
    details: { name },
  });
}
