import type { Block, Event } from '@lastro/core';
import { describe, expect, test } from 'vitest';
import { asksOf } from './ask.ts';
import { claim, type Claims } from './claim.ts';
import type { Answer, Invocation } from './history.ts';
import { checkOrder } from './real-time.ts';
import type { CommandRequest } from './request.ts';

// Requests that leave their id to the bank and say the same, one after the other or at once: who got
// which of their refusals is told by nothing but time.

const like: CommandRequest = {
  resource: 'transfers',
  body: { from: 'leased', to: 'ana', amount: 3, metadata: { note: 'like' } },
  key: null,
  flaw: null,
};
const named = (id: string): CommandRequest => ({
  resource: 'deposits',
  body: { id, account: 'ana', amount: 1 },
  key: null,
  flaw: null,
});

const posted = (id: string) => ({ type: 'transfer.posted', data: { id } });
const leased = { code: 'account_leased', account: 'leased' };
const refused = { type: 'command.refused', data: leased };

interface Sent {
  readonly request: CommandRequest;
  readonly start: number;
  readonly end: number;
  /** Null: it never heard. */
  readonly got: { readonly type: string; readonly data: object } | null;
}

/** Like requests over a time; `got` is left out by whoever never heard. */
const likeSent = (start: number, end: number, got: Sent['got'] = null): Sent => {
  return { request: like, start, end, got };
};
const namedSent = (id: string, start: number, end: number): Sent => {
  return { request: named(id), start, end, got: posted(id) };
};

const answerOf = ({ type, data }: NonNullable<Sent['got']>): Answer => {
  const status = type === 'command.refused' ? 423 : 201;
  return { status, body: data, isReplayed: false, etag: null };
};

/** Who asked for what of a journal, in which each event is of one of the requests. */
function claimsOf(sent: readonly Sent[], journal: readonly (typeof refused | string)[]): Claims {
  const invocations = sent.map(({ request, start, end, got }, number): Invocation => {
    const answer = got === null ? null : answerOf(got);
    return { number, principal: 'till', request, tokens: [], start, end, answer };
  });
  const asks = invocations.flatMap(asksOf);
  const events = journal.map((entry, seq) => {
    const [id, { type, data }] =
      typeof entry === 'string' ? [entry, posted(entry)] : [`bank-${seq}`, entry];
    const hash = asks.find((ask) => ask.id === (typeof entry === 'string' ? entry : null))?.hash;
    return { seq, type, data, command: { principal: 'till', id, hash } };
  });
  const at = '2026-01-01T00:00:00.000Z';
  return claim({
    seed: 1,
    invocations,
    events: events.map(({ seq, type, data }) => ({ seq, block: seq, type, at, data: { ...data } })),
    blocks: events.map(({ seq, command }): Block => {
      return { header: {} as Block['header'], events: [{ seq, command } as Event] };
    }),
  });
}

/** The rules that are broken, and who was given the event at each place. */
function judged(sent: readonly Sent[], journal: readonly (typeof refused | string)[]) {
  const { recorded, violations } = claimsOf(sent, journal);
  return {
    broken: [...violations, ...checkOrder(recorded)].map(({ rule }) => rule),
    numbers: recorded.map(({ asks }) => asks[0]?.invocation.number),
  };
}

describe('a refusal goes to whom it can have been', () => {
  test('an early one to an early request that a killed server never answered', () => {
    const sent = [likeSent(10, 11), namedSent('x', 12, 15), likeSent(16, 17, refused)];
    expect(judged(sent, [refused, 'x', refused])).toEqual({ broken: [], numbers: [0, 1, 2] });
  });

  test('a late one to a request that never heard, where the only answer came too early', () => {
    const sent = [likeSent(1, 2, refused), likeSent(1, 3), namedSent('x', 5, 6)];
    expect(judged(sent, [refused, 'x', refused])).toEqual({ broken: [], numbers: [0, 2, 1] });
  });

  test('two that were asked for at once, whichever of them was answered first', () => {
    const sent = [likeSent(0, 20, refused), likeSent(5, 10, refused), namedSent('x', 1, 3)];
    expect(judged(sent, [refused, 'x', refused]).broken).toEqual([]);
    expect(judged(sent, ['x', refused, refused]).broken).toEqual([]);
  });

  test('the one with the same account to the answer that names it', () => {
    const other = { ...refused, data: { ...leased, account: 'other' } };
    const sent = [likeSent(1, 9, refused), likeSent(1, 9, other)];
    expect(judged(sent, [other, refused])).toEqual({ broken: [], numbers: [1, 0] });
  });
});

describe('what can’t have been is found', () => {
  test('a refusal before something that was known when its only request began', () => {
    const sent = [namedSent('x', 12, 15), likeSent(16, 17, refused)];
    expect(judged(sent, [refused, 'x']).broken).toEqual(['order']);
  });

  test('the same where another like request never heard, and began as late', () => {
    const sent = [namedSent('x', 12, 15), likeSent(16, 17, refused), likeSent(18, 19)];
    expect(judged(sent, [refused, 'x']).broken).toEqual(['order']);
  });

  test('a refusal after something that was asked for when it was answered', () => {
    const sent = [likeSent(1, 2, refused), namedSent('x', 5, 6)];
    expect(judged(sent, ['x', refused]).broken).toEqual(['order']);
  });

  test('one of two, where only one can have stood so early', () => {
    const sent = [likeSent(1, 2, refused), namedSent('x', 5, 6), likeSent(8, 9, refused)];
    expect(judged(sent, [refused, 'x', refused]).broken).toEqual([]);
    expect(judged(sent, [refused, refused, 'x']).broken).toEqual(['order']);
    expect(judged(sent, ['x', refused, refused]).broken).toEqual(['order']);
  });

  test('one more than was asked for, and one that no journal has', () => {
    expect(judged([likeSent(1, 2, refused)], [refused, refused]).broken).toEqual(['unasked']);
    const { asks, recordedOf } = claimsOf(
      [likeSent(1, 2, refused), likeSent(3, 4, refused)],
      [refused],
    );
    expect(asks.map((ask) => recordedOf(ask)?.event.seq)).toEqual([0, undefined]);
  });
});
