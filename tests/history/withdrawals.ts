import type { Command } from '@lastro/core';
import { commandHash } from '../../packages/server/src/http/command-id.ts';
import type { Ask } from './ask.ts';

/** A command of a server’s own in the name of a client whose wait for a lease is over. */
export interface Withdrawal {
  readonly command: Extract<Command, { readonly type: 'ReleaseLease' }>;
  /** The requests whose wait it ended. */
  readonly asks: readonly Ask[];
  /** When the first of them began. */
  readonly began: number;
}

/** What may be taken back, by the principal and the hash of what takes it back. */
export function withdrawals(asks: readonly Ask[]): ReadonlyMap<string, Withdrawal> {
  const byMark = new Map<string, Withdrawal>();
  for (const ask of asks) {
    const { request, id: lease, invocation } = ask;
    if (request.resource !== 'leases' || lease === null || (request.body.wait ?? 0) === 0) continue;
    const { account } = request;
    const name = `${invocation.principal} ${commandHash('a wait for a lease is over', { account, lease })}`;
    const earlier = byMark.get(name);
    byMark.set(name, {
      command: { type: 'ReleaseLease', account, lease, ifWaiting: true },
      asks: [...(earlier?.asks ?? []), ask],
      began: Math.min(earlier?.began ?? Infinity, invocation.start),
    });
  }
  return byMark;
}
