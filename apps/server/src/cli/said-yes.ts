import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Context } from './context.ts';

/**
 * Resolves when the person says yes, or said so with `--yes`. Throws `request.invalid` where they do not, and where nobody
 * can be asked.
 */
export async function untilSaidYes(
  question: string,
  { yes = false }: { readonly yes?: boolean },
  { ask, isInteractive, output }: Pick<Context, 'ask' | 'isInteractive' | 'output'>,
): Promise<void> {
  if (yes) return;
  if (!isInteractive || output.isJson)
    throw new FarhandError('request.invalid', { message: question, hint: 'Say --yes to go on.' });
  const line = await ask(`${question} Type the word yes: `, false);
  if (line?.trim() !== 'yes')
    throw new FarhandError('request.invalid', {
      message: 'Nothing was changed.',
      hint: 'It was not said yes.',
    });
}
