import { createHash, randomUUID } from 'node:crypto';
import { NO_LEASE_TOKENS, type Command } from '@lastro/core';
import type { Engine } from '../../engine/engine.ts';
import { ProblemError } from '../../http/problem.ts';
import { runCommand, type CommandResult } from '../../http/run-command.ts';
import type { Snapshot } from '../../store/reads.ts';
import { envelopeOfSurface } from './accounts.ts';
import type { PastHolders } from './past-holders.ts';

/** A lease that is held, as the tables say it. */
export interface HeldLock {
  readonly id: string;
  readonly owner: string;
  readonly token: number;
}

const HELD = `select l.id, l.owner, l.token
  from lease l join account a on a.number = l.account
 where a.id = $1 and l.token is not null and l.expires_at > $2::timestamptz`;

export interface LockParts {
  readonly engine: Pick<Engine, 'submit'>;
  readonly reads: Snapshot;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** How long a lock lasts without its owner, in seconds. */
  readonly leaseSeconds: number;
  readonly pastHolders: PastHolders;
}

/** What an owner's name can say as it is. */
const PLAIN_ID = /^[\x20-\x7e]{1,80}$/;

/**
 * The owner's name of a lease: `id_negoc` in a space of its own, or its SHA-256 where it is too long
 * or holds what a name can't. Two that differ are two owners.
 */
export function ownerOf(idNegoc: string): string {
  return PLAIN_ID.test(idNegoc)
    ? `dados ${idNegoc}`
    : `dados-sha256 ${createHash('sha256').update(idNegoc).digest('hex')}`;
}

export async function readLock(parts: LockParts, account: string): Promise<HeldLock | undefined> {
  const { reads, clock } = parts;
  const [row] = await reads.rows<{ id: string; owner: string; token: bigint }>(HELD, [
    account,
    new Date(clock()).toISOString(),
  ]);
  return row && { id: row.id, owner: row.owner, token: Number(row.token) };
}

/** False when another holds it; its own holder's lock begins anew. */
export async function lock(parts: LockParts, account: string, owner: string): Promise<boolean> {
  const isTaken = await takeLock(parts, account, owner);
  if (isTaken) parts.pastHolders.remember(account, owner);
  else parts.pastHolders.forget(account, owner);
  return isTaken;
}

async function takeLock(parts: LockParts, account: string, owner: string): Promise<boolean> {
  const ttl = parts.leaseSeconds;
  const held = await readLock(parts, account);
  if (held !== undefined) {
    if (held.owner !== owner) return false;
    const renewed = await run(parts, { type: 'RenewLease', account, lease: held.id, ttl });
    if (renewed.kind === 'accepted') return true;
  }
  const id = randomUUID();
  const asked = await run(parts, { type: 'RequestLease', id, account, owner, ttl, wait: 0 });
  if (asked.kind === 'accepted') return true;
  if (asked.code !== 'account_leased') throw new ProblemError(asked.code);
  // Two requests of one owner may cross: then it is the other one that holds it.
  return (await readLock(parts, account))?.owner === owner;
}

/** False when another holds it; what nobody holds is as good as released. */
export async function unlock(parts: LockParts, account: string, owner: string): Promise<boolean> {
  parts.pastHolders.forget(account, owner);
  const held = await readLock(parts, account);
  if (held === undefined) return true;
  if (held.owner !== owner) return false;
  const released = await run(parts, { type: 'ReleaseLease', account, lease: held.id });
  if (released.kind === 'accepted' || released.code === 'lease_not_found') return true;
  throw new ProblemError(released.code);
}

function run({ engine }: LockParts, command: Command): Promise<CommandResult> {
  return runCommand(engine, envelopeOfSurface(randomUUID(), command, NO_LEASE_TOKENS));
}
