/** Signs in: which way next, by what the host still takes, what is configured and who can be asked. */
import type { AnyAuthMethod, BaseAgent, Prompt } from 'ssh2';
import { type KeyNotes, keysToOffer } from './keys.ts';
import type { Asker } from './questions.ts';
import type { DirectSettings } from './settings.ts';

/** sshd's default `MaxAuthTries`: the connection ends with this many failures. */
const USUAL_AUTH_TRIES = 6;

export class SignIn {
  readonly notes: KeyNotes = {
    words: [],
    lockedPath: null,
    unsupported: [],
    hasAgentCertificate: false,
  };
  readonly #settings: DirectSettings;
  readonly #asker: Asker;
  /** What the host said last; null before it was asked. */
  #methods: readonly string[] | null = null;
  #keys: BaseAgent[] | null = null;
  #keysOffered = 0;
  #passwordsTried = 0;
  #isKeyboardSilent = false;

  constructor(settings: DirectSettings, asker: Asker) {
    this.#settings = settings;
    this.#asker = asker;
  }

  /** Ways that the host named last. */
  get methods(): readonly string[] {
    return this.#methods ?? [];
  }

  get keysLeft(): number {
    return this.#keys?.length ?? 0;
  }

  get keysOffered(): number {
    return this.#keysOffered;
  }

  /** To be called with each refusal of the host's. */
  refused(methods: readonly string[]): void {
    this.#methods = methods;
  }

  /** The next thing to try; null where nothing is left. */
  async next(): Promise<AnyAuthMethod | null> {
    const username = this.#settings.user;
    // Nobody is let in so; it tells what the host takes.
    if (this.#methods === null) return { type: 'none', username };
    for (const method of this.#settings.signInMethods) {
      if (!this.#methods.includes(method)) continue;
      const attempt =
        method === 'publickey'
          ? await this.#nextKey()
          : method === 'password'
            ? await this.#password()
            : this.#keyboard();
      if (attempt !== null) return attempt;
    }
    return null;
  }

  async #nextKey(): Promise<AnyAuthMethod | null> {
    this.#keys ??= await keysToOffer(this.#settings, this.#asker, this.notes);
    // One try is left for a person's password: a host hangs up on who offers key after key.
    const canGoOn = this.#asker.canAsk && this.#others().length > 0;
    if (this.#keysOffered >= USUAL_AUTH_TRIES - (canGoOn ? 1 : 0)) return null;
    const agent = this.#keys.shift();
    if (agent === undefined) return null;
    this.#keysOffered++;
    return { type: 'agent', username: this.#settings.user, agent };
  }

  #others(): string[] {
    const { signInMethods } = this.#settings;
    return signInMethods.filter((method) => method !== 'publickey' && this.methods.includes(method));
  }

  async #password(): Promise<AnyAuthMethod | null> {
    if (!this.#mayTryPassword()) return null;
    const { user, hostname } = this.#settings;
    const password = await this.#asker.ask({
      kind: 'password',
      subject: `${user}@${hostname}`,
      text: `${user}@${hostname}'s password:`,
      canRemember: true,
    });
    if (password === null) return null;
    this.#passwordsTried++;
    return { type: 'password', username: user, password };
  }

  #keyboard(): AnyAuthMethod | null {
    if (!this.#mayTryPassword() || this.#isKeyboardSilent) return null;
    // Until it asks something: a host that only says no would be asked without end.
    this.#isKeyboardSilent = true;
    return {
      type: 'keyboard-interactive',
      username: this.#settings.user,
      prompt: (name, instructions, _language, prompts, finish) => {
        this.#isKeyboardSilent = false;
        void this.#answer([name, instructions], prompts).then(finish);
      },
    };
  }

  // The password and the keyboard ask for the same, as a rule: the tries count together.
  #mayTryPassword(): boolean {
    return this.#asker.canAsk && this.#passwordsTried < this.#settings.passwordTries;
  }

  async #answer(about: readonly string[], prompts: readonly Prompt[]): Promise<string[]> {
    const { user, hostname } = this.#settings;
    this.#passwordsTried++;
    const answers: string[] = [];
    for (const { prompt, echo } of prompts) {
      const isPassword = echo !== true && /pass(?:word|phrase)/i.test(prompt);
      const answer = await this.#asker.ask({
        kind: isPassword ? 'password' : 'code',
        subject: `${user}@${hostname}`,
        // As ssh: who asks stands before the host's own words, so that it cannot pass for ssh and ask for a passphrase.
        text: `(${user}@${hostname}) ${[...about, prompt].filter((line) => line.trim() !== '').join('\n')}`,
        // A code is good once.
        canRemember: isPassword,
      });
      // A refusal is an empty answer, so that the host says no and the login goes on to its end.
      answers.push(answer ?? '');
    }
    return answers;
  }
}
