import {
  BankId,
  OwnIdentity,
  PeerAnswer,
  PeerLimitRequest,
  PeerList,
  PeerPosition,
  PeerRequest,
  RotationRequest,
} from '@lastro/contract';
import { Type } from 'typebox';
import type { Engine } from '../../engine/engine.ts';
import { answers } from '../../http/answers.ts';
import type { Application } from '../../http/application.ts';
import { commandId } from '../../http/command-id.ts';
import { ProblemError } from '../../http/problem.ts';
import type { Reads } from '../../store/reads.ts';
import { parsePeerAddress, targetUriAt } from '../messages/peer-address.ts';
import type { Register } from '../register/register.ts';
import { readInFlight } from './in-flight-transactions.ts';
import type { MemberKeeper } from './member-keeper.ts';
import { findMember, type Member } from './member.ts';
import type { OwnKeys } from './own-keys.ts';
import { presentPeer, presentSelf } from './peer-answers.ts';
import { setPeerLimits } from './peer-limits.ts';
import { isOpen, presentPosition, readPeerAccounts } from './positions.ts';
import type { Prober } from './prober.ts';
import type { PeerDetails, StoredPeers } from './stored-peers.ts';

export interface PeerRouteParts {
  readonly peers: StoredPeers;
  readonly ownKeys: OwnKeys;
  readonly register: Pick<Register, 'read'>;
  readonly prober: Prober;
  readonly memberKeeper: MemberKeeper;
  readonly engine: Pick<Engine, 'submit'>;
  readonly reads: Reads;
}

const TAGS = ['peers'];

/** Of routes that set limits by commands. */
const LIMIT_PROBLEMS = [400, 401, 403, 409, 422, 503, 504] as const;

const ByBank = Type.Object({ bank: BankId });

/** The banks that this one deals with. Without parts (in no consortium) every route says so. */
export function registerPeers(app: Application, parts: PeerRouteParts | undefined): void {
  registerList(app, parts);
  registerAdding(app, parts);
  registerRemoving(app, parts);
  registerLimits(app, parts);
  registerRotation(app, parts);
}

function registerList(app: Application, parts: PeerRouteParts | undefined): void {
  app.get(
    '/v1/peers',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'The banks that this one deals with, and its own keys',
        tags: TAGS,
        response: answers(200, PeerList, [401, 403, 422]),
      },
    },
    async () => {
      const { peers, ownKeys } = joined(parts);
      const self = presentSelf(peers.ownBank, peers.ownUrl, ownKeys);
      return { self, data: peers.all().map(presentPeer), next: null };
    },
  );

  app.get(
    '/v1/peers/:bank/position',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'What this bank and a peer owe each other',
        description: 'Both banks keep the same positions, with opposite signs.',
        tags: TAGS,
        params: ByBank,
        response: answers(200, PeerPosition, [400, 401, 403, 404, 422]),
      },
    },
    async (request) => readPeerPosition(joined(parts), request.params.bank),
  );
}

function registerAdding(app: Application, parts: PeerRouteParts | undefined): void {
  app.post(
    '/v1/peers',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Add a bank to deal with, or renew its address and keys',
        description:
          'What is left out of `url` and `keys` is read in the register. Compare the fingerprint in ' +
          'the answer with what the other operator sees of the own keys before money moves: the ' +
          'register is believed this once. The other bank must add this one, too. May be repeated.',
        tags: TAGS,
        body: PeerRequest,
        response: answers(201, PeerAnswer, LIMIT_PROBLEMS),
      },
    },
    async (request, reply) => {
      const { peers, prober, engine } = joined(parts);
      const { bank, limits = [], inFlightMax, revoke } = request.body;
      const { url, keys } = await identityOf(joined(parts), request.body);
      if (bank === peers.ownBank) throw refused('own_bank');
      const by = revoke === true ? 'operator_revoking' : 'operator';
      const change = await peers.put(bank, normalUrl(url), keys, by);
      if (change.kind !== 'changed') throw refused(change.kind);
      const id = commandId(request, undefined);
      await setPeerLimits({ engine, peers }, request, bank, id, { limits, inFlightMax });
      prober.probeSoon();
      return reply.code(201).send(presentPeer(known(peers, bank)));
    },
  );
}

function registerRemoving(app: Application, parts: PeerRouteParts | undefined): void {
  app.delete(
    '/v1/peers/:bank',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Deal with a bank no longer',
        description: 'Only when nobody owes anything and nothing is under way.',
        tags: TAGS,
        params: ByBank,
        response: answers(204, Type.Null(), [400, 401, 403, 404, 409, 422]),
      },
    },
    async (request, reply) => {
      const { peers, reads } = joined(parts);
      const { bank } = request.params;
      const { row } = known(peers, bank);
      await refuseWhileInUse(reads, bank);
      await peers.remove(bank);
      try {
        // From now on it takes part in nothing; what began in between is seen here.
        await refuseWhileInUse(reads, bank);
      } catch (error) {
        await peers.restore(row);
        throw error;
      }
      return reply.code(204).send(null);
    },
  );
}

