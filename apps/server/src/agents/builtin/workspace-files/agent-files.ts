import { BUILT_IN } from '../commands/built-in.ts';
import { COMMAND_FOLDER, type Command, readCommand } from '../commands/command.ts';
import { PROFILE_FOLDER, type Profile, readProfile } from '../profiles/profile.ts';
import type { PathRoot } from '../tools/paths.ts';
import { type MarkdownFile, type MarkdownFolder, readMarkdownFolder } from './markdown-folder.ts';

/** What the workspace's `.farhand` folder says for the agent. */
export interface AgentFiles {
  readonly profiles: readonly Profile[];
  /** The built-in ones first. */
  readonly commands: readonly Command[];
  /** For the person: what was left out, and why. */
  readonly problems: readonly string[];
}

/** Before the host was asked. */
export const NO_FILES: AgentFiles = { profiles: [], commands: BUILT_IN, problems: [] };

/** Read anew each time, for an agent may have changed them. */
export async function readAgentFiles(root: PathRoot): Promise<AgentFiles> {
  const [agents, commands] = await Promise.all([
    readMarkdownFolder(root, PROFILE_FOLDER),
    readMarkdownFolder(root, COMMAND_FOLDER),
  ]);
  const profiles = readEach(agents, readProfile);
  const ofFolder = readEach(commands, readCommand);
  return {
    profiles: profiles.read,
    commands: [...BUILT_IN, ...ofFolder.read],
    problems: [...profiles.problems, ...ofFolder.problems],
  };
}

function readEach<Value extends object>(
  { files, problems }: MarkdownFolder,
  read: (file: MarkdownFile) => Value | string,
): { read: Value[]; problems: string[] } {
  const all = files.map(read);
  return {
    read: all.filter((one) => typeof one !== 'string'),
    problems: [...problems, ...all.filter((one) => typeof one === 'string')],
  };
}
