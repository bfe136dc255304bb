import type { FastifyRequest } from 'fastify';
import type { Authenticator, Principal } from '../../http/principal.ts';
import { PRINCIPAL } from './accounts.ts';

/** What the original's clients carry. They are no secret: the surface listens on loopback. */
export const DEFAULT_TOKENS: readonly string[] = [
  'ba0f',
  '4c0e',
  'a5fc',
  'b317',
  '6t2q',
  'a061',
  '1aac',
  '8w9k',
  '8ace',
  '8d69',
];

/** Knows the tokens of the surface. Over the API each may do all that the surface can. */
export class Tokens implements Authenticator {
  readonly #principals: ReadonlyMap<string, Principal>;

  constructor(tokens: readonly string[]) {
    this.#principals = new Map(
      tokens.map((token, index) => [token, { id: `${PRINCIPAL}:${index + 1}`, scope: 'admin' }]),
    );
  }

  authenticate(key: string): Principal | undefined {
    return this.#principals.get(key);
  }

  /** Whether the request's header `token` is one of them. */
  isKnown(request: FastifyRequest): boolean {
    const { token } = request.headers;
    return typeof token === 'string' && this.#principals.has(token);
  }
}
