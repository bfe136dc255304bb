import { createHmac } from 'node:crypto';
import { describe, it } from 'vitest';
import { alfa, expectRefused, gama, replaceIn, send, withHeaders } from './verifying.fixture.ts';

describe('confusion is refused', () => {
  it.each(['hmac-sha256', 'none', 'rsa-pss-sha512', 'ED25519'])(
    'the algorithm %s',
    async (algorithm) => {
      const forged = replaceIn(await send(), 'alg="ed25519"', `alg="${algorithm}"`);
      await expectRefused(forged, 'algorithm_not_allowed');
    },
  );

  it('an HMAC with the public key as its secret', async () => {
    const { received } = await send();
    const secret = alfa.publicKey.export({ type: 'spki', format: 'pem' });
    const mac = createHmac('sha512', secret).update('any base').digest('base64');
    const forged = withHeaders(received, { signature: `bank=:${mac}:` });
    await expectRefused(forged, 'signature_invalid');
  });

  it('two signatures, one of them valid', async () => {
    const [mine, other] = [await send(), await send(gama)];
    const both = withHeaders(mine.received, {
      'signature-input': `${mine.signed['signature-input']}, ${other.signed['signature-input'].replace('bank=', 'two=')}`,
      signature: `${mine.signed.signature}, ${other.signed.signature.replace('bank=', 'two=')}`,
    });
    await expectRefused(both, 'signature_repeated');
    const hidden = withHeaders(mine.received, {
      signature: `${mine.signed.signature}, ${other.signed.signature.replace('bank=', 'two=')}`,
    });
    await expectRefused(hidden, 'signature_repeated');
  });

  it.each(['signature', 'signature-input', 'content-digest', 'content-type'] as const)(
    'the header %s twice',
    async (name) => {
      const { received, signed } = await send();
      await expectRefused(
        withHeaders(received, { [name]: [signed[name], signed[name]] }),
        'header_repeated',
      );
    },
  );

  it.each([
    ['another label', /^bank=/, 'sig1=', 'profile_mismatch'],
    ['another tag', 'lastro-request-1', 'lastro-response-1', 'profile_mismatch'],
    ['parameters in another order', /(;created=\d+)(;expires=\d+)/, '$2$1', 'signature_malformed'],
    ['a parameter twice', /(;nonce="[^"]+")/, '$1$1', 'signature_malformed'],
    ['a fraction of a second', /created=(\d+)/, 'created=$1.5', 'signature_malformed'],
    ['a nonce that is none', /nonce="[^"]+"/, 'nonce="1"', 'signature_malformed'],
    ['rubbish', /.*/, '\u0000\u0001', 'signature_malformed'],
    ['nothing', /.*/, '', 'signature_malformed'],
  ] as const)('%s', async (_what, from, to, code) => {
    await expectRefused(replaceIn(await send(), from, to), code);
  });

  it.each([
    ['md5=:AAAAAAAAAAAAAAAAAAAAAA==:', 'digest_malformed'],
    ['sha-256=:AAAA:', 'digest_malformed'],
    ['sha-512=:AAAA:', 'digest_malformed'],
  ] as const)('the digest %s', async (digest, code) => {
    const { received } = await send();
    await expectRefused(withHeaders(received, { 'content-digest': digest }), code);
  });

  it('a second digest beside the true one', async () => {
    const { received, signed } = await send();
    const digest = `${signed['content-digest']}, sha-512=:AAAA:`;
    await expectRefused(withHeaders(received, { 'content-digest': digest }), 'digest_malformed');
  });
});
