/** The environment of a login on one host: asked once per connection, by the first shell that needs it. */
import type { Connection } from '../connection.ts';

/** What a shell does about it: the text to run is known, or it is the one to ask and to tell the others. */
export type Turn =
  | { readonly kind: 'known'; readonly text: string }
  | { readonly kind: 'ask'; readonly tell: (text: string) => void; readonly giveUp: () => void };

export class LoginEnvironment {
  #text: string | null = null;
  #asking: Promise<void> | null = null;

  /** The one of this connection. Forgotten with it: start-up files, or the machine, may be others by then. */
  static of(connection: Connection): LoginEnvironment {
    let found = KNOWN.get(connection);
    if (found === undefined) {
      const made = new LoginEnvironment();
      connection.watch((state) => {
        if (state.state !== 'connected') made.#text = null;
      });
      KNOWN.set(connection, made);
      found = made;
    }
    return found;
  }

  /** Waits while another shell asks; whoever gets `ask` ends with either of its functions. */
  async turn(): Promise<Turn> {
    while (this.#asking !== null) await this.#asking;
    if (this.#text !== null) return { kind: 'known', text: this.#text };
    let done = () => {};
    this.#asking = new Promise<void>((resolve) => {
      done = () => {
        this.#asking = null;
        resolve();
      };
    });
    return {
      kind: 'ask',
      tell: (text) => {
        this.#text = text;
        done();
      },
      giveUp: done,
    };
  }
}

const KNOWN = new WeakMap<Connection, LoginEnvironment>();
