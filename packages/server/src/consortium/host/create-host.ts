import { createPublicKey, randomUUID } from 'node:crypto';
import { consortium } from '@lastro/core';
import { v7 as uuidv7 } from 'uuid';
import type { Engine } from '../../engine/engine.ts';
import type { Application } from '../../http/application.ts';
import {
  isNonceSpent,
  readCrossTransaction,
  readCrossTransactions,
  readUnfinishedCrossTransactions,
} from '../../store/consortium-reads.ts';
import type { Reads } from '../../store/reads.ts';
import type { FindPeerKey, OwnKey } from '../messages/bank-keys.ts';
import { parsePeerAddress, type PeerAddress } from '../messages/peer-address.ts';
import type { PeerDirectory } from '../peers/peer-directory.ts';
import { RecentNonces } from '../peers/recent-nonces.ts';
import { random128 } from '../random-128.ts';
import type { Position } from '../register/position.ts';
import type { Register } from '../register/register.ts';
import { Clients } from './clients.ts';
import { Driver } from './driver.ts';
import { Exchange } from './exchange.ts';
import { createHostStatistics } from './host-statistics.ts';
import { BankHost } from './host.ts';
import { JournalPlaces } from './journal-places.ts';
import type { HostLimits } from './limits.ts';
import { registerMessages } from './messages-endpoint.ts';
import { Outbox } from './outbox.ts';
import { PeerLanes } from './peer-lanes.ts';
import { Reconciliation } from './reconciliation.ts';
import { pagesOf, type Records } from './records.ts';
import { QueuedRequests } from './queued-requests.ts';
import { RegisterGuard } from './register-guard.ts';
import { Removal } from './removal.ts';
import { Republishing, type Decided } from './republishing.ts';
import { settledBefore } from './settled-before.ts';
import { SpentNonces } from './spent-nonces.ts';
import type { IsYes } from './verified.ts';
import { signYeses, YesProofs } from './yes-signature.ts';

export interface CreateHostParts {
  readonly bank: string;
  readonly engine: Engine;
  readonly reads: Reads;
  readonly peers: PeerDirectory;
  /** Opens the register at the pin that is kept; null: takes whatever is there. */
  readonly openRegister: (pin: Position | null) => Register;
  readonly limits: HostLimits;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** For what a person must look at. */
  readonly onAlarm: (message: string) => void;
}

export interface CreatedHost {
  readonly host: BankHost;
  /** Registers where peers post their messages. */
  readonly registerEndpoint: (app: Application) => Promise<void>;
}

/** Puts together one bank's side of the consortium, not yet started. */
export function createHost(parts: CreateHostParts): CreatedHost {
  const assembly = new Assembly(parts);
  return {
    host: assembly.host,
    registerEndpoint: (app) => assembly.registerEndpoint(app),
  };
}

/** The parts of one host, which know each other: each is asked for the others only when it works. */
class Assembly {
  readonly host: BankHost;
  readonly #parts: CreateHostParts;
  readonly #records: Records;
  readonly #statistics = createHostStatistics();
  readonly #queue: QueuedRequests;
  readonly #yesProofs = new YesProofs();
  readonly #places: JournalPlaces;
  readonly #removal: Removal;
  readonly #register: RegisterGuard;
  readonly #exchange: Exchange;
  readonly #reconciliation: Reconciliation;
  readonly #lanes: PeerLanes;
  readonly #outbox: Outbox;
  readonly #driver: Driver;

  constructor(parts: CreateHostParts) {
    const { reads, engine, clock } = parts;
    this.#parts = parts;
    this.#records = recordsOf(reads);
    this.#queue = new QueuedRequests(reads);
    const head = () => engine.head;
    this.#places = new JournalPlaces({ reads, head, newEpoch: randomUUID, clock });
    this.#removal = this.#makeRemoval();
    this.#register = this.#makeRegister();
    this.#exchange = this.#makeExchange();
    this.#reconciliation = this.#makeReconciliation();
    this.#lanes = this.#makeLanes();
    this.#outbox = this.#makeOutbox();
    this.#driver = this.#makeDriver();
    this.host = this.#makeHost();
  }