function registerLimits(app: Application, parts: PeerRouteParts | undefined): void {
  app.post(
    '/v1/peers/:bank/limits',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Set how much a peer may owe this bank, and how much may be under way with it',
        description:
          "An exposure limit can't be set below what the peer owes already, promises counted " +
          '(`limit_in_use`). Sent again, it sets the same again.',
        tags: TAGS,
        params: ByBank,
        body: PeerLimitRequest,
        response: answers(200, PeerPosition, [...LIMIT_PROBLEMS, 404]),
      },
    },
    async (request) => {
      const { peers, engine } = joined(parts);
      const { bank } = request.params;
      known(peers, bank);
      const { limits = [], inFlightMax } = request.body;
      const id = commandId(request, undefined);
      await setPeerLimits({ engine, peers }, request, bank, id, { limits, inFlightMax });
      return readPeerPosition(joined(parts), bank);
    },
  );
}

function registerRotation(app: Application, parts: PeerRouteParts | undefined): void {
  app.post(
    '/v1/peers/rotate',
    {
      config: { scope: 'admin', bodyIsOptional: true },
      schema: {
        summary: 'Give this bank a new key',
        description:
          'The new key is announced to the peers under the one that they know, and signs as soon as ' +
          'those that are online take it; both are valid at once. The one before is given up then. ' +
          'Repeated while a key is announced it changes nothing.',
        tags: TAGS,
        body: RotationRequest,
        response: answers(200, OwnIdentity, [400, 401, 403, 409, 422]),
      },
    },
    async (request) => {
      const { peers, ownKeys, prober, memberKeeper } = joined(parts);
      const { retire, force } = request.body;
      if (force !== true && retire !== true) refuseUnheard(peers, ownKeys);
      if (retire === true) await ownKeys.retirePrevious();
      else await ownKeys.prepareNext();
      memberKeeper.publishSoon();
      prober.probeSoon();
      return presentSelf(peers.ownBank, peers.ownUrl, ownKeys);
    },
  );
}

/** Throws `key_unheard`: a rotation gives up the previous key, and a peer may know no other. */
function refuseUnheard(peers: StoredPeers, ownKeys: OwnKeys): void {
  if (ownKeys.find('previous') === undefined) return;
  const { keyId } = ownKeys.signing;
  const unheard = peers
    .all()
    .find(({ bank }) => !peers.contacts.of(bank).knownKeys.includes(keyId));
  if (unheard !== undefined) throw new ProblemError('key_unheard', { bank: unheard.bank });
}

function joined(parts: PeerRouteParts | undefined): PeerRouteParts {
  if (parts === undefined) throw new ProblemError('no_consortium');
  return parts;
}

function known(peers: StoredPeers, bank: string): PeerDetails {
  const peer = peers.find(bank);
  if (peer === undefined) throw new ProblemError('not_found');
  return peer;
}

function refused(detail: string): ProblemError {
  return new ProblemError('peer_keys_refused', { detail });
}

async function readPeerPosition(
  { peers, reads }: PeerRouteParts,
  bank: string,
): Promise<PeerPosition> {
  const peer = known(peers, bank);
  return reads.inSnapshot(async (snapshot) =>
    presentPosition(
      peer,
      await readPeerAccounts(snapshot, bank),
      await readInFlight(snapshot, bank),
    ),
  );
}

/** Throws `peer_in_use`. */
async function refuseWhileInUse(reads: Reads, bank: string): Promise<void> {
  const isInUse = await reads.inSnapshot(
    async (snapshot) =>
      (await readPeerAccounts(snapshot, bank)).some(isOpen) ||
      (await readInFlight(snapshot, bank)).length > 0,
  );
  if (isInUse) throw new ProblemError('peer_in_use');
}

/** What the request says of the bank, and for the rest what the register says. */
async function identityOf(
  { register }: PeerRouteParts,
  { bank, url, keys }: PeerRequest,
): Promise<Member> {
  if (url !== undefined && keys !== undefined) return { url, keys: [...keys] };
  const found = await findMember(register, bank);
  switch (found.kind) {
    case 'found':
      return { url: url ?? found.member.url, keys: [...(keys ?? found.member.keys)] };
    case 'unknown':
      throw new ProblemError('member_unknown');
    case 'register_unavailable':
    case 'register_went_back':
    case 'register_replaced':
      throw new ProblemError('register_unavailable', { detail: found.kind });
  }
}

/** Without slashes at its end; throws `invalid_request` for what no bank can be called at. */
function normalUrl(text: string): string {
  const address = parsePeerAddress(text);
  if (address !== null) return targetUriAt(address, '');
  throw new ProblemError('invalid_request', {
    errors: [
      { pointer: '/url', detail: 'must be http:// or https:// with a host and at most a path' },
    ],
  });
}
