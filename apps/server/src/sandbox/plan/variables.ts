import type { Environment } from '@farhand/shared/runtime/port';

/** In front of a name on its way in. */
export const PREFIX = 'FARHAND_SET_';

/**
 * The variables under names that mean nothing outside. A program of the host that starts the sandbox must not load a
 * library or take a program of the workspace because the caller says so, by LD_PRELOAD or PATH.
 */
export function carried(env: Environment = {}): Environment {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [PREFIX + name, value]));
}

/** Shell text that gives them their own names again, inside. */
export function renameVariables(names: readonly string[]): string {
  const each = (name: string) =>
    `[ -z "\${${PREFIX}${name}+set}" ] || { export ${name}="$${PREFIX}${name}"; unset ${PREFIX}${name}; }\n`;
  // The path at last: what stands before it is the shell's own.
  const ordered = names.toSorted((a, b) => Number(a === 'PATH') - Number(b === 'PATH'));
  return ordered.map(each).join('');
}
