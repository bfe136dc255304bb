import { setTimeout as sleep } from 'node:timers/promises';
import { NO_LEASE_TOKENS, type consortium } from '@lastro/core';
import { EngineError } from '../../engine/engine-error.ts';
import type { BeginAnswer, BeginRequest, CrossBankHost } from '../../http/cross-bank-host.ts';
import type { Snapshot } from '../../store/reads.ts';
import { refused, UNKNOWN_CONTA, type Answer } from './answer.ts';
import { ASSET, standingAmong } from './conta.ts';
import { accountOf } from './conta-id.ts';
import { hashOf, PRINCIPAL, type Operation } from './envelope.ts';
import { transferred, type WantedTransfer } from './move-money.ts';
import { objectionAnswer, reasonAnswer } from './cross-bank-answer.ts';
import { refusalAnswer } from './refusal-answer.ts';

export interface AcrossParts {
  readonly reads: Snapshot;
  readonly ownBank: string;
  readonly crossBank: CrossBankHost;
  /** Aborted: nobody waits any more. */
  readonly stopping: AbortSignal;
}

/** How long the banks have to agree. */
const AGREE_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 10_000;

/** How long one that is not decided by then is looked at, and how often. */
const LOOK_FOR_MS = 10_000;
const LOOK_EVERY_MS = 200;

/** One transaction across two banks, whole or not at all: never debited here without being credited there. */
export async function transferAcross(
  parts: AcrossParts,
  bank: string,
  wanted: WantedTransfer,
  operation: Operation,
): Promise<Answer> {
  const { reads, ownBank, crossBank } = parts;
  const from = accountOf(wanted.from);
  if (!(await standingAmong(reads, [from])).has(from)) return UNKNOWN_CONTA;
  const leg: consortium.Leg = {
    from: { bank: ownBank, account: from },
    to: { bank, account: accountOf(wanted.to) },
    amount: wanted.amount,
    asset: ASSET,
    consent: null,
  };
  try {
    const answer = await crossBank.begin(requestOf(leg, operation));
    return await answered(parts, answer, wanted);
  } catch (error) {
    // It may have been begun: only the engine says when nothing was.
    return refusalAnswer(error instanceof EngineError ? error.code : 'outcome_unknown');
  }
}

function requestOf(leg: consortium.Leg, { id, asked }: Operation): BeginRequest {
  return {
    envelope: { principal: PRINCIPAL, id, hash: hashOf(asked), leaseTokens: NO_LEASE_TOKENS },
    legs: [leg],
    onUnavailable: 'reject',
    withinMs: AGREE_WITHIN_MS,
    answerWithinMs: ANSWER_WITHIN_MS,
    order: null,
  };
}

async function answered(
  parts: AcrossParts,
  answer: BeginAnswer,
  wanted: WantedTransfer,
): Promise<Answer> {
  switch (answer.kind) {
    case 'committed':
      return transferred(wanted);
    case 'aborted':
      return objectionAnswer(answer.because, parts.ownBank);
    case 'refused':
      return reasonAnswer(answer.reason, true);
    case 'reused':
      return refusalAnswer('id_reused');
    case 'queued':
      // Not even begun in all that time, and it may still be.
      return refusalAnswer('outcome_unknown');
    case 'pending':
      return decidedLater(parts, answer.id, wanted);
  }
}

/** Once both banks have promised, only the decision ends it, and it may come late. */
async function decidedLater(
  { crossBank, ownBank, stopping }: AcrossParts,
  id: string,
  wanted: WantedTransfer,
): Promise<Answer> {
  const giveUpAt = performance.now() + LOOK_FOR_MS;
  while (performance.now() < giveUpAt && !stopping.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal: stopping }).catch(() => undefined);
    const view = await crossBank.transaction(id).catch(() => undefined);
    if (view?.state === 'committed') return transferred(wanted);
    if (view?.state !== 'aborted') continue;
    const objections = view.votes.flatMap(({ bank, reason }) =>
      reason === null ? [] : [{ bank, reason }],
    );
    return objectionAnswer(objections, ownBank);
  }
  const { status, body } = refused(
    'Transferência ainda não decidida: será feita inteira ou desfeita inteira; consulte o saldo',
    504,
  );
  return { status, body: { ...body, transacao: id } };
}
