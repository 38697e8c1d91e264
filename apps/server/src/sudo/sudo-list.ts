/** Reads what `sudo -n -ll` lists (sudo(8), the long format). */

/** One command that may be run, and whether a password is asked for. */
export interface ListedSudo {
  readonly runAs: string;
  readonly command: string;
  readonly isFree: boolean;
}

const LARGEST = 1024 * 1024;

export function readSudoList(text: string): ListedSudo[] {
  const found: ListedSudo[] = [];
  let runAs = 'root';
  let isFree = false;
  let isInCommands = false;
  for (const line of text.slice(0, LARGEST).split('\n')) {
    const [, key = '', value = ''] = /^ {4}([A-Za-z]+):(.*)$/.exec(line) ?? [];
    if (line.startsWith('Sudoers entry:')) [runAs, isFree, isInCommands] = ['root', false, false];
    else if (key === 'RunAsUsers') runAs = value.trim();
    else if (key === 'Options') isFree = value.split(',').some((option) => option.trim() === '!authenticate');
    else if (key === 'Commands') isInCommands = true;
    else if (isInCommands && line.startsWith('\t'))
      found.push({ runAs, command: plain(line.trim()), isFree });
  }
  return found;
}

// As it was before it was escaped for the file.
const plain = (command: string) => command.replaceAll(/\\([,:=\\])/g, '$1');
