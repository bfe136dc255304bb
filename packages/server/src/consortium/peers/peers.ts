import type { Logger } from 'pino';
import type { Engine } from '../../engine/engine.ts';
import type { Application } from '../../http/application.ts';
import type { Reads } from '../../store/reads.ts';
import type { PeerAddress } from '../messages/peer-address.ts';
import { PeerClient } from '../messages/peer-client.ts';
import type { SignedEndpointParts } from '../messages/signed-endpoint.ts';
import type { NonceStore } from '../messages/nonces.ts';
import { random128 } from '../random-128.ts';
import type { Register } from '../register/register.ts';
import { MemberKeeper } from './member-keeper.ts';
import { OwnKeys } from './own-keys.ts';
import { registerPeers } from './peer-routes.ts';
import { registerProbeEndpoint } from './probe-endpoint.ts';
import { Prober, PROBE_LIMITS, type ProbeLimits } from './prober.ts';
import { RecentNonces } from './recent-nonces.ts';
import { RenewedRegister } from './renewed-register.ts';
import { StoredPeers } from './stored-peers.ts';

export interface PeersOptions {
  readonly bank: string;
  /** This bank's own public address: what peers call and sign as their target. */
  readonly ownAddress: PeerAddress;
  /** Ed25519 in PKCS#8 PEM; made when there is none. */
  readonly keyFile: string;
  /** Opens the register without a pin. */
  readonly openRegister: () => Register;
  readonly reads: Reads;
  readonly log: Logger;
  readonly limits?: Partial<ProbeLimits>;
}

/** What one bank knows of the others, and what they know of it. */
export class Peers {
  readonly directory: StoredPeers;
  readonly #options: PeersOptions;
  readonly #ownKeys: OwnKeys;
  readonly #register: RenewedRegister;
  readonly #prober: Prober;
  readonly #memberKeeper: MemberKeeper;

  private constructor(options: PeersOptions, ownKeys: OwnKeys, directory: StoredPeers) {
    const { bank, log } = options;
    this.#options = options;
    this.#ownKeys = ownKeys;
    this.directory = directory;
    this.#register = new RenewedRegister(options.openRegister);
    this.#memberKeeper = new MemberKeeper({
      bank,
      register: this.#register,
      member: () => ({
        url: directory.ownUrl,
        keys: ownKeys.all().map(({ publicKey }) => publicKey),
      }),
      log,
      random: Math.random,
    });
    this.#prober = new Prober({
      peers: directory,
      ownKeys,
      limits: { ...PROBE_LIMITS, ...options.limits },
      log,
      clock: Date.now,
      newNonce: random128,
      random: Math.random,
      onKeysChanged: () => this.#memberKeeper.publishSoon(),
    });
  }

  /** Reads keys and table, and asks nobody anything. Rejects with `KeyFileError`, or as the database does. */
  static async open(options: PeersOptions): Promise<Peers> {
    const { bank, ownAddress, reads, keyFile, limits } = options;
    const ownKeys = await OwnKeys.open(bank, keyFile);
    const directory = await StoredPeers.open({
      bank,
      ownUrl: ownAddress.origin + ownAddress.prefix,
      ownKeys,
      reads,
      client: new PeerClient({ peers: new Map() }),
      clock: Date.now,
      missedMax: limits?.missedMax ?? PROBE_LIMITS.missedMax,
    });
    return new Peers(options, ownKeys, directory);
  }

  /** What an endpoint for signed messages needs; what has an effect in the ledger has nonces of its own. */
  signedParts(nonces: NonceStore): SignedEndpointParts {
    const { directory } = this;
    return {
      ownAddress: this.#options.ownAddress,
      ownKey: () => directory.ownKey(),
      findKey: directory.findKey,
      nonces,
      clock: Date.now,
      newNonce: random128,
    };
  }

  async register(app: Application, engine: Pick<Engine, 'submit'>): Promise<void> {
    const { reads, log } = this.#options;
    registerPeers(app, {
      peers: this.directory,
      ownKeys: this.#ownKeys,
      register: this.#register,
      prober: this.#prober,
      memberKeeper: this.#memberKeeper,
      engine,
      reads,
    });
    const signed = this.signedParts(new RecentNonces(Date.now));
    await registerProbeEndpoint(app, { peers: this.directory, signed, log });
  }

  /** Begins to probe, and to stand in the register; waits for neither. */
  start(): void {
    this.#prober.start();
    this.#memberKeeper.start();
  }

  /** Ends every call to peers and to the register that is under way. */
  async stop(): Promise<void> {
    const stopped = [this.#prober.stop(), this.#memberKeeper.stop()];
    await Promise.all([this.directory.client.close(), this.#register.close()]);
    await Promise.all(stopped);
  }
}

/** 128 fresh bits. */
