import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Context } from '../context.ts';

interface KeepOptions {
  readonly days?: string;
  readonly forever?: boolean;
  readonly streams?: string;
}

export async function keep(
  { days, forever, streams }: KeepOptions,
  { call, output }: Context,
): Promise<void> {
  if (days !== undefined && forever) throw refused('Give --days or --forever, not both.');
  if (days !== undefined && !/^\d{1,5}$/.test(days)) throw refused('--days takes a whole number.');
  if (streams !== undefined && streams !== 'yes' && streams !== 'no')
    throw refused('--streams takes yes or no.');
  const before = await call('audit.settings', {});
  const isChanged = days !== undefined || forever === true || streams !== undefined;
  const settings = isChanged
    ? await call('audit.set_settings', {
        retentionDays: days === undefined ? (forever ? null : before.retentionDays) : Number(days),
        keepsStreams: streams === undefined ? before.keepsStreams : streams === 'yes',
      })
    : before;
  const { retentionDays, keepsStreams } = settings;
  const time = retentionDays === null ? 'for ever' : `for ${retentionDays} days`;
  const kept = keepsStreams ? 'is kept, too' : 'is not kept';
  output.result(`Events are kept ${time}. What terminals and agents write ${kept}.`, { settings });
}

const refused = (message: string) =>
  new FarhandError('request.invalid', { message, hint: 'See `farhand audit keep --help`.' });
