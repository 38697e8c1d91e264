import { type AuditSettings, auditSettings } from '@farhand/shared/model/audit';
import type { Settings } from '../store/settings.ts';

const NAME = 'audit';
const DEFAULTS: AuditSettings = { retentionDays: null, keepsStreams: true };

/** What a person chose; everything is kept for ever where that is nothing. */
export function readAuditSettings(settings: Settings): AuditSettings {
  const stored = settings.get(NAME);
  return stored === null ? DEFAULTS : auditSettings.parse(JSON.parse(stored));
}

export function writeAuditSettings(settings: Settings, value: AuditSettings): void {
  settings.set(NAME, JSON.stringify(value));
}
