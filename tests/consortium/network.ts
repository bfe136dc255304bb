import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { deliverAll, type Fate, type FateOf } from './fates.ts';
import { messagesIn, signerOf, type Letter } from './letter.ts';

/**
 * What lies between the banks: one HTTP proxy before each, whose address is the bank's public one. It
 * reads what passes and decides about whole messages, before and after their delivery.
 */
export interface Network {
  /** Where the others reach this bank. */
  urlOf(bank: string): string;
  /** Rules from now on; asked once for each letter that isn't cut. */
  decideBy(fateOf: FateOf): void;
  /**
   * Nothing that `from` says reaches `to` any more, neither its letters nor its answers; the other
   * direction stays. Cut both ways by calling it twice.
   */
  cut(from: string, to: string): void;
  /** Every way is open again, every letter is delivered, and what was overtaken arrives. */
  heal(): void;
  /** How many letters had each fate; `cut`: by a partition. */
  readonly counts: Readonly<Record<Fate['kind'] | 'cut', number>>;
  close(): Promise<void>;
}

/** Where a bank really listens, by its name. */
export type Targets = ReadonlyMap<string, string>;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const OVERTAKEN_MAX = 100;
const FORWARD_TIMEOUT_MS = 30_000;
/** Of one connection, not of the message. */
const HOP_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);

/** Opens a proxy on a free port of 127.0.0.1 before each bank. */
export async function openNetwork(targets: Targets): Promise<Network> {
  const traffic = new Traffic(targets);
  const servers = new Map<string, Server>();
  for (const bank of targets.keys()) {
    const server = createServer((request, response) => {
      traffic.carry(bank, request, response).catch(() => response.destroy());
    });
    // The same connection carries letters for long; nobody waits at a door that closed in between.
    server.keepAliveTimeout = 60_000;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.set(bank, server);
  }
  return {
    urlOf: (bank) => urlOf(servers.get(bank)),
    decideBy: (fateOf) => void (traffic.fateOf = fateOf),
    cut: (from, to) => void traffic.cuts.add(`${from} ${to}`),
    heal: () => traffic.heal(),
    counts: traffic.counts,
    async close() {
      for (const server of servers.values()) {
        server.close();
        server.closeAllConnections();
      }
      await traffic.close();
    },
  };
}

class Traffic {
  fateOf: FateOf = deliverAll;
  readonly cuts = new Set<string>();
  readonly counts = {
    deliver: 0,
    lose: 0,
    lose_answer: 0,
    repeat: 0,
    delay: 0,
    overtaken: 0,
    spliced: 0,
    cut: 0,
  };
  readonly #pools: ReadonlyMap<string, Pool>;
  /** Kept back until a later letter between the two has passed. */
  #overtaken: Letter[] = [];
  /** The newest answer for each pair and path. */
  readonly #answers = new Map<string, Answer>();

  constructor(targets: Targets) {
    this.#pools = new Map([...targets].map(([bank, url]) => [bank, new Pool(url)]));
  }

  async carry(to: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => response.destroy());
    const letter = await receive(to, request);
    if (this.#isCut(letter.from, to)) {
      this.counts.cut += 1;
      response.destroy();
      return;
    }
    const fate = this.fateOf(letter);
    this.counts[fate.kind] += 1;
    await this.#meet(fate, letter, response);
    this.#deliverOvertakenBy(letter);
  }

  async #meet(fate: Fate, letter: Letter, response: ServerResponse): Promise<void> {
    switch (fate.kind) {
      case 'lose':
        response.destroy();
        return;
      case 'lose_answer':
        await this.#forward(letter).catch(() => undefined);
        response.destroy();
        return;
      case 'repeat':
        await this.#exchange(letter, response);
        this.#forwardBehind(letter);
        return;
      case 'delay':
        await sleep(fate.ms);
        await this.#exchange(letter, response);
        return;
      case 'overtaken':
        response.destroy();
        this.#overtaken.push(letter);
        if (this.#overtaken.length > OVERTAKEN_MAX) this.#deliverFirst();
        return;
      case 'spliced': {
        const earlier = this.#answers.get(wayOf(letter));
        const own = await this.#forward(letter);
        this.#answer(letter, response, earlier ?? own);
        return;
      }
      case 'deliver':
        await this.#exchange(letter, response);
    }
  }

  heal(): void {
    this.cuts.clear();
    this.fateOf = deliverAll;
    while (this.#overtaken.length > 0) this.#deliverFirst();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  #isCut(from: string | undefined, to: string): boolean {
    return from !== undefined && this.cuts.has(`${from} ${to}`);
  }

  async #exchange(letter: Letter, response: ServerResponse): Promise<void> {
    this.#answer(letter, response, await this.#forward(letter));
  }

  #answer({ from, to }: Letter, response: ServerResponse, answer: Answer): void {
    // A cut that came in the meantime holds for the answer, too.
    if (from !== undefined && this.#isCut(to, from)) {
      this.counts.cut += 1;
      response.destroy();
      return;
    }
    const { status, headers, body } = answer;
    response.writeHead(status, { ...headers, 'content-length': body.length });
    response.end(body);
  }

  async #forward(letter: Letter): Promise<Answer> {
    const { to, method, path, headers, body } = letter;
    const pool = this.#pools.get(to);
    if (pool === undefined) throw new Error(`nobody is called ${to}`);
    const answer = await pool.request({
      method,
      path,
      headers: [...headers],
      body: body.length === 0 ? null : body,
      signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS),
    });
    const read = {
      status: answer.statusCode,
      headers: withoutHopHeaders(answer.headers),
      body: Buffer.from(await answer.body.arrayBuffer()),
    };
    this.#answers.set(wayOf(letter), read);
    return read;
  }

  /** Delivers what nobody waits for. */
  #forwardBehind(letter: Letter): void {
    this.#forward(letter).catch(() => undefined);
  }

  #deliverFirst(): void {
    const first = this.#overtaken.shift();
    if (first !== undefined) this.#forwardBehind(first);
  }

  #deliverOvertakenBy(passed: Letter): void {
    const isBetweenThem = (letter: Letter) =>
      letter !== passed && letter.from === passed.from && letter.to === passed.to;
    const late = this.#overtaken.filter(isBetweenThem);
    this.#overtaken = this.#overtaken.filter((letter) => !isBetweenThem(letter));
    for (const letter of late) this.#forwardBehind(letter);
  }
}

function wayOf({ from, to, path }: Letter): string {
  return `${from} ${to} ${path}`;
}

async function receive(to: string, request: IncomingMessage): Promise<Letter> {
  const body = await buffer(request);
  return {
    from: signerOf([request.headers['signature-input']].flat().join()),
    to,
    method: request.method ?? '',
    path: request.url ?? '',
    headers: endToEnd(request.rawHeaders),
    body,
    messages: messagesIn(body),
  };
}

/** Names and values in turn, repeated ones and their spelling as they came. */
function endToEnd(raw: readonly string[]): string[] {
  const isKept = (index: number) =>
    !HOP_HEADERS.has((raw[index - (index % 2)] ?? '').toLowerCase());
  return raw.filter((_, index) => isKept(index));
}

function withoutHopHeaders(headers: Answer['headers']): Answer['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)));
}

function urlOf(server: Server | undefined): string {
  const address = server?.address();
  if (address === null || address === undefined || typeof address === 'string') {
    throw new Error('no such bank on the network');
  }
  return `http://127.0.0.1:${address.port}`;
}