  registerEndpoint(app: Application): Promise<void> {
    const { peers, clock } = this.#parts;
    return registerMessages(app, {
      signed: {
        ownAddress: addressOf(peers.ownUrl),
        ownKey: () => peers.ownKey(),
        findKey: peers.findKey,
        nonces: new SpentNonces(new RecentNonces(clock), this.#records),
        clock,
        newNonce: random128,
      },
      exchange: this.#exchange,
      host: this.host,
      push: (to, addressed) => this.#lanes.push(to, addressed),
      heard: (peer) => peers.heard(peer),
    });
  }

  readonly #onAlarm = (message: string): void => {
    this.#statistics.alarms += 1;
    this.#parts.onAlarm(message);
  };

  readonly #banks = (): readonly string[] => this.#parts.peers.all().map(({ bank }) => bank);

  readonly #generation = (): string => this.#register.standpoint.generation;

  readonly #isYes: IsYes = (yes, promised) => {
    const { bank, peers } = this.#parts;
    if (yes.bank !== bank) return this.#yesProofs.isYes(peers.findKey, yes, promised);
    if (isRecordedYes(this.#driver, yes.signature, promised.id)) return true;
    return this.#yesProofs.isYes(findOwnKey(bank, peers.ownKeys()), yes, promised);
  };

  #makeRemoval(): Removal {
    const { bank, reads, limits, clock } = this.#parts;
    const register: Pick<RegisterGuard, 'retire'> = {
      retire: (...call) => this.#register.retire(...call),
    };
    const { settings } = limits;
    return new Removal({ bank, reads, records: this.#records, register, settings, clock });
  }

  #makeRegister(): RegisterGuard {
    const { bank, reads, openRegister, limits } = this.#parts;
    return new RegisterGuard({
      reads,
      open: openRegister,
      republishing: new Republishing({
        bank,
        peers: this.#banks,
        decided: () => decidedIn(this.#records),
        onAlarm: this.#onAlarm,
      }),
      newIncident: randomUUID,
      lookMs: limits.registerLookMs,
      awayLookMs: limits.registerAwayLookMs,
      onAlarm: this.#onAlarm,
    });
  }

  #makeExchange(): Exchange {
    const { peers, clock, limits } = this.#parts;
    const { client, findKey } = peers;
    return new Exchange({
      messenger: { client, ownKey: () => peers.ownKey(), findKey, clock, newNonce: random128 },
      places: this.#places,
      generation: this.#generation,
      heard: (peer) => peers.heard(peer),
      onSeq: (peer, seq) => this.host.heardSeq(peer, seq),
      onForgotten: (peer) => this.#reconciliation.begin(peer),
      requestTimeoutMs: limits.lane.requestTimeoutMs,
      onAlarm: this.#onAlarm,
      statistics: this.#statistics,
    });
  }

  #makeReconciliation(): Reconciliation {
    const { reads, limits } = this.#parts;
    return new Reconciliation({
      reads,
      places: this.#places,
      peers: this.#banks,
      ask: (peer, wanted) => this.#exchange.request(peer, [], wanted),
      take: (from, messages) => this.host.takeReports(from, messages),
      againMs: limits.reconcileAgainMs,
      slackMs: limits.reconcileSlackMs,
      onAlarm: this.#onAlarm,
    });
  }

