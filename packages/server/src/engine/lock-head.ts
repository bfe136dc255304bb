import type { Head } from '../store/row-types.ts';
import type { Writer } from '../store/writer.ts';
import { accountsNamed, keepLookedUp, type LookedUp } from './load-footprint.ts';
import type { RowCache } from './row-cache.ts';
import type { Ticket } from './ticket.ts';

/** What was read behind the lock of head: it stands as long as the lock does. */
export interface BehindHead {
  readonly head: Head;
  readonly accounts: LookedUp;
  /** The earliest expiry of all pending holds, milliseconds since 1970; null: none is pending. */
  readonly nextExpiry: number | null;
}

/**
 * Begins a transaction and locks head. Where another process writes, too, every row that is known is
 * old by then, and nobody writes while this one asks for new ones: so what the tickets name by
 * themselves comes in the same round trip. `bank`: undefined as long as head was never read.
 */
export async function lockHead(
  writer: Pick<Writer, 'begin' | 'lockHead' | 'loadAccounts' | 'readNextExpiry'>,
  tickets: readonly Ticket[],
  bank: string | undefined,
): Promise<BehindHead> {
  const asked = bank === undefined ? [] : [...accountsNamed(tickets, bank)];
  const [, head, found, nextExpiry] = await Promise.all([
    writer.begin(),
    writer.lockHead(),
    asked.length === 0 ? [] : writer.loadAccounts(asked),
    writer.readNextExpiry(0),
  ]);
  return { head, accounts: { asked, found }, nextExpiry };
}

/** Takes what was read in place of rows as of an earlier head. */
export function keepBehindHead(cache: RowCache, { head, accounts, nextExpiry }: BehindHead): void {
  cache.clear();
  cache.head = head;
  cache.nextExpiry = nextExpiry;
  keepLookedUp(cache, accounts);
}
