import type { Logger } from 'pino';
import { deliver, type Delivery } from '../messages/messenger.ts';
import type { OwnKeys } from './own-keys.ts';
import { decodeProbeAnswer, encodeProbe, PROBE_PATH } from './probe-message.ts';
import { Rounds } from './rounds.ts';
import type { StoredPeers } from './stored-peers.ts';

/** Each in its unit. */
export interface ProbeLimits {
  /** Between two probes of a peer, give or take a quarter. */
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** Probes in a row without an answer after which a peer is offline. */
  readonly missedMax: number;
  /** How long a new own key waits for peers that are online and haven't heard of it. */
  readonly announceMs: number;
}

export const PROBE_LIMITS: ProbeLimits = {
  everyMs: 3_000,
  timeoutMs: 2_000,
  missedMax: 3,
  announceMs: 30_000,
};

export interface ProberParts {
  readonly peers: StoredPeers;
  readonly ownKeys: OwnKeys;
  readonly limits: ProbeLimits;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** 128 fresh bits in base64url. */
  readonly newNonce: () => string;
  /** In [0, 1). */
  readonly random: () => number;
  /** The bank signs with another key, or gave one up. */
  readonly onKeysChanged: () => void;
}

/** Asks every peer again and again whether it is there, tells it the own keys, and has a new key sign. */
export class Prober {
  readonly #parts: ProberParts;
  readonly #rounds: Rounds;
  /** Peers that refused the key that signs: asked with the previous one next time. */
  readonly #refused = new Set<string>();
  #announcedAt: number | undefined;

  constructor(parts: ProberParts) {
    this.#parts = parts;
    const { limits, random } = parts;
    this.#rounds = new Rounds({
      round: (stopping) => this.#tryRound(stopping),
      pauseMs: () => limits.everyMs * (0.75 + random() / 2),
      // Two banks that wake each other still leave a tenth of the usual pause between their probes.
      leastPauseMs: limits.everyMs / 10,
    });
    parts.peers.onUnexpected(() => this.probeSoon());
  }

  start(): void {
    this.#rounds.start();
  }

  /** Has the next round begin now. */
  probeSoon(): void {
    this.#rounds.soon();
  }

  /** Resolves when nothing is under way; what is ends by its deadline, or when the client is closed. */
  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  async #tryRound(stopping: AbortSignal): Promise<void> {
    try {
      await this.#round(stopping);
    } catch (error) {
      // The database is away, say; the next round tries again.
      this.#parts.log.warn({ fault: String(error) }, 'a round of probes failed');
    }
  }

  async #round(stopping: AbortSignal): Promise<void> {
    const { peers, ownKeys } = this.#parts;
    // Peers are probed with what is known of them, also while the database is away.
    const refreshed = Promise.allSettled([peers.refresh(), ownKeys.refresh()]);
    await Promise.all(peers.all().map(({ bank }) => this.#probe(bank, stopping)));
    const failed = (await refreshed).find(({ status }) => status === 'rejected');
    await this.#promoteWhenKnown();
    if (failed?.status === 'rejected') throw failed.reason;
  }

  async #probe(bank: string, stopping: AbortSignal): Promise<void> {
    const { peers, ownKeys, limits, clock, newNonce, log } = this.#parts;
    const { client, findKey } = peers;
    const previous = this.#refused.has(bank) ? ownKeys.find('previous') : undefined;
    const key = previous ?? ownKeys.signing;
    const body = encodeProbe({
      bank: peers.ownBank,
      keys: ownKeys.all().map(({ publicKey }) => publicKey),
    });
    const delivery = await deliver(
      { client, ownKey: () => key, findKey, clock, newNonce },
      { bank, path: PROBE_PATH },
      body,
      { timeoutMs: limits.timeoutMs, isProbe: true },
    );
    if (stopping.aborted) return;
    const answer = delivery.kind === 'answered' ? decodeProbeAnswer(delivery.body) : undefined;
    if (delivery.kind === 'answered' && delivery.status === 200 && answer?.bank === bank) {
      // What it was told with the previous key it knows by now.
      this.#refused.delete(bank);
      peers.answered(bank, answer.knownKeys);
      return;
    }
    const trouble = troubleOf(delivery);
    if (trouble === 'not_accepted') toggle(this.#refused, bank);
    if (peers.contacts.missed(bank, trouble))
      log.warn({ peer: bank, trouble }, 'a peer is offline');
  }

  /** A new key signs as soon as every peer that is there takes it; who is away hears of it later. */
  async #promoteWhenKnown(): Promise<void> {
    const { peers, ownKeys, limits, log, onKeysChanged } = this.#parts;
    const next = ownKeys.find('next');
    if (next === undefined) {
      this.#announcedAt = undefined;
      return;
    }
    this.#announcedAt ??= performance.now();
    const isLate = performance.now() - this.#announcedAt >= limits.announceMs;
    const isKnown = peers.all().every(({ bank, state }) => {
      if (state === 'online') return peers.contacts.of(bank).knownKeys.includes(next.keyId);
      return state === 'offline';
    });
    // Nobody waits a whole pause for the answer that makes it sign.
    if (!isKnown && !isLate) return this.#rounds.soon();
    await ownKeys.promoteNext();
    log.info({ keyId: next.keyId }, 'a new key of the consortium signs');
    onKeysChanged();
  }
}

/** Why a probe counts as missed, in a word for the operator. */
function troubleOf(delivery: Delivery): string {
  switch (delivery.kind) {
    case 'failed':
      return delivery.code;
    case 'unproven':
      return delivery.status === 401 ? 'not_accepted' : `unproven_${delivery.code}`;
    case 'answered':
      return 'answer_malformed';
  }
}

function toggle(banks: Set<string>, bank: string): void {
  if (!banks.delete(bank)) banks.add(bank);
}