  #makeLanes(): PeerLanes {
    return new PeerLanes({
      send: (peer, messages) => this.host.send(peer, messages),
      wake: (id) => this.#driver.wake(id),
      random: Math.random,
      limits: this.#parts.limits.lane,
      statistics: this.#statistics,
    });
  }

  #makeOutbox(): Outbox {
    return new Outbox({
      register: this.#register,
      driver: () => this.#driver,
      send: (to, addressed) => this.#lanes.push(to, addressed),
      isYes: this.#isYes,
      onBelowFloor: (id) => {
        this.#removal
          .raise(id)
          .catch((error: unknown) => this.#onAlarm(`no floor was kept: ${String(error)}`));
      },
      onAlarm: this.#onAlarm,
      clock: this.#parts.clock,
      random: Math.random,
      statistics: this.#statistics,
    });
  }

  #makeDriver(): Driver {
    const { bank, engine, peers, limits, clock } = this.#parts;
    return new Driver({
      bank,
      engine,
      load: (id) => this.#records.one(id),
      standpoint: () => ({
        bank,
        settings: limits.settings,
        register: this.#register.standpoint,
        reconciling: this.#reconciliation.isUnderWay,
        floors: this.#removal.floors,
      }),
      leave: (track, effect, reply) => this.#outbox.leave(track, effect, reply),
      onDecided: (id) => peers.release(id),
      onAlarm: this.#onAlarm,
      clock,
      newTransferId: uuidv7,
      limits,
      statistics: this.#statistics,
    });
  }

  #makeClients(): Clients {
    const { bank, reads, peers, limits, clock } = this.#parts;
    return new Clients({
      bank,
      driver: this.#driver,
      peers,
      ownKey: () => peers.ownKey(),
      generation: this.#generation,
      settledBefore: (envelope) => settledBefore(reads, envelope),
      queue: this.#queue,
      clock,
      newId: uuidv7,
      limits,
      statistics: this.#statistics,
    });
  }

  #makeHost(): BankHost {
    const { bank, peers, limits, clock } = this.#parts;
    return new BankHost({
      bank,
      driver: this.#driver,
      lanes: this.#lanes,
      clients: this.#makeClients(),
      queue: this.#queue,
      exchange: this.#exchange,
      places: this.#places,
      register: this.#register,
      reconciliation: this.#reconciliation,
      removal: this.#removal,
      records: this.#records,
      peers,
      signYeses: (promised) => signYeses(peers.ownKey(), promised),
      isYes: this.#isYes,
      clock,
      limits,
      statistics: this.#statistics,
      onAlarm: this.#onAlarm,
    });
  }
}

function isRecordedYes(driver: Driver, signature: string, id: string): boolean {
  const durable = driver.tracks.get(id)?.state?.durable;
  return durable?.is === 'prepared' && durable.signature === signature;
}

/** As peers find them; for a promise that this bank has forgotten. */
function findOwnKey(bank: string, ownKeys: readonly OwnKey[]): FindPeerKey {
  return (wanted) => {
    const own = ownKeys.find(({ keyId }) => keyId === wanted);
    if (own === undefined) return undefined;
    const publicKey = createPublicKey(own.privateKey);
    return { bank, keyId: own.keyId, publicKey, state: 'valid' };
  };
}

const DECIDED_PAGE = 200;

async function* decidedIn(records: Records): AsyncGenerator<readonly Decided[]> {
  for await (const page of pagesOf((after) => records.page(after, DECIDED_PAGE))) {
    yield page.flatMap(({ id, durable }) => {
      const state = { ...consortium.unknownTransaction(id), durable };
      const decision = consortium.publication(state);
      return decision === undefined ? [] : [{ id, decision }];
    });
  }
}

function recordsOf(reads: Reads): Records {
  return {
    one: (id) => readCrossTransaction(reads, id),
    page: (after, limit) =>
      readCrossTransactions(reads, { state: undefined, before: undefined, after, limit }),
    unfinished: (after, limit) => readUnfinishedCrossTransactions(reads, after, limit),
    isNonceSpent: (keyId, value) => isNonceSpent(reads, keyId, value),
  };
}

function addressOf(url: string): PeerAddress {
  const address = parsePeerAddress(url);
  if (address === null) throw new Error(`no public address: ${url}`);
  return address;
}
