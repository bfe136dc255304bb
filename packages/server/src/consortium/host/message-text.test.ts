import { reader, type consortium } from '@lastro/core';
import { describe, expect, it } from 'vitest';
import { hashBody } from './body-hash.ts';
import { decodeDecision, encodeDecision } from './decision-text.ts';
import { decodeEnvelope, encodeEnvelope, encodeMessages } from './envelope.ts';
import { decodeMessage, encodeMessage } from './message-text.ts';

const id = 'alfa/01900000-0000-7000-8000-000000000001';
const body: consortium.CrossBankTransaction = {
  id,
  legs: [
    {
      from: { bank: 'alfa', account: 'ana' },
      to: { bank: 'beta', account: 'bia:x' },
      amount: 9_007_199_254_740_991n,
      asset: 'BRL/2',
      consent: null,
    },
    {
      from: { bank: 'alfa', account: 'stock:pen' },
      to: { bank: 'alfa', account: 'sold:pen' },
      amount: 1n,
      asset: 'sku:pen/0',
      consent: '01900000-0000-7000-8000-000000000002',
    },
  ],
  decideBy: 1_800_000_000_000,
  generation: '01900000-0000-7000-8000-000000000003',
};
const hash = hashBody(body);
const yes = [
  { bank: 'alfa', signature: 'alfa#k:a' },
  { bank: 'beta', signature: 'beta#k:b' },
];
const refusal = { code: 'account_not_found', account: 'x' } as const;

const messages: readonly consortium.Message[] = [
  { type: 'prepare', body, hash },
  { type: 'report', body, hash },
  { type: 'vote', hash, vote: { is: 'yes', signature: 'beta#k:b' } },
  { type: 'vote', hash, vote: { is: 'no', reason: { code: 'funds_held' } } },
  { type: 'vote', hash, vote: { is: 'no', reason: { code: 'refused', refusal } } },
  { type: 'vote', hash, vote: { is: 'no', reason: { code: 'malformed', fault: 'no_legs' } } },
  { type: 'apply', decision: { is: 'commit', body, hash, yes } },
  { type: 'apply', decision: { is: 'abort' } },
  { type: 'acknowledge', decision: 'commit' },
  { type: 'acknowledge', decision: 'abort' },
  { type: 'ask' },
];

describe('a message', () => {
  it.each(messages)('is read as what was written: $type', (message) => {
    expect(decodeMessage(reader(encodeMessage({ id, message })))).toEqual({ id, message });
  });

  const text = encodeMessage({ id, message: { type: 'prepare', body, hash } });
  const commit = encodeMessage({
    id,
    message: { type: 'apply', decision: { is: 'commit', body, hash, yes } },
  });

  it.each([
    ['with another amount than was hashed', text.replace(':1,', ':2,')],
    ['with another hash', text.replace(hash, '0'.repeat(64))],
    ['with an amount that no number holds', text.replace('740991', '740993')],
    ['with a fraction', text.replace(':1,', ':1.5,')],
    ['with an account that is none', text.replace('"ana"', '"a/na"')],
    ['with an asset that is none', text.replace('BRL/2', 'BRL')],
    ['with an id that is none', text.replace(`"id":"${id}"`, '"id":"alfa"')],
    ['of another kind', text.replace('prepare', 'perhaps')],
    ['whose commit was taken from another body', commit.replace('"decideBy":18', '"decideBy":19')],
    ['whose vote is neither', '{"id":"' + id + `","type":"vote","hash":"${hash}","vote":"so"}`],
    ['that is no object', '[]'],
  ])('%s is refused', (_what, changed) => {
    expect(changed).not.toBe(text);
    expect(() => decodeMessage(reader(changed))).toThrow(SyntaxError);
  });
});

describe('a decision in the register', () => {
  it('is read as what was written', () => {
    const commit = { is: 'commit', hash, yes } as const;
    expect(decodeDecision(Buffer.from(encodeDecision(commit)))).toEqual(commit);
    const abort = { is: 'abort' } as const;
    expect(decodeDecision(Buffer.from(encodeDecision(abort)))).toEqual(abort);
  });

  it.each(['{}', '{"is":"perhaps"}', '{"is":"commit","hash":"x"}', 'x'])('%s is none', (text) => {
    expect(() => decodeDecision(Buffer.from(text))).toThrow(SyntaxError);
  });
});

describe('an envelope', () => {
  const place = { epoch: '01900000-0000-7000-8000-000000000004', block: 7, hash };
  const frame = {
    head: place,
    seq: 12,
    seen: null,
    generation: 'g',
    wanted: { since: 5, after: id },
    next: null,
    refused: null,
  };

  it('is read as what was written', () => {
    const addressed = messages.map((message) => ({ id, message }));
    const text = encodeEnvelope(frame, encodeMessages(addressed));
    expect(decodeEnvelope(Buffer.from(text))).toEqual({ ...frame, messages: addressed });
  });

  it('with one message that is none is none, whole', () => {
    const good = encodeMessage({ id, message: { type: 'ask' } });
    const text = encodeEnvelope(frame, [good, '{"id":"x"}']);
    expect(() => decodeEnvelope(Buffer.from(text))).toThrow(SyntaxError);
  });
});
