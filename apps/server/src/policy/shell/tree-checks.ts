import type { SyntaxNode } from './grammar.ts';

/** Letters after which a comment, or the number of a stream, can stand. */
const BEFORE = /[ \t\n;|&()]/;

/**
 * Why the tree cannot be trusted to be what a shell reads, as words for “uses …”; null where it can. The grammar forgives
 * and skips where a shell would not: what it skipped must be blanks, and nothing may touch that a shell takes as one.
 */
export function distrust(root: SyntaxNode, text: string): string | null {
  if (root.hasError) return 'an order of letters that is not understood';
  let end = 0;
  for (const leaf of leaves(root)) {
    if (leaf.isMissing) return 'an order of letters that is not understood';
    const problem = gapProblem(text.slice(end, leaf.startIndex)) ?? leafProblem(leaf, text);
    if (problem !== null) return problem;
    end = Math.max(end, leaf.endIndex);
  }
  return (
    gapProblem(text.slice(end)) ?? (hasBrokenLine(root, text) ? 'a line that ends within a command' : null)
  );
}

const ON_ONE_LINE =
  /^(command|test_command|file_redirect|herestring_redirect|variable_assignments?|declaration_command|unset_command|(unary|binary)_expression|negated_command|command_name)$/;

// A shell ends a command where its line ends; the grammar may read on.
function hasBrokenLine(node: SyntaxNode, text: string): boolean {
  const { children } = node;
  const isBroken =
    ON_ONE_LINE.test(node.type) &&
    children.some((child, at) => {
      const before = children[at - 1];
      return before && text.slice(before.endIndex, child.startIndex).replaceAll('\\\n', '').includes('\n');
    });
  return isBroken || children.some((child) => hasBrokenLine(child, text));
}

// A line that goes on is two words only where there is a blank too.
function gapProblem(gap: string): string | null {
  const plain = gap.replaceAll('\\\n', '');
  if (!/^[ \t\n]*$/.test(plain)) return 'letters that are not understood';
  return plain === '' && gap !== '' ? 'a line that goes on within a word' : null;
}

function leafProblem(leaf: SyntaxNode, text: string): string | null {
  const before = text.charAt(leaf.startIndex - 1);
  const after = text.charAt(leaf.endIndex);
  const isAlone = leaf.startIndex === 0 || BEFORE.test(before);
  if (leaf.type === 'comment' && !isAlone) return 'a comment';
  // Some shells take one digit only, and the rest for a word.
  if (leaf.type === 'file_descriptor' && (!isAlone || leaf.text.length > 1))
    return 'an operator that is not judged';
  // With the right settings a pattern: then the first name that it meets is run.
  if (leaf.type === '!' && after === '(') return 'an operator that shells read differently';
  const isNumber = /^(number|word)$/.test(leaf.type) && /(^\d+|\})$/.test(leaf.text);
  if (isNumber && /[<>]/.test(after)) return 'an operator that is not judged';
  return null;
}

/** Nodes whose letters are read as one. */
const WHOLE = [
  'raw_string',
  'ansi_c_string',
  'string_content',
  'heredoc_content',
  'extglob_pattern',
  'regex',
];

function* leaves(node: SyntaxNode): Generator<SyntaxNode> {
  // What stands between the quotes is read by letters, blanks and all.
  const hasText = node.type === 'string' || node.type === 'heredoc_body' || node.type === 'expansion';
  if (node.childCount === 0 || WHOLE.includes(node.type) || hasText) {
    yield node;
    return;
  }
  for (const child of node.children) yield* leaves(child);
}

const WORDS = ['command_name', 'word', 'number', 'string', 'raw_string', 'concatenation', 'simple_expansion'];

/** True where two words of a command stand without a blank between them. */
export function hasTouching(command: SyntaxNode): boolean {
  const { children } = command;
  return children.some((child, index) => {
    const before = children[index - 1];
    const areWords = before && [before, child].some(({ type }) => WORDS.includes(type));
    return (
      areWords === true && before.endIndex === child.startIndex && !/redirect/.test(before.type + child.type)
    );
  });
}
