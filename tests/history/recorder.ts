import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { AnyBody } from '../harness/http-caller.ts';
import type { Answer, Invocation } from './history.ts';
import type { CallerName } from './small-world.ts';
import { isRead, methodOf, pathOf, type Request } from './request.ts';
import { Tokens } from './tokens.ts';

/** A caller's key and the id under which the bank knows it. */
export interface Caller {
  readonly principal: string;
  readonly key: string;
}

export type Cut = number | 'midway';

export interface SendOptions {
  readonly server: number;
  /** When the connection is cut: after so long, or when half of the body was sent. */
  readonly cut?: Cut | null;
  /** Members of the body in the opposite order, which makes no other request of it. */
  readonly isReversed?: boolean;
}

const CONNECTIONS_MAX = 64;
const ANSWER_TIMEOUT_MS = 20_000;
const WRONG_KEY = 'nobody_has_this_key_0123456789abcdef';

/** Sends requests to the servers of one bank and writes down what became of them. */
export class Recorder {
  readonly invocations: Invocation[] = [];
  readonly #pools: readonly Pool[];
  readonly #callers: ReadonlyMap<CallerName, Caller>;
  readonly #tokens = new Tokens();
  #inFlight = 0;

  constructor(urls: readonly string[], callers: ReadonlyMap<CallerName, Caller>) {
    this.#callers = callers;
    this.#pools = urls.map(
      (url) =>
        new Pool(url, {
          connections: CONNECTIONS_MAX,
          headersTimeout: ANSWER_TIMEOUT_MS,
          bodyTimeout: ANSWER_TIMEOUT_MS,
          connect: { timeout: ANSWER_TIMEOUT_MS },
        }),
    );
  }

  /** Requests sent and not yet answered. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Sends a request once. Undefined: nobody took the connection, so it was not sent and is not recorded. */
  async send(
    caller: CallerName,
    request: Request,
    options: SendOptions,
  ): Promise<Invocation | undefined> {
    const known = this.#callers.get(caller);
    const pool = this.#pools[options.server % this.#pools.length];
    if (known === undefined || pool === undefined) throw new Error(`nobody is called ${caller}`);
    this.#inFlight += 1;
    const { principal } = known;
    const tokens = this.#tokens.of(principal, request);
    const start = performance.now();
    let answer: Answer | null;
    try {
      answer = await exchange(pool, known.key, { request, tokens }, options);
      this.#tokens.hear(request, answer);
    } catch (error) {
      if (isRefusedConnection(error)) return undefined;
      answer = null;
    } finally {
      this.#inFlight -= 1;
    }
    const number = this.invocations.length;
    const end = performance.now();
    const invocation: Invocation = { number, principal, request, tokens, start, end, answer };
    this.invocations.push(invocation);
    return invocation;
  }

  /** Whether some server says that it can take commands. */
  async isReady(): Promise<boolean> {
    const ready = await Promise.all(this.#pools.map(isReady));
    return ready.includes(true);
  }

  async close(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.destroy()));
  }
}

async function exchange(
  pool: Pool,
  key: string,
  { request, tokens }: Pick<Invocation, 'request' | 'tokens'>,
  { cut: wantedCut = null, isReversed = false }: SendOptions,
): Promise<Answer> {
  const cut = new AbortController();
  const answered = new AbortController();
  if (typeof wantedCut === 'number') {
    sleep(wantedCut, undefined, { signal: answered.signal }).then(
      () => cut.abort(),
      () => undefined,
    );
  }
  try {
    const { statusCode, headers, body } = await pool.request({
      method: methodOf(request),
      path: pathOf(request),
      headers: headersOf(request, key, tokens),
      body: isRead(request) ? null : sentBody(bodyOf(request, isReversed), wantedCut),
      signal: cut.signal,
    });
    const { etag = null } = headers;
    return {
      status: statusCode,
      body: JSON.parse(await body.text()) as unknown,
      isReplayed: headers['idempotency-replayed'] === 'true',
      etag: typeof etag === 'string' ? etag : null,
    };
  } finally {
    answered.abort();
  }
}

function headersOf(
  request: Request,
  key: string,
  tokens: readonly number[],
): Record<string, string> {
  if (isRead(request)) return { authorization: `Bearer ${key}` };
  const { flaw } = request;
  const headers: Record<string, string> = {
    authorization: `Bearer ${flaw === 'unauthorized' ? WRONG_KEY : key}`,
    'content-type': 'application/json',
  };
  if (request.key !== null) headers['idempotency-key'] = request.key;
  if (tokens.length > 0) headers['lastro-lease'] = tokens.join();
  if (request.resource === 'limits' && request.version !== null) {
    headers['if-match'] = `"${request.version}"`;
  }
  if (request.resource === 'change' && flaw !== 'precondition_required') {
    headers['if-match'] = flaw === 'version_conflict' ? 'W/"1"' : `"${request.version}"`;
  }
  return headers;
}

function bodyOf(
  { body, flaw }: Extract<Request, { readonly body: unknown }>,
  isReversed: boolean,
): string {
  const members = Object.entries(body as AnyBody);
  const text = JSON.stringify(Object.fromEntries(isReversed ? members.toReversed() : members));
  if (flaw === 'invalid_json') return text.slice(0, -1);
  if (flaw === 'invalid_number') return text.replace(/"amount":\d+/, '"amount":1.0');
  if (flaw === 'invalid_request') return text.replace(/}$/, ',"surplus":1}');
  return text;
}

function sentBody(text: string, cut: Cut | null): string | Readable {
  return cut === 'midway' ? Readable.from(halfOf(text)) : text;
}

function* halfOf(text: string): Generator<Buffer> {
  yield Buffer.from(text.slice(0, text.length >> 1));
  throw new Error('cut midway');
}

function isRefusedConnection(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

async function isReady(pool: Pool): Promise<boolean> {
  try {
    const { statusCode, body } = await pool.request({ method: 'GET', path: '/readyz' });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}
