import { describe, expect, it } from 'vitest';
import { readJson } from './request-body.ts';

const bodyOf = (start: (controller: ReadableStreamDefaultController<Uint8Array>) => void) =>
  new Request('http://127.0.0.1/', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new ReadableStream({ start }),
    duplex: 'half',
  } as RequestInit);

describe('readJson', () => {
  it('takes a body that ends in the middle for a bad request, and not for a fault of the server', async () => {
    const cut = bodyOf((controller) => {
      controller.enqueue(Buffer.from('{"source":'));
      controller.error(new Error('aborted'));
    });
    await expect(readJson(cut)).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('stops reading a body without a length once it is too large', async () => {
    const endless = bodyOf((controller) => {
      for (let count = 0; count < 4; count += 1) controller.enqueue(new Uint8Array(10));
      controller.close();
    });
    await expect(readJson(endless, 30)).rejects.toMatchObject({ code: 'request.too_large' });
  });
});
