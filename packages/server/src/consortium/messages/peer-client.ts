import assert from 'node:assert/strict';
import { errors, Pool } from 'undici';
import { isUnsent } from '../is-unsent.ts';
import { admit, CLOSED, settle, type Breaker, type BreakerLimits } from './breaker.ts';
import type { ReceivedHeaders } from './message.ts';
import { isPeerPath, targetUriAt, type PeerAddress } from './peer-address.ts';

export interface PeerLimits extends BreakerLimits {
  /** Sockets to one peer. */
  readonly connectionsMax: number;
  /** Calls to one peer under way; the next one is refused. */
  readonly callsMax: number;
  readonly callTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly answerBytesMax: number;
}

const PEER_LIMITS: PeerLimits = {
  connectionsMax: 8,
  callsMax: 64,
  callTimeoutMs: 5_000,
  connectTimeoutMs: 2_000,
  answerBytesMax: 1024 * 1024,
  failuresMax: 5,
  pauseFirstMs: 500,
  pauseLongestMs: 30_000,
};

/**
 * Why a peer gave no answer. `peer_unknown`: not configured; `peer_offline`: it failed lately and is
 * not asked now; `peer_busy`: too many calls are under way.
 */
export type PeerFailureCode =
  | 'peer_unknown'
  | 'peer_offline'
  | 'peer_busy'
  | 'peer_unreachable'
  | 'peer_timeout'
  | 'peer_cut'
  | 'peer_redirected'
  | 'peer_answer_too_large';

export type PeerAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: ReceivedHeaders;
      readonly body: Buffer;
    }
  | {
      readonly kind: 'failed';
      readonly code: PeerFailureCode;
      /** `none`: nothing reached the peer. */
      readonly effect: 'none' | 'unknown';
    };

export interface PeerClientOptions {
  /** The only addresses that are ever called; `configure` names others. */
  readonly peers: ReadonlyMap<string, PeerAddress>;
  readonly limits?: Partial<PeerLimits>;
  /** Milliseconds on any one clock. */
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
}

export interface PostOptions {
  /** The call has ended by then; milliseconds from now. */
  readonly timeoutMs?: number;
  /** Asked to find out whether the peer is there: sent also while the peer is left alone. */
  readonly isProbe?: boolean;
}

interface Peer {
  readonly address: PeerAddress;
  readonly pool: Pool;
  breaker: Breaker;
  calls: number;
}

/**
 * HTTP to the configured peers and to nobody else: no redirects, answers of bounded size, a deadline
 * for each call, a bound and a breaker for each peer, so that a sick one slows nobody else.
 */
export class PeerClient {
  #peers: ReadonlyMap<string, Peer>;
  readonly #limits: PeerLimits;
  readonly #now: () => number;
  readonly #random: () => number;

  constructor({ peers, limits, now, random }: PeerClientOptions) {
    this.#limits = { ...PEER_LIMITS, ...limits };
    this.#now = now ?? (() => performance.now());
    this.#random = random ?? Math.random;
    const open = (address: PeerAddress) => openPeer(address, this.#limits);
    this.#peers = new Map([...peers].map(([bank, address]) => [bank, open(address)]));
  }

  /**
   * From now on calls these addresses alone. A peer whose address stays keeps its connections; what is
   * under way to one that is gone, or has moved, is cut. Resolves when their connections are closed.
   */
  async configure(peers: ReadonlyMap<string, PeerAddress>): Promise<void> {
    const before = this.#peers;
    const after = new Map(
      [...peers].map(([bank, address]) => {
        const known = before.get(bank);
        const stays = known !== undefined && isSameAddress(known.address, address);
        return [bank, stays ? known : openPeer(address, this.#limits)] as const;
      }),
    );
    this.#peers = after;
    const left = [...before].filter(([bank, peer]) => after.get(bank) !== peer);
    await Promise.all(left.map(([, { pool }]) => pool.destroy()));
  }

  /** What a request to this path signs as its target; undefined for a bank that is no peer. */
  targetUri(bank: string, path: string): string | undefined {
    assert(isPeerPath(path), `no path of a peer: ${path}`);
    const peer = this.#peers.get(bank);
    return peer && targetUriAt(peer.address, path);
  }

  /** `offline`: not asked at the moment. */
  stateOf(bank: string): 'online' | 'offline' | 'unknown' {
    const peer = this.#peers.get(bank);
    if (peer === undefined) return 'unknown';
    return peer.breaker.state === 'closed' ? 'online' : 'offline';
  }

  /** Sends once. Never rejects for what the outside does. */
  async post(
    bank: string,
    path: string,
    content: { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array },
    options: PostOptions = {},
  ): Promise<PeerAnswer> {
    assert(isPeerPath(path), `no path of a peer: ${path}`);
    const peer = this.#peers.get(bank);
    if (peer === undefined) return failed('peer_unknown', 'none');
    if (peer.calls >= this.#limits.callsMax) return failed('peer_busy', 'none');
    const { isAdmitted, breaker } = admit(peer.breaker, this.#now());
    peer.breaker = breaker;
    if (!isAdmitted && options.isProbe !== true) return failed('peer_offline', 'none');
    peer.calls += 1;
    const controller = new AbortController();
    const timer = setTimeout(
      () => controller.abort(),
      options.timeoutMs ?? this.#limits.callTimeoutMs,
    );
    const answer = await exchange(peer, path, content, controller.signal);
    clearTimeout(timer);
    peer.calls -= 1;
    peer.breaker = settle(peer.breaker, answer.kind === 'answered', {
      at: this.#now(),
      random: this.#random(),
      limits: this.#limits,
    });
    return answer;
  }

  /** Ends what is under way, and closes the connections. */
  async close(): Promise<void> {
    await Promise.all([...this.#peers.values()].map(({ pool }) => pool.destroy()));
  }
}

function openPeer(address: PeerAddress, limits: PeerLimits): Peer {
  const pool = new Pool(address.origin, {
    connections: limits.connectionsMax,
    pipelining: 1,
    connect: { timeout: limits.connectTimeoutMs },
    // The deadline of each call covers these two.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: limits.answerBytesMax,
  });
  return { address, pool, breaker: CLOSED, calls: 0 };
}

function isSameAddress(one: PeerAddress, other: PeerAddress): boolean {
  return one.origin === other.origin && one.prefix === other.prefix;
}

async function exchange(
  { pool, address }: Peer,
  path: string,
  {
    headers,
    body,
  }: { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array },
  signal: AbortSignal,
): Promise<PeerAnswer> {
  try {
    const answer = await pool.request({
      method: 'POST',
      path: address.prefix + path,
      headers,
      body,
      signal,
    });
    if (answer.statusCode >= 300 && answer.statusCode < 400) {
      await answer.body.dump({ limit: 0 }).catch(() => undefined);
      return failed('peer_redirected', 'unknown');
    }
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return {
      kind: 'answered',
      status: answer.statusCode,
      headers: answer.headers,
      body: bytes,
    };
  } catch (error) {
    return failureOf(error, signal);
  }
}

function failureOf(error: unknown, signal: AbortSignal): PeerAnswer {
  if (signal.aborted) return failed('peer_timeout', 'unknown');
  if (error instanceof errors.ResponseExceededMaxSizeError) {
    return failed('peer_answer_too_large', 'unknown');
  }
  return isUnsent(error) ? failed('peer_unreachable', 'none') : failed('peer_cut', 'unknown');
}

function failed(code: PeerFailureCode, effect: 'none' | 'unknown'): PeerAnswer {
  return { kind: 'failed', code, effect };
}
