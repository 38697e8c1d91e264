/** Where installers put programs of one user. Behind the PATH of the login shell, which has the first word. */
const USER_FOLDERS = [
  '$HOME/.local/bin',
  '$HOME/.npm-global/bin',
  '$HOME/.bun/bin',
  '$HOME/.cargo/bin',
  '$HOME/.opencode/bin',
];

const PATH = `"$PATH:${USER_FOLDERS.join(':')}"`;

/** One line of `sh`, after which programs of the user are found that the login shell's PATH leaves out. */
export const EXTEND_PATH = `PATH=${PATH}; export PATH`;

/** Before one plain command: runs it with that PATH. It stays one command, so that words can be put before and after it. */
export const WITH_PATH = `env PATH=${PATH}`;
