import type { SettingsPart } from '@/client/view-store.ts';

/** One part of the settings, by name. */
export interface Setting {
  readonly part: SettingsPart;
  readonly label: string;
  /** What is in it, for the list on a phone and the palette. */
  readonly note: string;
}

/** All parts, in the order and under the headings of the list. */
export const SETTING_GROUPS: readonly { readonly title: string; readonly parts: readonly Setting[] }[] = [
  {
    title: 'Who works',
    parts: [
      { part: 'models', label: 'Models', note: 'Providers and keys' },
      { part: 'agents', label: 'Agents', note: 'What each host has' },
      { part: 'budgets', label: 'Budgets and prices', note: 'Limits and what models cost' },
    ],
  },
  {
    title: 'Where work runs',
    parts: [
      { part: 'hosts', label: 'Hosts', note: 'Records, tests, the default' },
      { part: 'secrets', label: 'Secrets', note: 'Values and files for jobs' },
      { part: 'sandbox', label: 'Sandbox', note: 'What jobs may touch' },
    ],
  },
  {
    title: 'What is allowed',
    parts: [
      { part: 'approvals', label: 'Approvals', note: 'When agents ask' },
      { part: 'policy', label: 'Policy', note: 'Rules for commands' },
      { part: 'operations', label: 'Operations', note: 'Commands that agents may ask for' },
    ],
  },
  {
    title: 'Other programs',
    parts: [
      { part: 'mcp', label: 'MCP servers', note: 'Tools of a project' },
      { part: 'tokens', label: 'API tokens and MCP', note: 'For other programs' },
    ],
  },
  {
    title: 'You',
    parts: [
      { part: 'notifications', label: 'Notifications', note: 'Sound, desktop, push' },
      { part: 'appearance', label: 'Appearance', note: 'Theme and text' },
    ],
  },
];

/** Every part once, in the order of the list. */
export const SETTINGS: readonly Setting[] = SETTING_GROUPS.flatMap(({ parts }) => parts);

/** What is shown where no part was asked for. */
export const FIRST_SETTING: SettingsPart = 'models';

/** Throws for a part that no group lists. */
export function settingOf(part: SettingsPart): Setting {
  const found = SETTINGS.find((one) => one.part === part);
  if (!found) throw new Error(`No group of the settings lists “${part}”`);
  return found;
}
