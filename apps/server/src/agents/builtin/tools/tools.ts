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

/** The tools that every turn has, in the order in which the model is told of them; see `turn-tools.ts` for the others. */
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
