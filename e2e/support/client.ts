import { decodeOutput, type OutputFrame } from '@farhand/shared/protocol/binary';
import type { CallInput, CallName, CallOutput } from '@farhand/shared/protocol/calls';
import type { ClientFrame, ServerFrame } from '@farhand/shared/protocol/frames';
import { WebSocket } from 'ws';

/** A program that uses the server as the page does: the cookie of a one-time URL, calls, one socket. */
export class Client {
  private constructor(
    readonly origin: string,
    readonly cookie: string,
  ) {}

  static async signIn(url: string): Promise<Client> {
    const response = await fetch(url, { redirect: 'manual' });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (!cookie) throw new Error(`no cookie from ${response.status} ${await response.text()}`);
    return new Client(new URL(url).origin, cookie);
  }

  async call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> {
    const response = await fetch(`${this.origin}/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: this.cookie, origin: this.origin },
      body: JSON.stringify(input),
    });
    const answer = (await response.json()) as { ok: boolean; data: CallOutput<Name>; error: unknown };
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.error)}`);
    return answer.data;
  }

  async connect(): Promise<ClientSocket> {
    const socket = new WebSocket(`${this.origin.replace('http', 'ws')}/ws`, {
      headers: { cookie: this.cookie, origin: this.origin },
    });
    socket.binaryType = 'nodebuffer';
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new ClientSocket(socket);
  }
}

export class ClientSocket {
  /** Called with each frame as it arrives. */
  onFrame: (frame: ServerFrame) => void = () => {};
  onOutput: (frame: OutputFrame) => void = () => {};
  onClose: () => void = () => {};

  constructor(private readonly socket: WebSocket) {
    socket.on('close', () => this.onClose());
    // Told by `close` too.
    socket.on('error', () => {});
    socket.on('message', (bytes: Buffer, isBinary: boolean) => {
      if (!isBinary) return this.onFrame(JSON.parse(bytes.toString()) as ServerFrame);
      const frame = decodeOutput(bytes);
      if (frame) this.onOutput(frame);
    });
  }

  send(frame: ClientFrame): void {
    this.socket.send(JSON.stringify(frame));
  }

  close(): void {
    this.socket.terminate();
  }
}
