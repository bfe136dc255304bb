import { describe, expect, it } from 'vitest';
import { pinKeys } from './bank-keys.ts';
import { aRequest, newKeyPair, newNonce } from './messages.fixture.ts';
import { signResponse } from './sign-message.ts';
import { alfa, expectRefused, NOW, send } from './verifying.fixture.ts';
import { verifyResponse } from './verify-message.ts';

describe('a signed response', () => {
  const beta = newKeyPair('beta');
  const response = {
    status: 200,
    contentType: 'application/json',
    body: Buffer.from('{"vote":"yes"}'),
  };
  const options = { findKey: pinKeys([alfa.peerKey, beta.peerKey]), at: NOW };

  async function answered(key = beta) {
    const { received, signed } = await send();
    const to = { bank: 'beta', method: 'POST', targetUri: received.targetUri, ...signed };
    const headers = await signResponse(response, to, { key, at: NOW, nonce: newNonce() });
    return { to, received: { status: 200, body: response.body, headers: { ...headers } } };
  }

  it('is taken from the bank that was asked', async () => {
    const { to, received } = await answered();
    expect(await verifyResponse(received, to, options)).toMatchObject({
      kind: 'verified',
      bank: 'beta',
    });
  });

  it('of another request, spliced in, is refused', async () => {
    const [one, other] = [await answered(), await answered()];
    expect(await verifyResponse(other.received, one.to, options)).toEqual({
      kind: 'refused',
      code: 'signature_invalid',
    });
  });

  it('with another status or body is refused', async () => {
    const { to, received } = await answered();
    expect(await verifyResponse({ ...received, status: 201 }, to, options)).toMatchObject({
      code: 'signature_invalid',
    });
    const body = Buffer.from('{"vote":"no"}');
    expect(await verifyResponse({ ...received, body }, to, options)).toMatchObject({
      code: 'digest_mismatch',
    });
  });

  it('of another member is refused', async () => {
    const { to, received } = await answered(alfa);
    expect(await verifyResponse(received, to, options)).toMatchObject({ code: 'wrong_bank' });
  });

  it('is no request', async () => {
    const { received } = await answered();
    await expectRefused({ ...aRequest(), headers: received.headers }, 'profile_mismatch', {
      keys: [beta.peerKey],
    });
  });
});
