import type { SyntaxNode } from './grammar.ts';
import { heredocProblem, heredocText } from './heredoc.ts';
import type { ShellCommand, ShellRedirection, ShellWord } from './shell-commands.ts';
import { hasTouching } from './tree-checks.ts';
import { isHarmlessLoopVariable, isHarmlessVariable } from './variables.ts';
import { type ReadWord, readWord } from './words.ts';

/** A command as it stands in the text, before it is looked at which programs it runs. */
export interface FoundCommand extends Omit<ShellCommand, 'isTransparent' | 'runs' | 'reason'> {
  /** What it reads from a heredoc or a here-string: null where it reads nothing of that kind. */
  readonly input: ShellWord | null;
}

interface Place {
  readonly within: readonly string[];
  readonly isNested: boolean;
}

/** Nodes that only hold others: what stands in them is looked at in order. */
const HOLDERS: Readonly<Record<string, string | null>> = {
  program: null,
  list: null,
  negated_command: null,
  redirected_statement: null,
  if_statement: 'if',
  elif_clause: 'if',
  else_clause: 'if',
  while_statement: 'while',
  do_group: 'loop',
  case_statement: 'case',
  case_item: 'case',
  pipeline: 'pipe',
  subshell: '( )',
  compound_statement: '{ }',
};
const REDIRECTS = ['file_redirect', 'heredoc_redirect', 'herestring_redirect'];
/** They change what later words mean, or stand for what is not seen. */
const ODD: Readonly<Record<string, string>> = {
  function_definition: 'a function',
  declaration_command: 'a declaration',
  unset_command: 'a declaration',
  c_style_for_statement: 'arithmetic',
  arithmetic_expansion: 'arithmetic',
  command_substitution: 'a substitution',
  process_substitution: 'a substitution',
  expansion: 'a variable or substitution',
  simple_expansion: 'a variable or substitution',
};
const SHOWN: Readonly<Record<string, string>> = {
  command_substitution: '$( )',
  process_substitution: '<( )',
  function_definition: 'a function',
};
const PLAIN_TEST_MARKS = ['[', ']', '!', '=', '==', '!='];
const TEST_MARKS = ['[[', ']]', '!', '=', '==', '!='];
const PLAIN = ['comment', 'variable_name', 'word', 'number', 'raw_string', 'string_content', 'test_operator'];

/** Finds every simple command of a tree, and what in it is not known. */
export class Walk {
  readonly commands: FoundCommand[] = [];
  readonly reasons: string[] = [];
  hasLoop = false;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  visit(node: SyntaxNode, place: Place): void {
    if (!node.isNamed) return;
    const held = HOLDERS[node.type];
    const isArithmetic = node.type === 'compound_statement' && node.text.startsWith('((');
    if (held !== undefined && !isArithmetic) return this.#hold(node, held, place);
    if (node.type === 'command') return this.#command(node, place);
    if (node.type === 'for_statement') return this.#loop(node, place);
    if (node.type === 'variable_assignment' || node.type === 'variable_assignments')
      return this.#assignment(node, place);
    if (node.type === 'test_command') return this.#test(node, place);
    if (REDIRECTS.includes(node.type)) return this.#redirectAlone(node, place);
    // A list of names to be set is bound to their program.
    if (!PLAIN.includes(node.type)) this.#odd(node, place);
  }

