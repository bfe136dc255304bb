import {
  AccountId,
  LEASE_TTL_DEFAULT,
  LEASE_WAIT_DEFAULT,
  LeaseAnswer,
  LeaseList,
  LeaseReleaseAnswer,
  LeaseRenewal,
  LeaseRenewalAnswer,
  LeaseRequest,
  Uuid,
} from '@lastro/contract';
import { Type } from 'typebox';
import { v7 as uuidV7 } from 'uuid';
import type { Engine } from '../../engine/engine.ts';
import { answers, COMMAND_PROBLEMS } from '../../http/answers.ts';
import type { Application } from '../../http/application.ts';
import { commandId } from '../../http/command-id.ts';
import { ProblemError, sendProblem } from '../../http/problem.ts';
import { answerCommand, envelopeOf } from '../../http/run-command.ts';
import { toTimestamp } from '../../http/wire.ts';
import type { Reads } from '../../store/reads.ts';
import { answerLeaseRequest, type LeaseParts } from './answer-request.ts';
import { readLeases, readTickets } from './lease-queries.ts';
import { WaitersDesk } from './waiters-desk.ts';

const TAGS = ['leases'];
const ByAccount = Type.Object({ id: AccountId });
const ByLease = Type.Object({ id: AccountId, lease: Uuid });

/** Requests for a lease that one process has under way at once: each may wait for 30 s. */
const SEATS_MAX = 1_000;

/** Asking for the exclusive right to write an account, keeping it, giving it back, and who has it. */
export function registerLeases(
  app: Application,
  {
    engine,
    reads,
  }: { readonly engine: Pick<Engine, 'submit' | 'passLease'>; readonly reads: Reads },
): void {
  const clock = Date.now;
  const desk = new WaitersDesk({
    look: (tickets) => readTickets(reads, tickets),
    pass: (account) => engine.passLease(account),
    clock,
    seatsMax: SEATS_MAX,
  });
  app.addHook('preClose', (done) => {
    desk.close();
    done();
  });
  const parts = { engine, reads, desk, clock };
  registerRequest(app, parts);
  registerRenewal(app, parts);
  registerRelease(app, parts);
  registerList(app, parts);
}

function registerRequest(app: Application, parts: LeaseParts): void {
  app.post(
    '/v1/accounts/:id/leases',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Ask for the exclusive right to write an account',
        description:
          'While it stands, only commands with its token in `Lastro-Lease` write the account. With ' +
          '`wait` the request takes its place in the queue and is answered when its turn comes, or ' +
          'with 423 `account_leased` once it certainly never will. Sent again under the same id it ' +
          'gets the same lease as long as that is held.',
        tags: TAGS,
        params: ByAccount,
        body: LeaseRequest,
        response: answers(201, LeaseAnswer, [...COMMAND_PROBLEMS, 404]),
      },
    },
    async (request, reply) => {
      const { id: account } = request.params;
      const { id, owner, ttl = LEASE_TTL_DEFAULT, wait = LEASE_WAIT_DEFAULT } = request.body;
      if (parts.desk.isClosing) return sendProblem(request, reply, 'shutting_down');
      const route = `POST /v1/accounts/${account}/leases`;
      const envelope = envelopeOf(request, route, commandId(request, id), {
        type: 'RequestLease',
        id: id ?? uuidV7(),
        account,
        owner,
        ttl,
        wait,
      });
      return answerLeaseRequest(parts, request, reply, envelope);
    },
  );
}

function registerRenewal(app: Application, { engine }: LeaseParts): void {
  app.post(
    '/v1/accounts/:id/leases/:lease/renew',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Keep a lease for `ttl` seconds from now',
        tags: TAGS,
        params: ByLease,
        body: LeaseRenewal,
        response: answers(201, LeaseRenewalAnswer, [...COMMAND_PROBLEMS, 404]),
      },
    },
    (request, reply) => {
      const { id: account, lease } = request.params;
      const { ttl = LEASE_TTL_DEFAULT } = request.body;
      const route = `POST /v1/accounts/${account}/leases/${lease}/renew`;
      const envelope = envelopeOf(request, route, commandId(request, undefined), {
        type: 'RenewLease',
        account,
        lease,
        ttl,
      });
      return answerCommand(engine, request, reply, envelope, 'lease.renewed', (fact) => ({
        id: fact.id,
        account: fact.account,
        expiresAt: toTimestamp(fact.expiresAt),
      }));
    },
  );
}

function registerRelease(app: Application, { engine }: LeaseParts): void {
  app.post(
    '/v1/accounts/:id/leases/:lease/release',
    {
      config: { scope: 'write' },
      schema: {
        summary: 'Give a lease back, or the place in the queue for it',
        description: 'Whoever waits next gets it in the same moment.',
        tags: TAGS,
        params: ByLease,
        response: answers(201, LeaseReleaseAnswer, [...COMMAND_PROBLEMS, 404]),
      },
    },
    (request, reply) => {
      const { id: account, lease } = request.params;
      const route = `POST /v1/accounts/${account}/leases/${lease}/release`;
      const envelope = envelopeOf(request, route, commandId(request, undefined), {
        type: 'ReleaseLease',
        account,
        lease,
      });
      return answerCommand(engine, request, reply, envelope, 'lease.released', (fact) => ({
        id: fact.id,
        account: fact.account,
      }));
    },
  );
}

function registerList(app: Application, { reads, clock }: LeaseParts): void {
  app.get(
    '/v1/accounts/:id/leases',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Who holds the account, and who waits for it, in the order of service',
        tags: TAGS,
        params: ByAccount,
        response: answers(200, LeaseList, [400, 401, 404, 503]),
      },
    },
    async ({ params }): Promise<LeaseList> => {
      const leases = await readLeases(reads, params.id, clock());
      if (leases === undefined) throw new ProblemError('not_found');
      return { data: [...leases] };
    },
  );
}
