import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Engine } from '../engine/engine.ts';
import type { Application } from '../http/application.ts';
import type { Reads } from '../store/reads.ts';
import { registerConsortiumMetrics } from './consortium-metrics.ts';
import { createHost, HOST_LIMITS, type CreatedHost } from './host/index.ts';
import type { PeerAddress } from './messages/peer-address.ts';
import type { PeerDirectory } from './peers/peer-directory.ts';
import { registerPeers } from './peers/peer-routes.ts';
import { Peers } from './peers/peers.ts';
import type { ProbeLimits } from './peers/prober.ts';
import { openRegister } from './register/open-register.ts';
import type { RegisterAddress } from './register/register-address.ts';
import type { RegisterTls } from './register/register-tls.ts';
import { registerSettlements } from './settlements/settlement-routes.ts';

/** To which consortium a bank belongs, and as whom. */
export interface ConsortiumOptions {
  readonly register: RegisterAddress;
  readonly registerTls?: RegisterTls | undefined;
  /** This bank's own public address. */
  readonly ownAddress: PeerAddress;
  /** Ed25519 in PKCS#8 PEM; made when there is none. */
  readonly keyFile: string;
  readonly probes?: Partial<ProbeLimits>;
}

export interface ConsortiumParts {
  readonly bank: string;
  readonly engine: Engine;
  readonly reads: Reads;
  readonly log: Logger;
}

/** One bank's part in a consortium: the peers, the register, and what is agreed with them. */
export class Consortium {
  readonly #parts: ConsortiumParts;
  readonly #peers: Peers;
  readonly #created: CreatedHost;

  private constructor(parts: ConsortiumParts, peers: Peers, created: CreatedHost) {
    this.#parts = parts;
    this.#peers = peers;
    this.#created = created;
  }

  /** Asks nobody anything: a bank starts while peers and register are away. Rejects with `KeyFileError`. */
  static async open(options: ConsortiumOptions, parts: ConsortiumParts): Promise<Consortium> {
    const { register: address, registerTls: tls, ownAddress, keyFile, probes = {} } = options;
    const { bank, engine, reads, log } = parts;
    const peers = await Peers.open({
      bank,
      ownAddress,
      keyFile,
      openRegister: () => openRegister({ address, tls, pin: null }),
      reads,
      log,
      limits: probes,
    });
    const created = createHost({
      bank,
      engine,
      reads,
      peers: peers.directory,
      openRegister: (pin) => openRegister({ address, tls, pin }),
      limits: HOST_LIMITS,
      clock: Date.now,
      onAlarm: (message) => log.error({ alarm: message }, 'consortium'),
    });
    return new Consortium(parts, peers, created);
  }

  get host(): CreatedHost['host'] {
    return this.#created.host;
  }

  get peers(): PeerDirectory {
    return this.#peers.directory;
  }

  async register(app: Application): Promise<void> {
    await this.#peers.register(app, this.#parts.engine);
    const { host, peers } = this;
    registerSettlements(app, { host, peers, reads: this.#parts.reads });
    await this.#created.registerEndpoint(app);
  }

  /** Has what is counted here scraped, too. */
  registerMetrics(registry: Registry): void {
    registerConsortiumMetrics(registry, this.host, this.#peers.directory);
  }

  /** When the engine runs and before anybody is listened to. Waits for no peer. */
  async start(): Promise<void> {
    this.#peers.start();
    await this.host.start();
  }

  /** Before the engine stops: lets go of whoever waits, then hangs up on peers and register. */
  async stop(): Promise<void> {
    await this.host.stop();
    await this.#peers.stop();
  }
}

/** What a bank that is in no consortium says on the consortium's routes. */
export function registerNoConsortium(app: Application): void {
  registerPeers(app, undefined);
  registerSettlements(app, undefined);
}
