import type { Scope } from '@lastro/contract';

/** Who calls. Command ids belong to the principal; the scope says what it may do. */
export interface Principal {
  readonly id: string;
  readonly scope: Scope;
}

const RANK: Readonly<Record<Scope, number>> = { read: 0, write: 1, admin: 2 };

/** `read` < `write` < `admin`: each may do what those before it may. */
export function mayAct(principal: Principal, needed: Scope): boolean {
  return RANK[principal.scope] >= RANK[needed];
}

/** Finds the principal of a key; undefined when there is none. Known keys are answered at once. */
export interface Authenticator {
  authenticate(key: string): Principal | undefined | Promise<Principal | undefined>;
}
