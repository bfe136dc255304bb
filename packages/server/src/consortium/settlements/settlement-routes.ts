import { CrossBankPending, BankId, SettlementAnswer, SettlementRequest } from '@lastro/contract';
import type { consortium } from '@lastro/core';
import { Type } from 'typebox';
import { answers, COMMAND_PROBLEMS } from '../../http/answers.ts';
import type { Application } from '../../http/application.ts';
import { commandHash, commandId } from '../../http/command-id.ts';
import { answerAcross } from '../../http/cross-bank/answer-across.ts';
import { patienceOf } from '../../http/cross-bank/patience.ts';
import type { CrossBankHost } from '../../http/cross-bank-host.ts';
import { leaseTokens } from '../../http/lease-tokens.ts';
import { ProblemError } from '../../http/problem.ts';
import { toWideInteger } from '../../http/wire.ts';
import type { Reads } from '../../store/reads.ts';
import type { PeerDirectory } from '../peers/peer-directory.ts';
import { readPosition } from '../peers/positions.ts';

export interface SettlementParts {
  readonly host: CrossBankHost;
  readonly peers: PeerDirectory;
  readonly reads: Reads;
}

/** Takes off a position what was paid outside. Without parts (in no consortium) the route says so. */
export function registerSettlements(app: Application, parts: SettlementParts | undefined): void {
  app.post(
    '/v1/peers/:bank/settlements',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Take off a position with a peer what was paid outside',
        description:
          'A transaction across banks against the position: from the account of the bank that is owed ' +
          'to the account of the one that owes. Where the peer is owed its `consent` is needed. The ' +
          'position moves towards zero and, as it is when this is asked, not beyond.',
        tags: ['peers'],
        params: Type.Object({ bank: BankId }),
        body: SettlementRequest,
        response: {
          ...answers(201, SettlementAnswer, [...COMMAND_PROBLEMS, 404]),
          202: { ...CrossBankPending, description: 'Not decided yet.' },
        },
      },
    },
    async (request, reply) => {
      if (parts === undefined) throw new ProblemError('no_consortium');
      const { host, peers, reads } = parts;
      const { bank } = request.params;
      if (peers.find(bank) === undefined) throw new ProblemError('not_found');
      const { asset, amount } = request.body;
      const id = commandId(request, request.body.id);
      const principal = request.principal.id;
      const position = await readPosition(reads, bank, asset);
      // The repeat of a settlement finds a position that it has moved itself.
      if (!(await isKnown(reads, principal, id))) refuseBeyond(position, BigInt(amount));
      const hash = commandHash(`POST /v1/peers/${bank}/settlements`, request.body);
      const legs = [legOf(peers.ownBank, bank, position, request.body)];
      return answerAcross(
        host,
        request,
        reply,
        { principal, id, hash, leaseTokens: leaseTokens(request) },
        { legs, patience: patienceOf({}, Date.now()), order: null },
        async ({ id: transaction, seq, at }) => ({
          id,
          transaction,
          bank,
          asset,
          amount,
          position: toWideInteger(await readPosition(reads, bank, asset)),
          seq,
          at,
        }),
      );
    },
  );
}

/** From whoever is owed to whoever owes. */
function legOf(
  own: string,
  peer: string,
  position: bigint,
  { asset, amount, account, peerAccount, consent }: SettlementRequest,
): consortium.Leg {
  const here = { bank: own, account };
  const there = { bank: peer, account: peerAccount };
  const moved = { amount: BigInt(amount), asset };
  return position > 0n
    ? { from: there, to: here, ...moved, consent: consent ?? null }
    : { from: here, to: there, ...moved, consent: null };
}

function refuseBeyond(position: bigint, amount: bigint): void {
  if (position === 0n) throw new ProblemError('no_position');
  const owed = position < 0n ? -position : position;
  if (amount > owed) throw new ProblemError('position_smaller', { detail: `it is ${position}` });
}

/** Whether the command has its outcome already. */
async function isKnown(reads: Reads, principal: string, id: string): Promise<boolean> {
  const rows = await reads.rows('select 1 from outcome where principal = $1 and id = $2', [
    principal,
    id,
  ]);
  return rows.length > 0;
}
