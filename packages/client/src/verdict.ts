import type { Problem } from '@lastro/contract';
import { errors } from 'undici';
import { retryAfterMs } from './backoff.ts';
import type { Exchange } from './exchange.ts';
import type { ClientErrorCode } from './lastro-error.ts';

/** What is known after one exchange. */
export type Verdict =
  | { readonly kind: 'done'; readonly text: string }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly status: number | undefined;
      readonly problem: Problem | undefined;
      readonly cause: Error | undefined;
      /** Whether this exchange may have had an effect all the same. */
      readonly mayHaveActed: boolean;
      /** Whether it also tells what became of an earlier try under the same id. */
      readonly settles: boolean;
      readonly isRetryable: boolean;
      readonly waitMs: number;
    };

type Failed = Extract<Verdict, { readonly kind: 'failed' }>;

/** Judges one exchange by what the contract promises about statuses and codes. */
export function judge(exchange: Exchange, nowMs: number): Verdict {
  switch (exchange.kind) {
    case 'unsent': {
      const code = isClosed(exchange.cause) ? 'client_closed' : 'bank_unreachable';
      return unanswered(code, exchange.cause, false);
    }
    case 'cut':
      return unanswered('answer_missing', exchange.cause, true);
    case 'answered':
      return exchange.status < 300
        ? { kind: 'done', text: exchange.text }
        : judgeRefusal(exchange, nowMs);
  }
}

function unanswered(code: ClientErrorCode, cause: Error, mayHaveActed: boolean): Failed {
  return {
    kind: 'failed',
    code,
    message: `${explanations[code]} (${reasonOf(cause)})`,
    status: undefined,
    problem: undefined,
    cause,
    mayHaveActed,
    settles: false,
    isRetryable: code !== 'client_closed',
    waitMs: 0,
  };
}

const explanations: Readonly<Record<ClientErrorCode, string>> = {
  aborted: 'the call was aborted',
  answer_missing: 'no whole answer came',
  answer_unreadable: 'the answer is not what a Lastro bank says',
  bank_unreachable: 'the bank can’t be reached',
  client_closed: 'the client was closed',
};

/** One line that says more than “fetch failed”: several addresses tried give several reasons. */
function reasonOf(cause: Error): string {
  if (cause.message !== '') return cause.message;
  return cause instanceof AggregateError
    ? cause.errors.map((one) => (one instanceof Error ? one.message : String(one))).join('; ')
    : cause.name;
}

function judgeRefusal(
  answer: Extract<Exchange, { readonly kind: 'answered' }>,
  nowMs: number,
): Failed {
  const problem = readProblem(answer.text);
  const { status } = answer;
  const isRetryable = problem?.retryable ?? (status === 429 || status > 500);
  return {
    kind: 'failed',
    code: problem?.code ?? 'answer_unreadable',
    message: problem === undefined ? unreadable(status) : sentenceOf(problem),
    status,
    problem,
    cause: undefined,
    mayHaveActed: mayHaveHadEffect(answer, problem),
    // A key that was revoked since says nothing about what it did before.
    settles: status < 500 && status !== 401 && status !== 403 && !isRetryable,
    isRetryable,
    waitMs: retryAfterMs(answer.retryAfter, nowMs),
  };
}

/**
 * Below 500 nothing was done. A 503 of the bank was not submitted; one without its problem document is
 * somebody else's between us. A 500 is final when it is the recorded outcome.
 */
function mayHaveHadEffect(
  answer: Extract<Exchange, { readonly kind: 'answered' }>,
  problem: Problem | undefined,
): boolean {
  if (answer.status < 500) return false;
  if (answer.status === 503 && problem !== undefined) return false;
  return !answer.isReplayed;
}

function sentenceOf({ code, title, detail, account, sku }: Problem): string {
  const about = [account, sku].filter((name) => name !== undefined).join(', ');
  return `${code}: ${title}${about === '' ? '' : ` (${about})`}${detail === undefined ? '' : `. ${detail}`}`;
}

function unreadable(status: number): string {
  return `${explanations.answer_unreadable} (HTTP status ${status})`;
}

function readProblem(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'code' in value &&
    typeof value.code === 'string' &&
    'retryable' in value &&
    typeof value.retryable === 'boolean' &&
    'title' in value &&
    typeof value.title === 'string'
  );
}

function isClosed(error: Error): boolean {
  return error instanceof errors.ClientDestroyedError || error instanceof errors.ClientClosedError;
}
