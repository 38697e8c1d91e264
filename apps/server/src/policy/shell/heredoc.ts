import type { SyntaxNode } from './grammar.ts';

/**
 * Why a heredoc is not the one that a shell reads, as words for “uses …”; null for one whose text goes to the program as
 * it stands. It is found again in the letters, by lines alone.
 */
export function heredocProblem(redirect: SyntaxNode, text: string): string | null {
  const unsure = 'a heredoc that is not understood';
  // A second one, and what stands in quotes or comments and looks like one, is not told apart here.
  if ((text.match(/<<(?!<)/g) ?? []).length !== (text.match(/<<</g) ?? []).length + 1) return unsure;
  const found = /<<(-?)[ \t]*(['"]?)([A-Za-z_][A-Za-z0-9_]*)\2([^\n]*)\n/.exec(text);
  if (!found || found.index !== text.indexOf('<<', redirect.startIndex)) return unsure;
  const [, dash, quote, word = '', rest = ''] = found;
  if (dash === '-' || !/^($|[\s;|&>)])/.test(rest)) return unsure;
  // Where the line goes on by itself, the text does not begin with the next one.
  if (/['"\\`#]/.test(rest)) return unsure;
  const lines = text.slice(found.index + found[0].length).split('\n');
  const end = lines.indexOf(word);
  if (end === -1) return unsure;
  const body = lines.slice(0, end).join('\n');
  const node = redirect.children.find(({ type }) => type === 'heredoc_body');
  if ((node?.text ?? '').replace(/\n$/, '') !== body && body !== '') return unsure;
  const closing = redirect.children.find(({ type }) => type === 'heredoc_end');
  if (closing?.text !== word) return unsure;
  return quote === '' && /[$`\\]/.test(body) ? 'a heredoc with a variable or substitution' : null;
}

/** The text of a heredoc. */
export function heredocText(redirect: SyntaxNode): string {
  return redirect.children.find(({ type }) => type === 'heredoc_body')?.text ?? '';
}
