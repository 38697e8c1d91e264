import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import type { Need } from '../inbox/needs-you.ts';
import { faviconUrl, newNeeds, tabTitle } from './news.ts';
import { parseNotificationSettings } from './settings.ts';

const workspaceId = newId('workspace');
const need = (id: string, since = 'a') => ({ id, since, workspaceId }) as Need;

describe('newNeeds', () => {
  it('tells what was not there before, and what happened anew in the same place', () => {
    const before = [need('one'), need('two')];
    expect(newNeeds([need('one'), need('two', 'b'), need('three')], before, [])).toEqual([
      need('two', 'b'),
      need('three'),
    ]);
  });

  it('is silent about muted workspaces', () => {
    expect(newNeeds([need('one')], [], [workspaceId])).toEqual([]);
    expect(newNeeds([need('one')], [], [newId('workspace')])).toHaveLength(1);
  });
});

describe('parseNotificationSettings', () => {
  it('asks for no permission and mutes nothing until a person says so', () => {
    const first = { isSoundOn: true, isDesktopOn: false, mutedWorkspaces: [] };
    for (const stored of [null, 'x', [], { mutedWorkspaces: 'all', isDesktopOn: 1 }])
      expect(parseNotificationSettings(stored)).toEqual(first);
  });

  it('keeps each muted workspace once, and what is none not at all', () => {
    const stored = {
      isSoundOn: false,
      isDesktopOn: true,
      mutedWorkspaces: [workspaceId, workspaceId, '../x', 4],
    };
    expect(parseNotificationSettings(stored)).toEqual({
      isSoundOn: false,
      isDesktopOn: true,
      mutedWorkspaces: [workspaceId],
    });
  });
});

describe('tabTitle', () => {
  it.each([
    [0, null, 'Farhand'],
    [2, null, '(2) Farhand'],
    [1, 'calm-bay', '(1) calm-bay · Farhand'],
  ])('says %i and %s', (count, place, title) => expect(tabTitle(count, place)).toBe(title));
});

describe('faviconUrl', () => {
  const svg = (count: number) => decodeURIComponent(faviconUrl(count).slice('data:image/svg+xml,'.length));
  it('shows how much waits, and nothing where nothing does', () => {
    expect(svg(0)).not.toContain('<text');
    expect(svg(3)).toContain('>3</text>');
    expect(svg(12)).toContain('>9+</text>');
  });
});
