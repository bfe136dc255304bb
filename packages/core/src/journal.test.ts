import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event, Fact, FactType } from './event.ts';
import { encodeBlock, encodeData, encodeEvent, type BlockHeader } from './journal.ts';
import { decodeBlock, decodeEvent } from './journal-reader.ts';
import { anyEvent, eventOf, FACTS, refusals } from './journal-facts.fixture.ts';
import { refusalDetails } from './refusal.ts';
import { FACT_TYPES } from './vocabulary.fixture.ts';

const header: BlockHeader = {
  block: 7,
  id: '0199b5a1-7a53-7f2c-9f6b-6f7b0c1d2e3f',
  previous: 'ab'.repeat(32),
  at: Date.UTC(2026, 0, 31, 23, 59, 59, 7),
  firstSeq: 40,
  lastSeq: 41,
};

const encoder = new TextEncoder();
// Stored bytes must be decoded like this.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
describe('what is written is read back, through UTF-8 bytes', () => {
  test.each(FACT_TYPES)('%s', (type) => {
    const property = fc.property(eventOf(FACTS[type as FactType]), (event) => {
      const bytes = encoder.encode(encodeBlock(header, [event]));
      const block = decodeBlock(decoder.decode(bytes));
      expect(block).toEqual({ header, events: [event] });
    });
    fc.assert(property, { numRuns: 150 });
  });

  test('blocks of several events and of none', () => {
    const property = fc.property(fc.array(anyEvent, { maxLength: 5 }), (events) => {
      expect(decodeBlock(encodeBlock(header, events)).events).toEqual(events);
    });
    fc.assert(property);
  });

  test.each(refusals.map((one) => [one.code, one] as const))('refusal %s', (_, one) => {
    const fact: Fact = { type: 'command.refused', refusal: one };
    const events = [{ seq: 1, command: null, fact }];
    expect(decodeBlock(encodeBlock(header, events)).events).toEqual(events);
    expect(JSON.parse(encodeData(fact))).toEqual({ code: one.code, ...refusalDetails(one) });
  });
});

test('a block is one line for its header and one for each event, whatever the text in it', () => {
  const property = fc.property(fc.array(anyEvent, { maxLength: 4 }), (events) => {
    const lines = encodeBlock(header, events).split('\n');
    expect(lines.length).toBe(events.length + 2);
    expect(lines.at(-1)).toBe('');
    for (const line of lines.slice(0, -1)) JSON.parse(line);
  });
  fc.assert(property);
});

test('the order in which metadata was given does not show', () => {
  const fact = (more: Record<string, string>): Fact => ({
    type: 'account.opened',
    account: 'a',
    asset: 'BRL/2',
    creditLimit: null,
    maximumBalance: null,
    metadata: more,
  });
  const encoded = encodeData(fact({ b: '2', a: '1', '10': 'x', '9': 'y' }));
  expect(encoded).toBe(encodeData(fact({ a: '1', '9': 'y', '10': 'x', b: '2' })));
  expect(encoded).toContain('"metadata":{"10":"x","9":"y","a":"1","b":"2"}');
});

test('a maximum balance is left out where there is none, so that old journals stay as they are', () => {
  const old =
    '{"seq":1,"type":"account.opened","by":"admin","id":"open-ana","hash":"ff",' +
    '"data":{"account":"ana","asset":"BRL/2","creditLimit":0,"metadata":{}}}';
  const { fact } = decodeEvent(old);
  expect(fact).toMatchObject({ type: 'account.opened', creditLimit: 0n, maximumBalance: null });
  expect(encodeEvent(decodeEvent(old))).toBe(old);
  const fresh = old.replace('"metadata"', '"maximumBalance":5,"metadata"');
  expect(decodeEvent(fresh).fact).toMatchObject({ maximumBalance: 5n });
  expect(encodeEvent(decodeEvent(fresh))).toBe(fresh);
  const spelt = old.replace('"metadata"', '"maximumBalance":null,"metadata"');
  expect(() => decodeEvent(spelt)).toThrow(SyntaxError);
});

