import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pinKeys, type PeerKey } from './bank-keys.ts';
import { contentDigest } from './content-digest.ts';
import { signedAt } from './signature-profile.ts';
import { newKeyPair, newNonce, RememberedNonces, type KeyPair } from './messages.fixture.ts';
import {
  alfa,
  expectRefused,
  gama,
  judge,
  NOW,
  replaceIn,
  send,
  withHeaders,
} from './verifying.fixture.ts';

/** What a member signs itself, with its true key, but not as the profile wants it. */
function signRaw(input: string, components: readonly string[], key: KeyPair): string {
  const base = [...components, `"@signature-params": ${input.slice('bank='.length)}`].join('\n');
  return `bank=:${sign(null, Buffer.from(base), key.privateKey).toString('base64')}:`;
}

describe('a signed request', () => {
  it('says which bank sent it, and that its nonce is spent', async () => {
    const nonce = newNonce();
    const { received } = await send(alfa, NOW, nonce);
    expect(await judge(received)).toEqual({
      kind: 'verified',
      bank: 'alfa',
      nonce: { keyId: 'alfa#2026-08', value: nonce, keepUntil: NOW + 91_000 },
    });
    expect(signedAt(NOW + 91_000)).toBe(NOW);
  });

  it('has the form of RFC 9421', async () => {
    const { signed, received } = await send(alfa, NOW, 'abcdefghijklmnopqrstuv');
    const created = NOW / 1000;
    expect(signed['signature-input']).toBe(
      `bank=("@method" "@target-uri" "content-digest" "content-type")` +
        `;created=${created};expires=${created + 60};nonce="abcdefghijklmnopqrstuv"` +
        `;keyid="alfa#2026-08";alg="ed25519";tag="lastro-request-1"`,
    );
    // Signed by hand over the base of section 2.5: the same bytes, for Ed25519 has one signature.
    expect(signed.signature).toBe(
      signRaw(
        signed['signature-input'],
        [
          '"@method": POST',
          `"@target-uri": ${received.targetUri}`,
          `"content-digest": ${contentDigest(received.body)}`,
          '"content-type": application/json',
        ],
        alfa,
      ),
    );
  });
});

describe('each component altered alone is refused', () => {
  it('the method', async () => {
    const { received } = await send();
    await expectRefused({ ...received, method: 'PUT' }, 'signature_invalid');
  });

  it.each([
    ['another path', 'https://beta.example/v1/consortium/other?batch=1'],
    ['another query', 'https://beta.example/v1/consortium/messages?batch=2'],
    ['another bank’s address', 'https://gama.example/v1/consortium/messages?batch=1'],
    ['another port', 'https://beta.example:444/v1/consortium/messages?batch=1'],
    ['another scheme', 'http://beta.example/v1/consortium/messages?batch=1'],
  ])('the target: %s', async (_what, targetUri) => {
    const { received } = await send();
    await expectRefused({ ...received, targetUri }, 'signature_invalid');
  });

  it('the content type', async () => {
    const { received } = await send();
    await expectRefused(
      withHeaders(received, { 'content-type': 'text/plain' }),
      'signature_invalid',
    );
  });

  it('the body, with its digest left', async () => {
    const { received } = await send();
    await expectRefused({ ...received, body: Buffer.from('{}') }, 'digest_mismatch');
  });

  it('the digest, with its body left', async () => {
    const { received } = await send();
    const digest = contentDigest(Buffer.from('{}'));
    await expectRefused(withHeaders(received, { 'content-digest': digest }), 'digest_mismatch');
  });

  it('body and digest together', async () => {
    const { received } = await send();
    const body = Buffer.from('{}');
    const forged = withHeaders({ ...received, body }, { 'content-digest': contentDigest(body) });
    await expectRefused(forged, 'signature_invalid');
  });

  it.each([
    ['created', /created=(\d+)/, `created=${NOW / 1000 + 5}`],
    ['expires', /expires=\d+/, `expires=${NOW / 1000 + 55}`],
    ['nonce', /nonce="[^"]+"/, 'nonce="AAAAAAAAAAAAAAAAAAAAAA"'],
    ['keyid', 'alfa#2026-08', 'gama#2026-08'],
  ])('the parameter %s', async (_name, from, to) => {
    await expectRefused(replaceIn(await send(), from, to), 'signature_invalid');
  });

  it('one bit of the signature', async () => {
    const { received, signed } = await send();
    const bytes = Buffer.from(signed.signature.slice('bank=:'.length, -1), 'base64');
    for (const index of [0, 31, 32, 63]) {
      const turned = Buffer.from(bytes);
      turned[index] = (turned[index] ?? 0) ^ 1;
      const signature = `bank=:${turned.toString('base64')}:`;
      await expectRefused(withHeaders(received, { signature }), 'signature_invalid');
    }
  });
});

