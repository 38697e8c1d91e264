/** The shell functions that scripts of this folder call: a runtime defines them before a script (shell.ts). */
import { EXEC_FUNCTIONS } from './exec-functions.ts';
import { JOB_FUNCTIONS } from './jobs/job-functions.ts';
import { START_FUNCTIONS } from './jobs/start-functions.ts';

const FUNCTIONS = [EXEC_FUNCTIONS, JOB_FUNCTIONS, START_FUNCTIONS].join('\n');
// The text of the keeper, which stands in one of them, has functions of its own.
const NAMES = [...new Set([...FUNCTIONS.matchAll(/^([a-z_]+)\(\) \{/gm)].map(([, name]) => name))];

/**
 * Defines the functions; it runs nothing. What a runtime may set for them: FARHAND_SCOPE, the words that start a program
 * where logout does not end it (logind.ts).
 */
export const LIBRARY = `${FUNCTIONS}
farhand_functions='${NAMES.join(' ')}'
farhand_scope=$FARHAND_SCOPE
unset FARHAND_SCOPE
`;

/** Takes the functions away, for a text that is a person's. */
export const FORGET_LIBRARY = 'unset -f $farhand_functions\nunset farhand_functions farhand_scope\n';
