import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from 'undici';
import { eventually } from '../harness/eventually.ts';
import type { Chance } from '../faults/fixtures/random.ts';
import { ROUGH, weather, type Fate } from './fates.ts';
import type { Letter } from './letter.ts';
import { openNetwork, type Network } from './network.ts';

interface Heard {
  readonly bank: string;
  readonly text: string;
  readonly headers: IncomingMessage['headersDistinct'];
}

let network: Network;
let heard: Heard[];
let closers: (() => Promise<unknown>)[];

/** Something that answers as a bank does, with what it was told. */
async function listener(bank: string): Promise<string> {
  const server = createServer((incoming, response) => {
    const answer = (body: Buffer) => {
      heard.push({ bank, text: body.toString(), headers: incoming.headersDistinct });
      response.writeHead(200, { 'content-type': 'application/json', 'x-said': ['a', 'b'] });
      response.end(JSON.stringify({ bank, got: body.toString() }));
    };
    buffer(incoming).then(answer, () => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

beforeEach(async () => {
  heard = [];
  closers = [];
  const [alfa, beta] = [await listener('alfa'), await listener('beta')];
  network = await openNetwork(
    new Map([
      ['alfa', alfa],
      ['beta', beta],
    ]),
  );
});

afterEach(async () => {
  await network.close();
  await Promise.all(closers.map((close) => close()));
});

const batchOf = (text: string) =>
  JSON.stringify({
    epoch: 1,
    messages: [{ id: text, type: 'prepare', body: { amount: 1 } }],
  });

/** Sends as a bank does; rejects when its connection ends before an answer. */
async function answerTo(from: string, to: string, text: string): Promise<string> {
  const answer = await request(`${network.urlOf(to)}/v1/messages?x=1`, {
    method: 'POST',
    headers: { 'signature-input': `bank=("@method");keyid="${from}#2026";alg="ed25519"` },
    body: batchOf(text),
  });
  return answer.body.text();
}

/** Whether it is answered, or its connection ends before. */
async function say(from: string, to: string, text: string): Promise<'answered' | 'cut'> {
  try {
    await answerTo(from, to, text);
    return 'answered';
  } catch {
    return 'cut';
  }
}

const textsAt = (bank: string) =>
  heard.filter((entry) => entry.bank === bank).map(({ text }) => text);

/** The fates in turn, then everything is delivered. */
function inTurn(...fates: readonly Fate[]): void {
  let next = 0;
  network.decideBy(() => {
    const fate = fates[next];
    next += 1;
    return fate ?? { kind: 'deliver' };
  });
}

describe('a letter', () => {
  it('passes byte by byte, headers and answer as they are', async () => {
    const answer = await request(`${network.urlOf('beta')}/path?query=1`, {
      method: 'POST',
      headers: ['x-twice', '1', 'x-twice', '2', 'content-type', 'application/json'],
      body: '{"a": 1}',
    });
    expect(await answer.body.json()).toEqual({ bank: 'beta', got: '{"a": 1}' });
    expect(answer.headers['x-said']).toEqual(['a', 'b']);
    expect(heard[0]?.headers['x-twice']).toEqual(['1', '2']);
  });

  it('is read: who says what about which transaction', async () => {
    const seen: Letter[] = [];
    network.decideBy((letter) => {
      seen.push(letter);
      return { kind: 'deliver' };
    });
    expect(await say('alfa', 'beta', 'alfa/1')).toBe('answered');
    expect(seen).toMatchObject([
      {
        from: 'alfa',
        to: 'beta',
        method: 'POST',
        path: '/v1/messages?x=1',
        messages: [{ type: 'prepare', transaction: 'alfa/1' }],
      },
    ]);
  });

  it('is lost before delivery', async () => {
    inTurn({ kind: 'lose' });
    expect(await say('alfa', 'beta', 'alfa/1')).toBe('cut');
    expect(await say('alfa', 'beta', 'alfa/2')).toBe('answered');
    expect(textsAt('beta')).toEqual([batchOf('alfa/2')]);
    expect(network.counts).toMatchObject({ lose: 1, deliver: 1 });
  });

  it('is obeyed, and its answer is lost', async () => {
    inTurn({ kind: 'lose_answer' });
    expect(await say('alfa', 'beta', 'alfa/1')).toBe('cut');
    expect(textsAt('beta')).toEqual([batchOf('alfa/1')]);
  });

  it('is repeated, the same bytes', async () => {
    inTurn({ kind: 'repeat' });
    expect(await say('alfa', 'beta', 'alfa/1')).toBe('answered');
    await eventually('it came twice', () => textsAt('beta').length === 2);
    expect(new Set(textsAt('beta')).size).toBe(1);
  });

  it('is late', async () => {
    inTurn({ kind: 'delay', ms: 50 });
    expect(await say('alfa', 'beta', 'alfa/1')).toBe('answered');
    expect(network.counts.delay).toBe(1);
  });

  it('comes after a later one between the same two', async () => {
    inTurn({ kind: 'overtaken' });
    expect(await say('alfa', 'beta', 'alfa/1')).toBe('cut');
    expect(await say('beta', 'alfa', 'beta/1')).toBe('answered');
    expect(textsAt('beta')).toEqual([]);
    expect(await say('alfa', 'beta', 'alfa/2')).toBe('answered');
    await eventually('both came', () => textsAt('beta').length === 2);
    expect(textsAt('beta')).toEqual([batchOf('alfa/2'), batchOf('alfa/1')]);
  });

  it('is obeyed, and answered with what an earlier one was answered', async () => {
    inTurn({ kind: 'deliver' }, { kind: 'spliced' });
    const answers: string[] = [];
    for (const text of ['alfa/1', 'alfa/2']) answers.push(await answerTo('alfa', 'beta', text));
    expect(answers[1]).toBe(answers[0]);
    expect(textsAt('beta')).toEqual([batchOf('alfa/1'), batchOf('alfa/2')]);
  });

  it('that was overtaken arrives at last when the network heals', async () => {
    inTurn({ kind: 'overtaken' });
    await say('alfa', 'beta', 'alfa/1');
    expect(textsAt('beta')).toEqual([]);
    network.heal();
    await eventually('it came', () => textsAt('beta').length === 1);
  });
});

describe('a partition', () => {
  it('of one way takes letters there and answers from there', async () => {
    network.cut('alfa', 'beta');
    expect(await say('alfa', 'beta', 'alfa/1')).toBe('cut');
    // Delivered and obeyed; what alfa answers can't reach beta.
    expect(await say('beta', 'alfa', 'beta/1')).toBe('cut');
    expect(textsAt('beta')).toEqual([]);
    expect(textsAt('alfa')).toEqual([batchOf('beta/1')]);
  });

  it('of both ways takes everything, until it heals', async () => {
    network.cut('alfa', 'beta');
    network.cut('beta', 'alfa');
    expect(await say('beta', 'alfa', 'beta/1')).toBe('cut');
    expect(heard).toEqual([]);
    network.heal();
    expect(await say('beta', 'alfa', 'beta/2')).toBe('answered');
  });
});

describe('the weather', () => {
  /** Draws in the given order. */
  const drawing = (draws: readonly number[]): Chance => {
    let next = 0;
    return {
      seed: 0,
      next: () => draws[next++] ?? 0,
      below: (bound) => bound - 1,
      pick: ([first]) => first!,
    };
  };

  it('is every fate in its share', () => {
    const fateOf = weather(drawing([0.05, 0.11, 0.17, 0.2, 0.3, 0.36, 0.9]), ROUGH);
    const place = { from: 'alfa', to: 'beta', method: 'POST', path: '/' };
    const letter = { ...place, headers: [], body: Buffer.alloc(0), messages: [] };
    const kinds = Array.from({ length: 7 }, () => fateOf(letter).kind);
    expect(kinds).toEqual([
      'lose',
      'lose_answer',
      'repeat',
      'delay',
      'overtaken',
      'spliced',
      'deliver',
    ]);
  });
});
