/** One word of a simple command, quotes and backslashes taken away. */
export interface ShellWord {
  /** Of a word that is not known, what it begins with for sure. */
  readonly text: string;
  /** A pattern for file names stands in it, outside quotes. */
  readonly hasGlob: boolean;
  /** False where only the run says what it is: then it can be several words, or none. */
  readonly isKnown: boolean;
}

/** Input or output to a file. What only joins or drops streams (`2>&1`, `>/dev/null`) is left out. */
export interface ShellRedirection {
  readonly isOutput: boolean;
  readonly target: ShellWord;
}

/** A program with its arguments, wherever in the text it stands. */
export interface ShellCommand {
  /** The first one is the program; none for a redirection that stands alone. */
  readonly words: readonly ShellWord[];
  readonly redirections: readonly ShellRedirection[];
  /** Names of the variables that are set for it alone. */
  readonly assignments: readonly string[];
  /** What it stands in, outermost first: `$( )`, `sudo`, `xargs`. */
  readonly within: readonly string[];
  /** Its place among the commands around it is not followed: a `cd` in it counts for all that come later. */
  readonly isNested: boolean;
  /** It does nothing but run the commands that are listed after it. */
  readonly isTransparent: boolean;
  /** The programs that it runs besides, as far as its arguments say: they come right after it in the list. */
  readonly runs: number;
  /** Why it is not known what it runs, or what it changes for those after it; null where it is. As words for “uses …”. */
  readonly reason: string | null;
}

/** The simple commands of a text in their order. */
export interface ShellCommands {
  readonly commands: readonly ShellCommand[];
  /** Why not all of it is known, as words for “uses …”: then nothing of it may be allowed. Null where all is known. */
  readonly reason: string | null;
  /** It has a loop or a function, so that what stands above can run after what stands below. */
  readonly hasLoop: boolean;
}
