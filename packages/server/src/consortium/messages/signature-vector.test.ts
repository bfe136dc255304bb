import { createPublicKey, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { httpbis } from 'http-message-signatures';

/** RFC 9421, B.2.6: what the library makes of a message is what the standard says. */
const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`;

it('agrees with the test vector of RFC 9421 for Ed25519', async () => {
  const message = {
    method: 'POST',
    url: 'https://example.com/foo?param=Value&Pet=dog',
    headers: {
      date: 'Tue, 20 Apr 2021 02:07:55 GMT',
      'content-type': 'application/json',
      'content-length': '18',
      'signature-input':
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")' +
        ';created=1618884473;keyid="test-key-ed25519"',
      signature:
        'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
    },
  };
  const key = createPublicKey(PUBLIC_KEY);
  const config = {
    all: true,
    keyLookup: () =>
      Promise.resolve({
        verify: (base: Buffer, signature: Buffer) =>
          Promise.resolve(verify(null, base, key, signature)),
      }),
  };
  expect(await httpbis.verifyMessage(config, message)).toBe(true);
  expect(await httpbis.verifyMessage(config, { ...message, method: 'PUT' })).toBe(false);
});
