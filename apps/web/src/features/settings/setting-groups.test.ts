import { expect, it } from 'vitest';
import { FIRST_SETTING, SETTINGS, settingOf } from './setting-groups.ts';

it('lists each part of the settings once', () => {
  const parts = SETTINGS.map(({ part }) => part);
  expect(new Set(parts).size).toBe(parts.length);
  expect(parts).toHaveLength(13);
});

it('begins with the part that is shown first', () => {
  expect(SETTINGS[0]?.part).toBe(FIRST_SETTING);
  expect(settingOf('policy').label).toBe('Policy');
});
