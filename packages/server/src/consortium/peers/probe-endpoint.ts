import type { Logger } from 'pino';
import type { Application } from '../../http/application.ts';
import {
  registerSignedEndpoint,
  type SignedAnswer,
  type SignedEndpointParts,
  type SignedRequest,
} from '../messages/signed-endpoint.ts';
import { keyIdFor } from './key-fingerprint.ts';
import { decodeProbe, encodeProbe, PROBE_PATH } from './probe-message.ts';
import type { StoredPeers } from './stored-peers.ts';

export interface ProbeEndpointParts {
  readonly peers: StoredPeers;
  readonly signed: SignedEndpointParts;
  readonly log: Logger;
}

/** Answers the probes of peers, and takes the keys that they announce. */
export async function registerProbeEndpoint(
  app: Application,
  { peers, signed, log }: ProbeEndpointParts,
): Promise<void> {
  await registerSignedEndpoint(app, PROBE_PATH, signed, (request) =>
    answerProbe(peers, log, request),
  );
}

async function answerProbe(
  peers: StoredPeers,
  log: Logger,
  { from, keyId, body }: SignedRequest,
): Promise<SignedAnswer> {
  const probe = decodeProbe(body);
  // Whoever leaves out the key that signs can't mean it.
  const isMeant =
    probe?.bank === from && probe.keys.some((publicKey) => keyIdFor(from, publicKey) === keyId);
  if (!isMeant) return { status: 400, body: encodeProbe({ bank: peers.ownBank, knownKeys: [] }) };
  peers.heard(from);
  const change = await peers.follow(from, probe.keys);
  if (change.kind !== 'changed') {
    log.warn({ peer: from, fault: change.kind }, 'the keys that a peer announces are not taken');
  }
  const valid = (peers.find(from)?.keys ?? []).filter(({ state }) => state === 'valid');
  const knownKeys = valid.map((key) => key.keyId);
  return { status: 200, body: encodeProbe({ bank: peers.ownBank, knownKeys }) };
}
