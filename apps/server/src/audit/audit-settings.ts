import { type AuditSettings, auditSettings } from '@farhand/shared/model/audit';
import type { Settings } from '../store/settings.ts';

const NAME = 'audit';
const DEFAULTS: AuditSettings = { retentionDays: null, keepsStreams: true, maxOutputBytes: 5 * 1024 ** 3 };

/** What a person chose; where that is nothing, events are kept for ever, and of outputs the newest 5 GiB. */
export function readAuditSettings(settings: Settings): AuditSettings {
  const stored = settings.get(NAME);
  return stored === null ? DEFAULTS : auditSettings.parse({ ...DEFAULTS, ...JSON.parse(stored) });
}

export function writeAuditSettings(settings: Settings, value: AuditSettings): void {
  settings.set(NAME, JSON.stringify(value));
}
