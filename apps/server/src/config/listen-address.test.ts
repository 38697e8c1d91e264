import { describe, expect, it } from 'vitest';
import { listenAddress } from './listen-address.ts';

describe('listenAddress', () => {
  it.each(['127.0.0.1', 'localhost', '::1'])('takes %s without a question', (host) => {
    expect(listenAddress(host, false).names).toEqual(['127.0.0.1', 'localhost', '[::1]']);
  });

  it.each(['0.0.0.0', '::', '192.168.1.2', 'box.lan', '127.0.0.1.evil.example', '128.0.0.1'])(
    'refuses %s unless it is allowed',
    (host) => {
      expect(() => listenAddress(host, false)).toThrow(
        expect.objectContaining({ code: 'server.remote_not_allowed' }),
      );
      expect(listenAddress(host, true).host).toBe(host);
    },
  );

  it('serves the name it was given', () => {
    expect(listenAddress('192.168.1.2', true)).toMatchObject({ shownName: '192.168.1.2' });
    expect(listenAddress('fd00::2', true).names).toContain('[fd00::2]');
  });
});
