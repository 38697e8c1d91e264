/** Variables that change how much is told, and nothing that runs. */
const HARMLESS: ReadonlySet<string> = new Set(
  (
    'CI NODE_ENV FORCE_COLOR NO_COLOR CLICOLOR CLICOLOR_FORCE TZ LANG LC_ALL TERM COLUMNS LINES RUST_BACKTRACE ' +
    'RUST_LOG PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE DEBUG VERBOSE'
  ).split(' '),
);

/** Names of the shell itself in lower case, in one shell or another. */
const OF_SHELLS: ReadonlySet<string> = new Set(
  'path cdpath fpath manpath mailpath mailpath prompt psvar watch status argv histchars'.split(' '),
);

/** True where setting it cannot change which programs run, or what they do besides telling more or less. */
export function isHarmlessVariable(name: string, value: string): boolean {
  return HARMLESS.has(name) && /^[\w.,:*=-]{0,100}$/.test(value);
}

/** True for a name that programs do not look at. */
export function isHarmlessLoopVariable(name: string): boolean {
  return /^[a-z]{1,12}$/.test(name) && !OF_SHELLS.has(name);
}
