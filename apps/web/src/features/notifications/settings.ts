import type { WorkspaceId } from '@farhand/shared/model/ids';
import { readWorkspaceId } from '../../client/ids.ts';
import { createPreference } from '../../client/preferences.ts';

/** How a person wants to hear of what needs them; the same in all browsers. The server reads `mutedWorkspaces`. */
export interface NotificationSettings {
  readonly isSoundOn: boolean;
  readonly isDesktopOn: boolean;
  readonly mutedWorkspaces: readonly WorkspaceId[];
}

// Ids of workspaces that are long gone are the first to be forgotten.
const MOST_MUTED = 500;

/** Settings out of a stored value: sound on and notifications off, as nothing was asked for yet. */
export function parseNotificationSettings(stored: unknown): NotificationSettings {
  const value = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {};
  const muted = Array.isArray(value.mutedWorkspaces) ? value.mutedWorkspaces : [];
  return {
    isSoundOn: value.isSoundOn !== false,
    isDesktopOn: value.isDesktopOn === true,
    mutedWorkspaces: [...new Set(muted.flatMap((id) => readWorkspaceId(id) ?? []))].slice(-MOST_MUTED),
  };
}

const settings = createPreference<NotificationSettings>('notifications', parseNotificationSettings);

export const notificationSettings = (): NotificationSettings => settings.get();
export const useNotificationSettings = (): NotificationSettings => settings.use();

/** Changes some of the settings. */
export const setNotificationSettings = (part: Partial<NotificationSettings>): void =>
  settings.set({ ...settings.get(), ...part });

/** Says whether a workspace is heard of: sound and notifications, not the list of what needs the person. */
export function setMuted(id: WorkspaceId, isMuted: boolean): void {
  const others = settings.get().mutedWorkspaces.filter((other) => other !== id);
  setNotificationSettings({ mutedWorkspaces: isMuted ? [...others, id] : others });
}
