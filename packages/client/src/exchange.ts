import { errors, type Pool } from 'undici';

/** One HTTP request, complete. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; the same bytes on every try. */
  readonly body: string | undefined;
}

/** What came of sending it once. */
export type Exchange =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      /** The bank had this outcome recorded from before. */
      readonly isReplayed: boolean;
      readonly text: string;
    }
  /** Nothing of it reached the bank. */
  | { readonly kind: 'unsent'; readonly cause: Error }
  /** It may have been read, but no whole answer came back. */
  | { readonly kind: 'cut'; readonly cause: Error };

/** Sends a request once. Never rejects: what goes wrong is a value. */
export async function exchange(
  pool: Pool,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<Exchange> {
  if (signal.aborted) return { kind: 'unsent', cause: errorOf(signal.reason) };
  try {
    const { statusCode, headers, body } = await pool.request({
      method: request.method,
      path: request.path,
      headers: request.headers,
      body: request.body ?? null,
      signal,
    });
    return {
      kind: 'answered',
      status: statusCode,
      retryAfter: oneHeader(headers['retry-after']),
      isReplayed: oneHeader(headers['idempotency-replayed']) === 'true',
      text: await body.text(),
    };
  } catch (error) {
    const cause = errorOf(error);
    return { kind: isUnsent(cause) ? 'unsent' : 'cut', cause };
  }
}

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function oneHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Errors that come before a connection stands; anything else is taken for a request under way. */
function isUnsent(error: Error): boolean {
  if (error instanceof errors.ConnectTimeoutError) return true;
  if (error instanceof errors.ClientDestroyedError || error instanceof errors.ClientClosedError)
    return true;
  if (error instanceof AggregateError) {
    return error.errors.every((one) => one instanceof Error && isUnsent(one));
  }
  return 'syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo');
}
