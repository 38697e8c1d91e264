import { bash } from './bash/run.ts';
import { editFile } from './edit-file/run.ts';
import { listFiles } from './list-files/run.ts';
import { readFile } from './read-file/run.ts';
import { readOutput } from './read-output/run.ts';
import { search } from './search/run.ts';
import { stopJobTool } from './stop-job/run.ts';
import { todo } from './todo/run.ts';
import { type AnyTool, anyTool } from './tool.ts';
import { writeFile } from './write-file/run.ts';

/** Every tool of the built-in agent, in the order in which the model is told of them. */
export const TOOLS: readonly AnyTool[] = [
  anyTool(bash),
  anyTool(readOutput),
  anyTool(stopJobTool),
  anyTool(readFile),
  anyTool(writeFile),
  anyTool(editFile),
  anyTool(listFiles),
  anyTool(search),
  anyTool(todo),
];

export const toolNamed = (name: string): AnyTool | null => TOOLS.find((tool) => tool.name === name) ?? null;