  #odd(node: SyntaxNode, place: Place): void {
    if (node.type !== 'string' && node.type !== 'concatenation')
      this.reasons.push(
        ODD[node.type] ?? (node.type.startsWith('compound') ? 'arithmetic' : `what is not judged`),
      );
    if (node.type === 'function_definition' || node.type.endsWith('for_statement')) this.hasLoop = true;
    const shown = SHOWN[node.type];
    this.#all(node.children, {
      within: shown ? [...place.within, shown] : place.within,
      isNested: true,
    });
  }

  #all(nodes: readonly SyntaxNode[], place: Place): void {
    for (const node of nodes) this.visit(node, place);
  }

  #hold(node: SyntaxNode, shown: string | null, place: Place): void {
    if (shown === 'loop' || shown === 'while') this.hasLoop = true;
    const isFlat = shown === null && !node.children.some(({ type }) => type === '||' || type === '&');
    const inner = isFlat ? place : { ...place, isNested: true };
    if (node.type === 'redirected_statement') return this.#redirected(node, place);
    for (const child of node.children) {
      // What a `case` compares must be plain, for it is not looked at any further.
      if (node.type.startsWith('case') && this.#isValue(node, child)) this.#word(child, inner);
      else this.visit(child, inner);
    }
  }

  #isValue(node: SyntaxNode, child: SyntaxNode): boolean {
    return node.childrenForFieldName('value').some((value) => value.id === child.id);
  }

  #command(node: SyntaxNode, place: Place): void {
    if (hasTouching(node)) this.reasons.push('words that touch');
    const words: ShellWord[] = [];
    const assignments: string[] = [];
    const redirects: SyntaxNode[] = [];
    const isOnlyTold = /^(echo|exit)$/.test(node.childForFieldName('name')?.text ?? '');
    for (const child of node.children) {
      if (child.type === 'variable_assignment') assignments.push(this.#setVariable(child, place));
      else if (REDIRECTS.includes(child.type)) redirects.push(child);
      else if (child.type === 'subshell') this.#odd(child, place);
      else words.push(this.#word(child, place, { isTextAsked: false, isOnlyTold }));
    }
    this.#add({ words, assignments, ...place }, redirects, place);
  }

  #add(
    command: Pick<FoundCommand, 'words' | 'assignments' | 'within' | 'isNested'>,
    redirects: readonly SyntaxNode[],
    place: Place,
  ): void {
    const at = this.commands.length;
    this.commands.push({ ...command, redirections: [], input: null });
    this.#redirect(at, redirects, place);
  }

  #redirected(node: SyntaxNode, place: Place): void {
    const redirects = node.children.filter(({ type }) => REDIRECTS.includes(type));
    const before = this.commands.length;
    this.#all(
      node.children.filter(({ type }) => !REDIRECTS.includes(type)),
      place,
    );
    if (this.commands.length === before) {
      if (node.childForFieldName('body') === null) this.reasons.push('a redirection without a command');
      this.commands.push({ words: [], assignments: [], redirections: [], input: null, ...place });
    }
    // Words after a redirection belong to the command that ends right before it.
    this.#redirect(this.commands.length - 1, redirects, place);
  }

  #redirect(at: number, redirects: readonly SyntaxNode[], place: Place): void {
    for (const redirect of redirects) {
      const [words, file, input] = this.#readRedirect(redirect, place);
      const before = this.commands[at];
      if (!before) return;
      this.commands[at] = {
        ...before,
        words: [...before.words, ...words],
        redirections: [...before.redirections, ...file],
        input: input ?? before.input,
      };
      if (redirect.type === 'heredoc_redirect') this.#afterHeredoc(redirect, place);
    }
  }

  #readRedirect(node: SyntaxNode, place: Place): [ShellWord[], ShellRedirection[], ShellWord | null] {
    if (node.type === 'heredoc_redirect') return this.#heredoc(node, place);
    const [target, ...more] = node.children
      .filter(({ isNamed, type }) => isNamed && type !== 'file_descriptor')
      .map((child) => this.#word(child, place));
    const operator = node.children.find(({ isNamed }) => !isNamed)?.type ?? '';
    if (node.type === 'herestring_redirect') return [more, [], target ?? null];
    if (operator === '<&' || operator === '>&' || operator.endsWith('&-')) {
      const isJoin = operator === '>&' && target?.isKnown && /^[12]$/.test(target.text);
      if (!isJoin) this.reasons.push('an operator that is not judged');
      return [more, [], null];
    }
    // To a shell that does not know it, the command ends at the `&`, and another one begins behind the file.
    const isLast = more.length === 0 && /^[ \t]*($|[\n;|&)])/.test(this.#text.slice(node.endIndex));
    if (operator.startsWith('&>') && !isLast) this.reasons.push('an operator that shells read differently');
    if (!target) return [more, [], null];
    if (target.hasGlob) this.reasons.push('a redirection to a pattern');
    if (/^[0-9]+$/.test(target.text) && operator.endsWith('&>'))
      this.reasons.push('an operator that is not judged');
    const isOutput = operator !== '<';
    return [more, target.isKnown && target.text === '/dev/null' ? [] : [{ isOutput, target }], null];
  }

  #heredoc(node: SyntaxNode, place: Place): [ShellWord[], ShellRedirection[], ShellWord | null] {
    const problem = heredocProblem(node, this.#text);
    if (problem !== null) this.reasons.push(problem);
    const words: ShellWord[] = [];
    const files: ShellRedirection[] = [];
    for (const child of node.childrenForFieldName('argument')) words.push(this.#word(child, place));
    for (const child of node.childrenForFieldName('redirect')) {
      const [more, file] = this.#readRedirect(child, place);
      words.push(...more);
      files.push(...file);
    }
    const isKnown = problem === null;
    return [words, files, { text: isKnown ? heredocText(node) : '', hasGlob: false, isKnown }];
  }

  // A pipe or list that goes on behind the word of a heredoc, and what its text substitutes.
  #afterHeredoc(node: SyntaxNode, place: Place): void {
    for (const child of node.children) {
      const isSeen = ['argument', 'redirect'].some((name) =>
        node.childrenForFieldName(name).some(({ id }) => id === child.id),
      );
      if (isSeen || child.type === 'heredoc_start' || child.type === 'heredoc_end') continue;
      if (child.type === 'heredoc_body')
        this.#all(
          child.children.filter(({ type }) => type !== 'heredoc_content'),
          { ...place, isNested: true },
        );
      else this.visit(child, { ...place, isNested: true });
    }
  }

  #redirectAlone(node: SyntaxNode, place: Place): void {
    this.reasons.push('a redirection without a command');
    this.#add({ words: [], assignments: [], ...place }, [node], place);
  }

  #loop(node: SyntaxNode, place: Place): void {
    this.hasLoop = true;
    const name = node.childForFieldName('variable')?.text ?? '';
    if (node.children[0]?.type === 'select' || !isHarmlessLoopVariable(name)) this.reasons.push('a variable');
    for (const child of node.children) {
      if (this.#isValue(node, child)) this.#word(child, place);
      else this.visit(child, { ...place, isNested: true });
    }
  }

  #assignment(node: SyntaxNode, place: Place): void {
    const all = node.type === 'variable_assignments' ? node.namedChildren : [node];
    for (const one of all) this.#setVariable(one, place);
  }

  // The name that is set; what can change how programs run is not known.
  #setVariable(node: SyntaxNode, place: Place): string {
    const name = node.childForFieldName('name')?.text ?? '';
    const value = node.childForFieldName('value');
    const word = value && value.type !== 'array' ? this.#word(value, place) : null;
    if (value?.type === 'array') this.#odd(value, place);
    const isPlain = word === null ? value === null : word.isKnown && !word.hasGlob;
    if (!isPlain || !isHarmlessVariable(name, word?.text ?? '')) this.reasons.push('a variable');
    return name;
  }

  // `[ … ]` and `[[ … ]]` as the words of one command, so that their paths are seen.
  #test(node: SyntaxNode, place: Place): void {
    const words = [...this.#testWords(node, place)];
    this.commands.push({ words, assignments: [], redirections: [], input: null, ...place });
  }

  *#testWords(node: SyntaxNode, place: Place, isInside = false): Generator<ShellWord> {
    for (const child of node.children) {
      if (/^(unary|binary)_expression$/.test(child.type))
        yield* this.#testWords(child, place, isInside || node.text.startsWith('[['));
      else if (child.isNamed) yield this.#word(child, place);
      else {
        // All else ends the command, or sends it to a file: in some shells also between two brackets.
        const known = node.text.startsWith('[[') || isInside ? TEST_MARKS : PLAIN_TEST_MARKS;
        if (!known.includes(child.text)) this.reasons.push('a test that is not understood');
        yield { text: child.text, hasGlob: false, isKnown: true };
      }
    }
  }

  /** Reads a word and what is substituted in it. One that is not known makes its command so, and the text unless told. */
  #word(node: SyntaxNode, place: Place, { isTextAsked = true, isOnlyTold = false } = {}): ReadWord {
    const word = readWord(node, isOnlyTold);
    if (!word.isKnown && isTextAsked) this.reasons.push(word.reason ?? 'a variable or substitution');
    if (!word.isKnown) this.#substituted(node, place);
    return word;
  }

  #substituted(node: SyntaxNode, place: Place): void {
    if (node.type.endsWith('_substitution')) this.#odd(node, place);
    else for (const child of node.children) this.#substituted(child, place);
  }
}
