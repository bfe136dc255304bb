import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { isUnsent } from '../../consortium/is-unsent.ts';
import type { Answer } from './answer.ts';
import type { ContasPeer } from './servers.ts';

export interface AskLimits {
  /** Sockets to one server. */
  readonly connectionsMax: number;
  /** Requests to one server under way; the next one is not sent. */
  readonly requestsMax: number;
  readonly connectTimeoutMs: number;
  /** Of one request. */
  readonly answerTimeoutMs: number;
  readonly answerBytesMax: number;
  /** How often a deposit is sent under its one id. */
  readonly triesMax: number;
}

const ASK_LIMITS: AskLimits = {
  connectionsMax: 8,
  requestsMax: 64,
  connectTimeoutMs: 1_000,
  answerTimeoutMs: 5_000,
  answerBytesMax: 16 * 1024,
  triesMax: 3,
};

const PAUSE_MS = 200;
const TEXT_LENGTH_MAX = 500;

export type ServerAnswer =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** `none`: nothing reached it. */
  | { readonly kind: 'silent'; readonly effect: 'none' | 'unknown' };

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON. */
  readonly body: string | null;
  /** The id of the command there, by which it is one command however often it is sent; null: a read. */
  readonly key: string | null;
}

interface Line {
  readonly pool: Pool;
  underWay: number;
}

/**
 * Asks the `contas` servers of configured peers, at their configured addresses alone: no redirects,
 * answers of bounded size, a deadline for each request. What is not an answer of this surface's form
 * counts as silence.
 */
export class AskServer {
  readonly #limits: AskLimits;
  readonly #lines = new Map<string, Line>();

  constructor(limits: Partial<AskLimits> = {}) {
    this.#limits = { ...ASK_LIMITS, ...limits };
  }

  /** Sends again, under the same id, what may or may not have arrived. Never rejects for what the outside does. */
  async ask(server: ContasPeer, question: Question): Promise<ServerAnswer> {
    const triesMax = question.key === null ? 1 : this.#limits.triesMax;
    let reached = false;
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#askOnce(server, question);
      if (answer.kind === 'answered') return answer;
      reached ||= answer.effect === 'unknown';
      if (tries >= triesMax) return { kind: 'silent', effect: reached ? 'unknown' : 'none' };
      await sleep(PAUSE_MS / 2 + Math.random() * PAUSE_MS);
    }
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await Promise.all([...this.#lines.values()].map(({ pool }) => pool.destroy()));
  }

  async #askOnce(server: ContasPeer, { method, path, body, key }: Question): Promise<ServerAnswer> {
    const line = this.#lineTo(server);
    if (line.underWay >= this.#limits.requestsMax) return { kind: 'silent', effect: 'none' };
    line.underWay += 1;
    try {
      const { statusCode, body: answered } = await line.pool.request({
        method,
        path,
        headers: {
          accept: 'application/json',
          ...(body === null ? {} : { 'content-type': 'application/json' }),
          ...(key === null ? {} : { 'idempotency-key': key }),
        },
        body,
        signal: AbortSignal.timeout(this.#limits.answerTimeoutMs),
      });
      const answer = answerOf(statusCode, await answered.text());
      return answer === undefined
        ? { kind: 'silent', effect: 'unknown' }
        : { kind: 'answered', answer };
    } catch (error) {
      return { kind: 'silent', effect: isUnsent(error) ? 'none' : 'unknown' };
    } finally {
      line.underWay -= 1;
    }
  }

  #lineTo({ bank, host, port }: ContasPeer): Line {
    const known = this.#lines.get(bank);
    if (known !== undefined) return known;
    const { connectionsMax, connectTimeoutMs, answerBytesMax } = this.#limits;
    const pool = new Pool(`http://${host}:${port}`, {
      connections: connectionsMax,
      pipelining: 1,
      connect: { timeout: connectTimeoutMs },
      // The deadline of each request covers these two.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: answerBytesMax,
    });
    const line = { pool, underWay: 0 };
    this.#lines.set(bank, line);
    return line;
  }
}

/** Made anew of what this surface answers, so that nothing else is passed on; undefined: it is none of these. */
function answerOf(status: number, text: string): Answer | undefined {
  if (status !== 200) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { sucesso, saldo, mensagem } = Object.fromEntries<unknown>(Object.entries(value));
  if (typeof sucesso !== 'boolean') return undefined;
  return {
    status,
    body: {
      sucesso,
      ...(typeof saldo === 'number' ? { saldo } : {}),
      ...(typeof mensagem === 'string' ? { mensagem: mensagem.slice(0, TEXT_LENGTH_MAX) } : {}),
    },
  };
}
