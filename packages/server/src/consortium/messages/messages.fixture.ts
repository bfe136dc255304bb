import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { keyIdOf, type OwnKey, type PeerKey } from './bank-keys.ts';
import type { BankRequest, ReceivedRequest, SignedHeaders } from './message.ts';
import type { Nonce, NonceStore } from './nonces.ts';

export interface KeyPair extends OwnKey {
  readonly publicKey: KeyObject;
  readonly peerKey: PeerKey;
}

export function newKeyPair(bank: string, name = '2026-08'): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const keyId = keyIdOf(bank, name);
  return { keyId, privateKey, publicKey, peerKey: { bank, keyId, publicKey, state: 'valid' } };
}

export const newNonce = () => randomBytes(16).toString('base64url');

/** Outlives the verifiers of a test, as a table does the processes. */
export class RememberedNonces implements NonceStore {
  readonly spent = new Map<string, Nonce>();

  spend(nonce: Nonce): Promise<boolean> {
    const name = `${nonce.keyId} ${nonce.value}`;
    if (this.spent.has(name)) return Promise.resolve(false);
    this.spent.set(name, nonce);
    return Promise.resolve(true);
  }
}

export function aRequest(body = '{"prepare":"alfa/1"}'): BankRequest {
  return {
    method: 'POST',
    targetUri: 'https://beta.example/v1/consortium/messages?batch=1',
    contentType: 'application/json',
    body: Buffer.from(body),
  };
}

/** The request as the receiver gets it, when nobody touched it. */
export function asReceived(request: BankRequest, signed: SignedHeaders): ReceivedRequest {
  return { ...request, headers: { ...signed, host: 'beta.example' } };
}