describe('what is missing is refused', () => {
  it.each(['signature', 'signature-input', 'content-digest', 'content-type'])(
    'the header %s',
    async (name) => {
      const { received } = await send();
      await expectRefused(withHeaders(received, { [name]: undefined }), 'signature_missing');
    },
  );

  it.each(['@method', '@target-uri', 'content-digest', 'content-type'])(
    'a signature that does not cover %s, though a member made it',
    async (left) => {
      const { received } = await send();
      const lines = [
        ['@method', 'POST'],
        ['@target-uri', received.targetUri],
        ['content-digest', contentDigest(received.body)],
        ['content-type', 'application/json'],
      ].filter(([name]) => name !== left);
      const input =
        `bank=(${lines.map(([name]) => `"${name}"`).join(' ')});created=${NOW / 1000}` +
        `;expires=${NOW / 1000 + 60};nonce="${newNonce()}";keyid="alfa#2026-08";alg="ed25519"` +
        `;tag="lastro-request-1"`;
      const signature = signRaw(
        input,
        lines.map(([name, value]) => `"${name}": ${value}`),
        alfa,
      );
      const forged = withHeaders(received, { 'signature-input': input, signature });
      await expectRefused(forged, 'components_mismatch');
    },
  );

  it.each(['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'])(
    'the parameter %s',
    async (name) => {
      const forged = replaceIn(await send(), new RegExp(`;${name}=("[^"]*"|\\d+)`), '');
      await expectRefused(forged, 'signature_malformed');
    },
  );

  it('a component that only sounds like the one wanted', async () => {
    await expectRefused(
      replaceIn(await send(), '"@method"', '"@method";req'),
      'components_mismatch',
    );
  });
});

describe('a replay is refused', () => {
  it('now, and by 50 at once', async () => {
    const nonces = new RememberedNonces();
    const { received } = await send();
    const verdicts = await Promise.all(
      Array.from({ length: 50 }, () => judge(received, { nonces })),
    );
    expect(verdicts.filter(({ kind }) => kind === 'verified')).toHaveLength(1);
    await expectRefused(received, 'nonce_replayed', { nonces });
  });

  it('after a restart, and until it has expired: the nonce is kept for as long as it counts', async () => {
    const nonces = new RememberedNonces();
    const { received } = await send();
    await judge(received, { nonces });
    for (const at of [NOW + 1_000, NOW + 60_000, NOW + 90_000]) {
      await expectRefused(received, 'nonce_replayed', { nonces, at });
    }
    for (const at of [NOW + 91_000, NOW + 120_000, NOW + 86_400_000]) {
      await expectRefused(received, 'signature_expired', { nonces, at });
    }
    // Forgotten when it may be, the message is refused for its age.
    for (const [name, nonce] of nonces.spent) {
      expect(nonce.keepUntil).toBeLessThanOrEqual(NOW + 91_000);
      nonces.spent.delete(name);
    }
    await expectRefused(received, 'signature_expired', { nonces, at: NOW + 91_000 });
  });

  it('while the same message signed again with a fresh nonce is taken', async () => {
    const nonces = new RememberedNonces();
    for (const { received } of [await send(), await send()]) {
      expect(await judge(received, { nonces })).toMatchObject({ kind: 'verified' });
    }
  });
});

describe('times', () => {
  it.each([
    [-30, 'verified'],
    [0, 'verified'],
    [90, 'verified'],
  ])('%d s after it was signed, by the receiver’s clock: taken', async (seconds) => {
    const { received } = await send();
    expect(await judge(received, { at: NOW + seconds * 1000 })).toMatchObject({ kind: 'verified' });
  });

  it.each([
    [-31, 'signature_from_future'],
    [91, 'signature_expired'],
  ] as const)('%d s after: refused', async (seconds, code) => {
    const { received } = await send();
    await expectRefused(received, code, { at: NOW + seconds * 1000 });
  });

  it('a signature that would be valid for a year is refused', async () => {
    const forged = replaceIn(await send(), /expires=\d+/, `expires=${NOW / 1000 + 31_536_000}`);
    await expectRefused(forged, 'lifetime_too_long');
    const reversed = replaceIn(await send(), /expires=\d+/, `expires=${NOW / 1000 - 1}`);
    await expectRefused(reversed, 'lifetime_too_long');
  });
});

describe('keys', () => {
  it('another bank’s key under my key id is refused', async () => {
    const { received } = await send({ ...gama, keyId: alfa.keyId });
    await expectRefused(received, 'signature_invalid');
  });

  it('a key that nobody pinned is refused', async () => {
    const { received } = await send(newKeyPair('alfa', 'new'));
    await expectRefused(received, 'unknown_key');
    await expectRefused((await send()).received, 'unknown_key', { keys: [gama.peerKey] });
  });

  it.each(['http://evil.example/key', '__proto__', 'constructor', '../alfa'])(
    'a key id is looked up, never fetched: %s',
    async (keyId) => {
      await expectRefused(replaceIn(await send(), 'alfa#2026-08', keyId), 'unknown_key');
    },
  );

  it('a rotation has two valid keys; a revoked one is refused from then on', async () => {
    const next = newKeyPair('alfa', '2026-11');
    const both = [alfa.peerKey, next.peerKey];
    for (const key of [alfa, next]) {
      const { received } = await send(key);
      expect(await judge(received, { keys: both })).toMatchObject({ bank: 'alfa' });
    }
    const keys: PeerKey[] = [{ ...alfa.peerKey, state: 'revoked' }, next.peerKey];
    await expectRefused((await send(alfa)).received, 'key_revoked', { keys });
    expect(await judge((await send(next)).received, { keys })).toMatchObject({ bank: 'alfa' });
  });

  it('a set of keys that can’t be right is no set', () => {
    const third = newKeyPair('alfa', 'third').peerKey;
    const second = newKeyPair('alfa', 'second').peerKey;
    expect(() => pinKeys([alfa.peerKey, second, third])).toThrow(/more than 2/);
    expect(() => pinKeys([alfa.peerKey, alfa.peerKey])).toThrow(/twice/);
    expect(() => pinKeys([{ ...alfa.peerKey, bank: 'gama' }])).toThrow(/no key of gama/);
  });
});
