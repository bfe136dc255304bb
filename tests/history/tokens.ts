import type { Answer } from './history.ts';
import { chosenId, isRead, NO_LEASE, routeOf, type Request } from './request.ts';

/** No event that granted a lease can have this number. */
const NO_TOKEN = 1;

/** The tokens of leases, as clients were told them, and what each command was sent with. */
export class Tokens {
  readonly #byLease = new Map<string, number>();
  readonly #sentWith = new Map<string, readonly number[]>();

  /**
   * What to send the request with. The same command has the same tokens whenever it is sent, for
   * nothing else tells with which of them it was settled.
   */
  of(principal: string, request: Request): readonly number[] {
    if (isRead(request) || request.resource === 'batch') return [];
    const { under = [] } = request;
    const known = under.flatMap((lease) => {
      const token = lease === NO_LEASE ? NO_TOKEN : this.#byLease.get(lease);
      return token === undefined ? [] : [token];
    });
    const command = [principal, chosenId(request), routeOf(request), JSON.stringify(request.body)];
    const name = command.join(' ');
    const before = this.#sentWith.get(name);
    if (before === undefined) this.#sentWith.set(name, known);
    return before ?? known;
  }

  hear(request: Request, { status, body }: Answer): void {
    if (request.resource !== 'leases' || status !== 201) return;
    const { id, token } = body as { readonly id: string; readonly token: number };
    this.#byLease.set(id, token);
  }
}
