import { isDeepStrictEqual } from 'node:util';
import { ERRORS } from '@lastro/contract';
import { inWords, type Ask } from './ask.ts';
import { keyOf, type Claims } from './claim.ts';
import { expectedAnswers } from './expected-answer.ts';
import type { Moments } from './moments.ts';
import type { Recorded } from './recorded.ts';
import type { Replay } from './replay.ts';
import type { Rule, Violation } from './violation.ts';

export interface AnswerWorld {
  readonly claims: Claims;
  readonly replayed: Replay;
  readonly moments: Moments;
  /** The newest event that can have stood at a time. */
  readonly ceiling: (time: number) => number;
}

/** Every answer to a command is the one that its settlement gives (I5, I6). */
export function checkAnswers(world: AnswerWorld): readonly Violation[] {
  const violations: Violation[] = [];
  const byKey = Map.groupBy(world.claims.asks, keyOf);
  const firstAnswers = new Map<Recorded, Ask>();
  for (const ask of world.claims.asks) {
    const report = (rule: Rule, text: string) =>
      void violations.push({ rule, text: `${text}: ${inWords(ask.invocation)}` });
    switch (ask.verdict) {
      case 'settled':
        checkSettled(world, ask, firstAnswers, report);
        break;
      case 'reused':
        checkReused(world.claims, ask, byKey.get(keyOf(ask)) ?? [], report);
        break;
      case 'untaken':
        checkUntaken(ask, report);
        break;
      case 'unknown':
        if (ask.answer !== null && ask.code !== 'outcome_unknown') {
          report('wrong answer', 'the bank failed');
        }
        break;
    }
  }
  return violations;
}

type Report = (rule: Rule, text: string) => void;

function checkSettled(
  { claims, replayed, moments, ceiling }: AnswerWorld,
  ask: Ask,
  firstAnswers: Map<Recorded, Ask>,
  report: Report,
): void {
  const { answer, request } = ask;
  if (answer === null) throw new Error('settled without an answer');
  if (request.flaw !== null) return report('wrong answer', `not refused with ${request.flaw}`);
  const recorded = claims.recordedOf(ask);
  if (recorded === undefined) return report('lost', 'it is not in the journal');
  const { seq } = recorded.event;
  if (recorded.mark.hash !== ask.hash) {
    return report('wrong answer', `its id was another request’s, which event ${seq} settled`);
  }
  const first = firstAnswers.get(recorded);
  if (first === undefined) firstAnswers.set(recorded, ask);
  else if (!isSameAnswer(first, ask)) {
    report('two answers', `event ${seq} was also answered with ${JSON.stringify(first.answer)}`);
  }
  checkReplayMark(ask, recorded, report);
  const settlement = replayed.settlements.get(seq);
  if (settlement === undefined) return;
  // Where the model parted from the bank later, it doesn't know what a product or lease became since.
  const isOfNow = MOVES_GOODS.has(request.resource) || request.resource === 'leases';
  if (!replayed.isWhole && isOfNow) return;
  const { end } = ask.invocation;
  const time = { moments, until: ceiling(end), at: performance.timeOrigin + end };
  const expected = expectedAnswers(replayed.timeline, settlement, ask, time);
  const shown = { status: answer.status, body: withoutRequest(answer.body) };
  if (!expected.some((one) => isDeepStrictEqual(one, shown))) {
    report('wrong answer', `event ${seq} is answered with ${JSON.stringify(expected.at(-1))}`);
  }
  if (answer.etag !== null && answer.etag !== `"${String(versionIn(answer.body))}"`) {
    report('wrong answer', `its ETag is ${answer.etag}`);
  }
}

/** An answer says that it was given before exactly when that is so, as far as clients can tell. */
function checkReplayMark({ invocation, answer, index }: Ask, recorded: Recorded, report: Report) {
  // A batch doesn't say it of its transfers.
  if (answer === null || index !== null) return;
  const isFirst = recorded.asks.every(
    (other) => other.invocation === invocation || other.invocation.start >= invocation.end,
  );
  if (answer.isReplayed && isFirst) report('wrong answer', 'marked as replayed, but the first');
  if (!answer.isReplayed && recorded.knownFrom < invocation.start) {
    report('wrong answer', 'not marked as replayed');
  }
}

/**
 * The id was in use: by the request that was settled under it, or by one that was on its way and
 * came to nothing.
 */
function checkReused(claims: Claims, ask: Ask, sameId: readonly Ask[], report: Report): void {
  const recorded = claims.recordedOf(ask);
  if (recorded?.mark.hash === ask.hash && recorded.knownFrom < ask.invocation.start) {
    return report('repeat denied', `event ${recorded.event.seq} settled this very command before`);
  }
  const isInUse = sameId.some(
    (other) =>
      other.identity !== ask.identity &&
      other.invocation.start < ask.invocation.end &&
      (recorded?.asks.includes(other) === true || other.verdict !== 'settled'),
  );
  if (!isInUse) report('wrong answer', `nobody used ${ask.id} for something else`);
}

function checkUntaken({ request, code }: Ask, report: Report): void {
  if (code === null || code === request.flaw) return;
  if (ERRORS[code].status === 503) return;
  const { flaw } = request;
  report('wrong answer', flaw === null ? 'it is well formed' : `not refused with ${flaw}`);
}

/** Name, price and version of a product are those of the moment where the command didn't touch them. */
function isSameAnswer(first: Ask, second: Ask): boolean {
  if (first.request.resource === 'leases') return isSameLease(first, second);
  if (first.answer?.status !== second.answer?.status && first.index === second.index) return false;
  if ((first.index === null) !== (second.index === null)) return true;
  return isDeepStrictEqual(fixedPart(first), fixedPart(second));
}

/** A lease lasts longer, or is over, and has one token for ever. */
function isSameLease(first: Ask, second: Ask): boolean {
  const [token, other] = [first, second].map(({ answer }) => tokenIn(answer?.body));
  return token === undefined || other === undefined || token === other;
}

function tokenIn(body: unknown): unknown {
  return (body as { readonly token?: unknown }).token;
}

const MOVES_GOODS: ReadonlySet<string> = new Set(['receipts', 'adjustments']);

function fixedPart({ request, answer }: Ask): unknown {
  const body = withoutRequest(answer?.body);
  if (!MOVES_GOODS.has(request.resource)) return body;
  return { ...(body as object), name: '', price: 0, version: 0 };
}

function withoutRequest(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('requestId' in body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'requestId'));
}

function versionIn(body: unknown): unknown {
  return (body as { version?: unknown }).version;
}
