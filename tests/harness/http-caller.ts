import { Pool } from 'undici';

/** An answer as it came; `body` is undefined when it was not JSON. */
export interface Reply<Body> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
  readonly text: string;
}

/** What most answers look like to a test that reads one member of them. */
export type AnyBody = Readonly<Record<string, unknown>>;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

export interface CallOptions {
  /** API key instead of the caller's own; null: no Authorization at all. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** The body as it goes over the wire, instead of one made from a value. */
  readonly raw?: string | Buffer;
}

/** How a call ended, in a word: the code of its problem, else its status. */
export function endOf({ status, body }: Reply<AnyBody>): string {
  const code = body['code'];
  return status >= 400 && typeof code === 'string' ? code : String(status);
}

export interface HttpCaller {
  call<Body = AnyBody>(
    method: Method,
    path: string,
    body?: unknown,
    options?: CallOptions,
  ): Promise<Reply<Body>>;
  close(): Promise<void>;
}

const CONNECTIONS_MAX = 500;
const TIMEOUT_MS = 60_000;

/** Calls of one server over kept-alive connections: as many at once as there are calls, up to 500. */
export function createCaller(url: string, key: string): HttpCaller {
  const pool = new Pool(url, {
    connections: CONNECTIONS_MAX,
    pipelining: 1,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    connect: { timeout: TIMEOUT_MS },
  });
  return {
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller's, as in the interface
    async call<Body>(method: Method, path: string, body?: unknown, options: CallOptions = {}) {
      const sent = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const bearer = options.key === undefined ? key : options.key;
      const answer = await pool.request({
        method,
        path,
        headers: {
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
        body: sent ?? null,
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, headers: answer.headers, body: parse<Body>(text), text };
    },
    close: () => pool.destroy(),
  };
}

/** Where bytes become what the test says they are; its expectations judge it. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- see above
function parse<Body>(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return undefined as Body;
  }
}
