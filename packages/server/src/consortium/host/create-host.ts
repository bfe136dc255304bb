import { randomBytes, randomUUID } from 'node:crypto';
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
import type { MessengerOptions } from '../messages/messenger.ts';
import { parsePeerAddress, type PeerAddress } from '../messages/peer-address.ts';
import type { PeerDirectory } from '../peers/peer-directory.ts';
import { RecentNonces } from '../peers/recent-nonces.ts';
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
import { RegisterGuard } from './register-guard.ts';
import { Removal } from './removal.ts';
import { Republishing, type Decided } from './republishing.ts';
import { settledBefore } from './settled-before.ts';
import { SpentNonces } from './spent-nonces.ts';
import { isYes, signYes } from './yes-signature.ts';

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
  const { bank, engine, reads, peers, limits, clock } = parts;
  const statistics = createHostStatistics();
  const onAlarm = (message: string) => {
    statistics.alarms += 1;
    parts.onAlarm(message);
  };
  const records = recordsOf(reads);
  const banks = () => peers.all().map((peer) => peer.bank);
  const places = new JournalPlaces({ reads, head: () => engine.head, newEpoch: randomUUID });
  const removal: Removal = new Removal({
    bank,
    reads,
    records,
    register: { retire: (...call) => register.retire(...call) },
    settings: limits.settings,
    clock,
  });
  const register: RegisterGuard = new RegisterGuard({
    reads,
    open: parts.openRegister,
    republishing: new Republishing({
      bank,
      peers: banks,
      decided: () => decidedIn(records),
      onAlarm,
    }),
    newIncident: randomUUID,
    lookMs: limits.registerLookMs,
    awayLookMs: limits.registerAwayLookMs,
    onAlarm,
  });
  const generation = () => register.standpoint.generation;
  const messenger: MessengerOptions = {
    client: peers.client,
    ownKey: () => peers.ownKey(),
    findKey: peers.findKey,
    clock,
    newNonce,
  };
  const exchange: Exchange = new Exchange({
    messenger,
    places,
    generation,
    heard: (peer) => peers.heard(peer),
    onSeq: (peer, seq) => host.heardSeq(peer, seq),
    onForgotten: (peer) => reconciliation.begin(peer),
    requestTimeoutMs: limits.lane.requestTimeoutMs,
    onAlarm,
    statistics,
  });
  const reconciliation: Reconciliation = new Reconciliation({
    reads,
    places,
    peers: banks,
    ask: (peer, wanted) => exchange.request(peer, [], wanted),
    take: (from, messages) => host.takeReports(from, messages),
    againMs: limits.reconcileAgainMs,
    slackMs: limits.reconcileSlackMs,
    onAlarm,
  });
  const lanes: PeerLanes = new PeerLanes({
    send: (peer, messages) => host.send(peer, messages),
    wake: (id) => driver.wake(id),
    limits: limits.lane,
    statistics,
  });
  const sign = (id: string, hash: string) => signYes(peers.ownKey(), id, hash);
  const isProven = (yes: consortium.Yes, id: string, hash: string): boolean =>
    yes.bank === bank
      ? isOwnYes(driver, yes.signature, id, () => sign(id, hash))
      : isYes(peers.findKey, yes, id, hash);
  const outbox = new Outbox({
    register,
    driver: () => driver,
    send: (to, addressed) => lanes.push(to, addressed),
    isYes: isProven,
    onBelowFloor: (id) => {
      removal.raise(id).catch((error: unknown) => onAlarm(`no floor was kept: ${String(error)}`));
    },
    onAlarm,
    clock,
    random: Math.random,
    statistics,
  });
  const driver: Driver = new Driver({
    bank,
    engine,
    load: (id) => records.one(id),
    standpoint: () => ({
      bank,
      settings: limits.settings,
      register: register.standpoint,
      reconciling: reconciliation.isUnderWay,
      floors: removal.floors,
    }),
    leave: (track, effect, reply) => outbox.leave(track, effect, reply),
    onDecided: (id) => peers.release(id),
    onAlarm,
    clock,
    newTransferId: uuidv7,
    limits,
    statistics,
  });
  const clients = new Clients({
    bank,
    driver,
    peers,
    ownKey: () => peers.ownKey(),
    generation,
    settledBefore: (envelope) => settledBefore(reads, envelope),
    clock,
    newId: uuidv7,
    limits,
    statistics,
  });
  const host: BankHost = new BankHost({
    bank,
    driver,
    lanes,
    clients,
    exchange,
    places,
    register,
    reconciliation,
    removal,
    records,
    peers,
    signYes: sign,
    isYes: isProven,
    limits,
    statistics,
    onAlarm,
  });
  const registerEndpoint = (app: Application) =>
    registerMessages(app, {
      signed: {
        ownAddress: addressOf(peers.ownUrl),
        ownKey: () => peers.ownKey(),
        findKey: peers.findKey,
        nonces: new SpentNonces(new RecentNonces(clock), records),
        clock,
        newNonce,
      },
      exchange,
      host,
      push: (to, addressed) => lanes.push(to, addressed),
      heard: (peer) => peers.heard(peer),
    });
  return { host, registerEndpoint };
}

/** Ed25519 gives the same signature again; after a rotation the recorded one is known. */
function isOwnYes(driver: Driver, signature: string, id: string, again: () => string): boolean {
  const durable = driver.tracks.get(id)?.state?.durable;
  if (durable?.is === 'prepared' && durable.signature === signature) return true;
  return again() === signature;
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

function newNonce(): string {
  return randomBytes(16).toString('base64url');
}
