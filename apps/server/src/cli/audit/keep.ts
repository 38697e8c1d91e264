import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { limitText, parseSize } from '../../sandbox/profiles/sizes.ts';
import type { Context } from '../context.ts';

interface KeepOptions {
  readonly days?: string;
  readonly forever?: boolean;
  readonly outputs?: string;
  readonly streams?: string;
}

export async function keep(
  { days, forever, outputs, streams }: KeepOptions,
  { call, output }: Context,
): Promise<void> {
  if (days !== undefined && forever) throw refused('Give --days or --forever, not both.');
  if (days !== undefined && !/^\d{1,5}$/.test(days)) throw refused('--days takes a whole number.');
  if (streams !== undefined && streams !== 'yes' && streams !== 'no')
    throw refused('--streams takes yes or no.');
  const maxOutputBytes = outputs === undefined ? undefined : parseSize(outputs);
  if (maxOutputBytes === null) throw refused('--outputs takes a size, as 5GiB or 500M.');
  const wanted = {
    ...(days !== undefined && { retentionDays: Number(days) }),
    ...(forever && { retentionDays: null }),
    ...(streams !== undefined && { keepsStreams: streams === 'yes' }),
    ...(maxOutputBytes !== undefined && { maxOutputBytes }),
  };
  const settings =
    Object.keys(wanted).length > 0
      ? await call('audit.set_settings', wanted)
      : await call('audit.settings', {});
  const { retentionDays, keepsStreams } = settings;
  const time = retentionDays === null ? 'for ever' : `for ${retentionDays} days`;
  const kept = keepsStreams ? 'is kept, too' : 'is not kept';
  const most = limitText(settings.maxOutputBytes);
  const text = `Events are kept ${time}; what commands wrote, up to ${most} in all. What terminals and agents write ${kept}.`;
  output.result(text, { settings });
}

const refused = (message: string) =>
  new FarhandError('request.invalid', { message, hint: 'See `farhand audit keep --help`.' });
