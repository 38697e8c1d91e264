/** Options that make a program do more than it seems to. */
export interface Refused {
  /** Letters of short options, also where they stand in a group or with a value. */
  readonly short?: string;
  /** Long options without their dashes. What begins one, as GNU programs take it, or goes on from one, counts as it. */
  readonly long?: readonly string[];
}

/** The first argument that is, or may be, one of these options; null for none. */
export function refusedOption(args: readonly string[], { short = '', long = [] }: Refused): string | null {
  const found = args.find((arg) => {
    if (arg.startsWith('--')) {
      const [name = ''] = arg.slice(2).split('=');
      return name !== '' && long.some((one) => one.startsWith(name) || name.startsWith(one));
    }
    return /^-./.test(arg) && [...short].some((letter) => arg.includes(letter, 1));
  });
  return found ?? null;
}

/** True where every argument that begins with a dash is one of these, as a whole or as `name=value`. */
export function onlyOptions(args: readonly string[], known: readonly string[]): boolean {
  return args.every((arg) => !arg.startsWith('-') || known.includes(arg.split('=')[0] ?? ''));
}

/** Arguments that are no options. */
export const operands = (args: readonly string[]): string[] => args.filter((arg) => !arg.startsWith('-'));
