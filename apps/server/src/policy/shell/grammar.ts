import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';

/** A node of the syntax tree. */
export type SyntaxNode = Node;

/** The tree of a text; the caller's function sees it before it is freed. */
export interface ShellGrammar {
  read<Result>(text: string, use: (root: SyntaxNode) => Result): Result;
}

/** Loads the parser and its grammar for bash. Throws where they are not installed: then nothing may be judged. */
export async function loadShellGrammar(): Promise<ShellGrammar> {
  await Parser.init();
  // Asked of the package, so that it is found from the sources and from the bundle alike.
  const path = createRequire(import.meta.url).resolve('tree-sitter-bash/tree-sitter-bash.wasm');
  const language = await Language.load(await readFile(path));
  const parser = new Parser();
  parser.setLanguage(language);
  return {
    read(text, use) {
      const tree = parser.parse(text);
      if (!tree) throw new Error('The shell text was not parsed.');
      try {
        return use(tree.rootNode);
      } finally {
        tree.delete();
      }
    },
  };
}
