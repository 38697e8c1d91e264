import { existsSync } from 'node:fs';
import { type ConfigFile, openConfigFile } from '../../config/config-file.ts';
import { lineOf } from '../../config/toml-place.ts';
import { readRecord } from '../../hosts/records/record-toml.ts';
import { readOperations } from '../../operations/definition/definition.ts';
import { currentRules } from '../../policy/rule-set.ts';
import { readProfiles } from '../../sandbox/profiles/own.ts';
import type { Context } from '../context.ts';
import { printable } from '../terminal.ts';
import { bad, type Check, good, note } from './check.ts';

/** The files that a person writes: that they can be read, and that all in them can be used. */
export function checkConfig({ paths }: Pick<Context, 'paths'>): Check[] {
  return [
    ...checkFile('config.toml', paths.configFile, configProblems),
    ...checkFile('policy.toml', paths.policyFile, ({ path, text, problem }) =>
      currentRules({ path, text, problem })
        .read()
        .problems.map(({ line, column, message }) => ({
          text: message.startsWith(path) ? message : `line ${line}, column ${column}: ${message}`,
          hint: 'Until it is mended no rule allows anything: all is asked that no rule of the last good text denies.',
        })),
    ),
  ];
}

interface Problem {
  readonly text: string;
  readonly hint: string;
}

function checkFile(name: string, path: string, problemsOf: (file: ConfigFile) => Problem[]): Check[] {
  if (!existsSync(path)) return [note(name, `${path} (there is none, and none is needed)`)];
  const file = openConfigFile(path);
  try {
    const found = problemsOf(file);
    if (found.length === 0) return [good(name, path)];
    return found.map(({ text, hint }) => bad(name, printable(text), `${hint} The file: ${path}`));
  } finally {
    file.close();
  }
}

function configProblems(file: ConfigFile): Problem[] {
  const whole = file.problem();
  if (whole !== null)
    return [
      {
        text: whole,
        hint: 'Mend that line: until then a server that starts knows nothing of what is in it.',
      },
    ];
  const config = file.read();
  const { hosts } = config;
  const records = typeof hosts === 'object' && hosts !== null ? Object.entries(hosts) : [];
  return [
    ...records.flatMap(([name, table]) => {
      const read = readRecord(name, table);
      if (!('problem' in read)) return [];
      const place = placeOf(file, ['hosts', name], read.key);
      return [{ text: `${place}: ${read.problem}`, hint: 'The host is refused until this is mended.' }];
    }),
    ...[...readProfiles(config).problems.values()].map((text) => ({
      text,
      hint: 'What should run in this sandbox is refused until this is mended.',
    })),
    ...readOperations(config).flatMap(({ name, problem }) =>
      problem === null
        ? []
        : [
            {
              text: `${placeOf(file, ['operations', name])}: ${problem}`,
              hint: 'The operation is refused until this is mended.',
            },
          ],
    ),
  ];
}

function placeOf(file: ConfigFile, table: readonly string[], key: string | null = null): string {
  const line = lineOf(file.text(), table, key);
  return `${line === null ? '' : `line ${line}: `}${[...table, ...(key === null ? [] : [key])].join('.')}`;
}
