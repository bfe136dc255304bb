import { Pool } from 'undici';
import { v7 as uuidV7 } from 'uuid';
import type { HttpRequest } from './exchange.ts';
import { LastroError } from './lastro-error.ts';
import type { CallOptions, CommandOptions, LastroClientOptions } from './options.ts';
import { perform, type Call } from './perform.ts';

const deadlineDefaultMs = 10_000;
const connectionsDefault = 64;
const connectTimeoutMs = 3_000;
const answerBytesMax = 64 * 1024 * 1024;
const triesMax = 20;

type Query = Readonly<Record<string, string | number | undefined>>;
type Changing = Exclude<HttpRequest['method'], 'GET'>;

/** Makes calls of methods, paths and bodies, over a bounded pool of kept-alive connections. */
export class Transport {
  readonly #options: LastroClientOptions;
  readonly #pool: Pool;
  readonly #prefix: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: LastroClientOptions) {
    const url = new URL(options.url);
    this.#options = options;
    this.#prefix = url.pathname.replace(/\/$/, '');
    this.#headers = {
      accept: 'application/json, application/problem+json',
      'accept-language': options.language ?? 'en',
      ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
    };
    this.#pool = new Pool(url.origin, {
      connections: options.connectionsMax ?? connectionsDefault,
      pipelining: 1,
      connect: { timeout: connectTimeoutMs },
      // The deadline of each call covers these two.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: answerBytesMax,
    });
  }

  /** Asks; an answer without a body is undefined. */
  read<Answer>(path: string, query: Query = {}, options: CallOptions = {}): Promise<Answer> {
    const call = this.#call('GET', withQuery(path, query), undefined, 'read');
    return this.#perform<Answer>(call, options);
  }

  /** Asks whether a probe says yes, whatever else it says. */
  async probe(path: string, options: CallOptions): Promise<void> {
    await this.#send(this.#call('GET', path, undefined, 'read'), options);
  }

  /** A command whose body may hold its id; one is put there when nobody named any. */
  command<Answer>(
    path: string,
    body: { readonly id?: string },
    options: CommandOptions,
  ): Promise<Answer> {
    if (body.id === undefined && options.idempotencyKey !== undefined) {
      return this.keyedCommand('POST', path, body, options);
    }
    const id = body.id ?? this.#newId();
    const call = this.#call('POST', path, { ...body, id }, 'command', id);
    const headers = { ...call.headers, ...leaseHeader(options) };
    return this.#perform<Answer>({ ...call, headers }, options);
  }

  /** As `command`, of one that the bank may keep waiting for so long before it answers. */
  patientCommand<Answer>(
    path: string,
    body: { readonly id?: string },
    waitMs: number,
    options: CommandOptions,
  ): Promise<Answer> {
    const deadlineMs = options.deadlineMs ?? this.#deadlineMs + waitMs;
    return this.command(path, body, { ...options, deadlineMs });
  }

  /** A command whose body holds no id of its own: the `Idempotency-Key` does. */
  keyedCommand<Answer>(
    method: Changing,
    path: string,
    body: unknown,
    options: CommandOptions,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const id = options.idempotencyKey ?? this.#newId();
    const call = this.#call(method, path, body, 'command', id);
    const own = { ...headers, ...leaseHeader(options), 'idempotency-key': id };
    return this.#perform<Answer>({ ...call, headers: { ...call.headers, ...own } }, options);
  }

  /** A change that has no id, sent again only when it certainly was not taken. */
  once<Answer>(
    method: Changing,
    path: string,
    body: unknown,
    options: CallOptions,
  ): Promise<Answer> {
    return this.#perform<Answer>(this.#call(method, path, body, 'once'), options);
  }

  /** Waits for calls under way, then closes the connections. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  get #deadlineMs(): number {
    return this.#options.deadlineMs ?? deadlineDefaultMs;
  }

  #newId(): string {
    return this.#options.newId?.() ?? uuidV7();
  }

  #call(
    method: HttpRequest['method'],
    path: string,
    body: unknown,
    effect: Call['effect'],
    commandId?: string,
  ): Call {
    return {
      method,
      path: this.#prefix + path,
      headers:
        body === undefined
          ? this.#headers
          : { ...this.#headers, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      effect,
      commandId,
    };
  }

  #send(call: Call, options: CallOptions): Promise<string> {
    return perform(this.#pool, call, {
      deadlineMs: options.deadlineMs ?? this.#deadlineMs,
      signal: options.signal,
      triesMax,
      random: this.#options.random ?? Math.random,
    });
  }

  /** Where bytes become types: what a bank answers with success is what the contract says. */
  async #perform<Answer>(call: Call, options: CallOptions): Promise<Answer> {
    const text = await this.#send(call, options);
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    } catch (cause) {
      throw new LastroError({
        kind: call.effect === 'read' ? 'unavailable' : 'outcome_unknown',
        code: 'answer_unreadable',
        message: `${call.method} ${call.path}: the answer is not JSON; is this the address of a Lastro bank?`,
        tries: 1,
        commandId: call.commandId,
        cause,
      });
    }
  }
}

/** A path whose parts are data: `path(['v1', 'accounts', 'a b'])` is `/v1/accounts/a%20b`. */
export function pathOf(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('');
}

function leaseHeader({ leases = [] }: CommandOptions): Readonly<Record<string, string>> {
  return leases.length === 0 ? {} : { 'lastro-lease': leases.join(', ') };
}

function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
}