test('holds and leases, to the character', () => {
  const [at, id] = [Date.UTC(2026, 0, 2, 3, 4, 5, 6), 'n'];
  const leg = { from: 'a', to: 'b', amount: 5n, asset: 'BRL/2', metadata: {} };
  expect(encodeData({ type: 'hold.placed', id, expiresAt: at, transfers: [leg] })).toBe(
    '{"id":"n","expiresAt":"2026-01-02T03:04:05.006Z",' +
      '"transfers":[{"from":"a","to":"b","amount":5,"asset":"BRL/2","metadata":{}}]}',
  );
  const asked = { id, account: 'a', owner: 'r"', ttl: 30, waitUntil: at, granted: null };
  expect(encodeData({ type: 'lease.requested', ...asked })).toBe(
    '{"account":"a","id":"n","owner":"r\\"","ttl":30,' +
      '"waitUntil":"2026-01-02T03:04:05.006Z","granted":null}',
  );
  const refusal = { code: 'amount_exceeded', remaining: 3n } as const;
  expect(encodeData({ type: 'command.refused', refusal })).toBe(
    '{"code":"amount_exceeded","remaining":"3"}',
  );
});

test('the text of a block, to the character', () => {
  const command = { principal: 'ana', id: 'c1', hash: 'ff' };
  const quantity = -3n;
  const fact: Fact = {
    type: 'goods.adjusted',
    sku: 'tea',
    quantity,
    reason: 'it’s\n"wet"',
    transferId: 't',
  };
  expect(encodeBlock(header, [{ seq: 40, command, fact }])).toBe(
    `{"block":7,"id":"${header.id}","previous":"${header.previous}",` +
      '"at":"2026-01-31T23:59:59.007Z","firstSeq":40,"lastSeq":41}\n' +
      '{"seq":40,"type":"goods.adjusted","by":"ana","id":"c1","hash":"ff",' +
      '"data":{"sku":"tea","quantity":-3,"reason":"it’s\\n\\"wet\\"","transferId":"t"}}\n',
  );
});

describe('damage', () => {
  /** The block that these bytes read as; undefined when they read as none. */
  const read = (bytes: Uint8Array) => {
    try {
      return decodeBlock(decoder.decode(bytes));
    } catch (error) {
      // Of the journal's reader, and of the strict reader of UTF-8.
      if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
      throw error;
    }
  };

  test('one changed byte reads as nothing or as something else', () => {
    const property = fc.property(
      fc.array(anyEvent, { minLength: 1, maxLength: 2 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (events, place, change) => {
        const bytes = encoder.encode(encodeBlock(header, events));
        const index = place % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ change;
        expect(read(bytes)).not.toEqual({ header, events });
      },
    );
    fc.assert(property, { numRuns: 2_000 });
  });

  test('every byte of a block, changed to every other', () => {
    const fact: Fact = {
      type: 'product.changed',
      sku: 'a',
      name: 'é\u001f\ud800\ufffd',
      price: 10n,
    };
    const events: readonly Event[] = [{ seq: 40, command: null, fact }];
    const original = encoder.encode(encodeBlock(header, events));
    const same: string[] = [];
    for (const [index, byte] of original.entries()) {
      for (let other = 0; other < 256; other += 1) {
        const bytes = Uint8Array.from(original);
        bytes[index] = other;
        const block = read(bytes);
        if (block === undefined || other === byte) continue;
        if (encodeBlock(block.header, block.events) === encodeBlock(header, events)) {
          same.push(`${index}: ${byte} → ${other}`);
        }
      }
    }
    expect(same).toEqual([]);
  });

  const good = encodeBlock(header, [{ seq: 40, command: null, fact: { type: 'command.failed' } }]);

  test.each([
    ['no line feed at the end', good.slice(0, -1)],
    ['an empty line', `${good}\n`],
    ['nothing at all', ''],
    ['no header', '\n'],
    ['white space', good.replace('"block":7', '"block": 7')],
    ['a carriage return', good.replace('\n', '\r\n')],
    ['another spelling of the time', good.replace('T23', ' 23')],
    ['no time', good.replace('2026-01-31T23:59:59.007Z', 'soon')],
    ['another spelling of a number', good.replace('"seq":40', '"seq":4e1')],
    ['a fraction', good.replace('"seq":40', '"seq":40.5')],
    ['a number beyond 2^53 − 1', good.replace('"seq":40', '"seq":9007199254740993')],
    ['a member that nobody reads', good.replace('"data":{}', '"data":{"extra":1}')],
    ['a member twice', good.replace('"seq":40', '"seq":40,"seq":40')],
    ['an unknown event', good.replace('command.failed', 'command.lost')],
    ['an event named like a property of every object', good.replace('command.failed', 'toString')],
    ['a list where an object belongs', good.replace('"data":{}', '"data":[]')],
    ['members in another order', good.replace(/("seq":40),("type":"[a-z.]+")/, '$2,$1')],
  ])('%s is no block', (_, damaged) => {
    expect(decodeBlock(good).events).toHaveLength(1);
    expect(damaged).not.toBe(good);
    expect(() => decodeBlock(damaged)).toThrow(SyntaxError);
  });
});
