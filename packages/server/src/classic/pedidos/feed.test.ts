import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFeed, type Feed, type FeedOptions } from './feed.ts';
import { json, startFeedServer, text, type FeedServer } from './fixtures/feed-server.ts';
import { createRecordingLog } from './fixtures/recording-log.ts';

let server: FeedServer;
let feed: Feed | undefined;
let log = createRecordingLog();
let ordered: string[] = [];

beforeEach(async () => {
  server = await startFeedServer();
  log = createRecordingLog();
  ordered = [];
});

afterEach(async () => {
  await feed?.stop();
  await server.close();
});

function poll(options: Partial<FeedOptions> = {}): void {
  feed = startFeed({
    url: server.url,
    everySeconds: 0.01,
    log,
    receive(id) {
      ordered.push(id);
      return 'received';
    },
    ...options,
  });
}

/** Resolves when the feed was asked so many times more. */
async function polls(count: number): Promise<void> {
  const from = server.requests.length;
  await expect.poll(() => server.requests.length, { timeout: 5_000 }).toBeGreaterThan(from + count);
}

function faults(): string[] {
  return log.entries
    .filter(({ level }) => level === 'warn')
    .map(({ fields }) => (fields as { fault: string }).fault);
}

describe('a feed', () => {
  it('orders once for each new reading, however often it repeats itself', async () => {
    server.answer = json([{ v: 1 }, { v: 2 }, { v: 1 }]);
    poll();
    await polls(3);
    expect(ordered).toHaveLength(2);
    server.answer = json([{ v: 2 }, { v: 3 }]);
    await polls(2);
    expect(ordered).toHaveLength(3);
    server.answer = json({ v: 4 });
    await polls(2);
    expect(ordered).toHaveLength(4);
    expect(new Set(ordered).size).toBe(4);
    expect(faults()).toEqual([]);
  });

  it('orders under the same ids after a restart', async () => {
    server.answer = json([{ v: 1 }, { v: 2 }]);
    poll();
    await polls(1);
    await feed?.stop();
    const before = ordered;
    ordered = [];
    poll();
    await polls(1);
    expect(ordered).toEqual(before);
  });

  it('comes back to a reading that the queue had no room for', async () => {
    server.answer = json([{ v: 1 }, { v: 2 }]);
    let room = 1;
    poll({
      receive(id) {
        if (room === 0) return 'full';
        room -= 1;
        ordered.push(id);
        return 'received';
      },
    });
    await polls(2);
    expect(ordered).toHaveLength(1);
    room = 5;
    await polls(2);
    expect(new Set(ordered).size).toBe(2);
    expect(ordered).toHaveLength(2);
  });

  it('orders at most 1000 per poll and the rest with the next ones', async () => {
    server.answer = json(Array.from({ length: 1_500 }, (_, v) => ({ v })));
    poll({ everySeconds: 0.2 });
    await expect.poll(() => ordered.length).toBe(1_000);
    await expect.poll(() => ordered.length, { timeout: 5_000 }).toBe(1_500);
  });
});

describe('a sick feed is logged once, orders nothing, and is read again when it is well', () => {
  const huge = `[${'"x",'.repeat(500_000)}"x"]`;
  const sick: [string, FeedServer['answer'], RegExp][] = [
    ['malformed', text('[{"v":1},'), /^not JSON/],
    ['no list', text('17'), /^not JSON/],
    [
      'not UTF-8',
      (_, response) => void response.end(Buffer.from([0x5b, 0xff, 0x5d])),
      /encoded|UTF/i,
    ],
    ['empty', text(''), /^not JSON/],
    ['status 500', (_, response) => void response.writeHead(500).end('[{"v":1}]'), /^status 500$/],
    ['huge', text(huge), /larger than 1000000 bytes/],
    [
      'huge when unpacked',
      (_, response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(gzipSync(huge));
      },
      /larger than 1000000 bytes/,
    ],
    ['silent', () => undefined, /TimeoutError/],
    [
      'slow',
      (_, response) => {
        response.write('[{"v":1}');
      },
      /TimeoutError/,
    ],
    [
      'redirecting',
      (request, response) => {
        if (request.url === '/other') response.end('[{"v":1}]');
        else response.writeHead(302, { location: '/other' }).end();
      },
      /^status 302$/,
    ],
    ['cut', (request) => void request.socket.destroy(), /fetch failed/],
    ['too deep', text(`[${'['.repeat(200)}${']'.repeat(200)}]`), /^1 readings are null or nested/],
  ];

  it.each(sick)('%s', async (_, answer, fault) => {
    // A busy machine takes long over the others, and that is not what is wrong with them.
    const timeoutMs = fault.source === 'TimeoutError' ? 150 : 10_000;
    server.answer = answer;
    poll({ bounds: { timeoutMs, bytesMax: 1_000_000 } });
    await polls(3);
    expect(faults()).toEqual([expect.stringMatching(fault)]);
    expect(ordered).toEqual([]);
    server.answer = json([{ v: 1 }]);
    await expect.poll(() => ordered.length, { timeout: 5_000 }).toBe(1);
    await expect.poll(() => log.entries.at(-1)?.text).toMatch(/well again/);
  });

  it('down', async () => {
    const { url } = server;
    await server.close();
    poll({ url });
    await expect.poll(faults).toEqual([expect.stringMatching(/ECONNREFUSED/)]);
  });
});

describe('the URL of a feed', () => {
  it.each(['', 'leituras', 'ftp://x/', 'file:///etc/passwd'])('is not %j', (url) => {
    expect(() => poll({ url })).toThrow(/http/);
  });

  it('may carry credentials, which are sent and not logged', async () => {
    server.answer = text('x');
    poll({ url: server.url.replace('http://', 'http://ana:s%40nha@') });
    await polls(2);
    const expected = `Basic ${Buffer.from('ana:s@nha').toString('base64')}`;
    expect(server.requests[0]?.headers.authorization).toBe(expected);
    expect(JSON.stringify(log.entries)).not.toMatch(/nha|ana|segredo/);
  });

  it('is asked every so many seconds, more than none', () => {
    expect(() => poll({ everySeconds: 0 })).toThrow(RangeError);
    expect(() => poll({ everySeconds: Number.NaN })).toThrow(RangeError);
  });

  it('is not asked after the stop, even while an answer is awaited', async () => {
    server.answer = () => undefined;
    poll();
    await expect.poll(() => server.requests.length).toBe(1);
    await feed?.stop();
    expect(log.entries).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });
});
