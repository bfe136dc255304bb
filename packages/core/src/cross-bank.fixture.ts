import type { BeginCrossBank } from './consortium-command.ts';
import type { CrossBankTransaction, Leg, Place } from './consortium/cross-bank-transaction.ts';
import type { CommitShare, PrepareShare } from './own-command.ts';
import { BLOCK_TIME, createTown, type Town } from './town.fixture.ts';
import { NO_METADATA } from './metadata.ts';

// A town as a bank of a consortium: its neighbours are alfa and beta.

const HASH = '5'.repeat(64);

export function uuidOf(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

/** `alfa/…1`: the first transaction that alfa coordinates. */
export function idOf(bank: string, number = 1): string {
  return `${bank}/${uuidOf(number)}`;
}

/** `town/ana beta/bia 5`, with the consent by which ana's account is debited. */
export function leg(text: string, consent: string | null = null, asset = 'BRL/2'): Leg {
  const [from = '', to = '', amount = '0'] = text.split(' ');
  return { from: place(from), to: place(to), amount: BigInt(amount), asset, consent };
}

function place(text: string): Place {
  const [bank = '', account = ''] = text.split('/');
  return { bank, account };
}

export function bodyOf(id: string, ...legs: readonly (Leg | string)[]): CrossBankTransaction {
  return {
    id,
    legs: legs.map((each) => (typeof each === 'string' ? leg(each) : each)),
    decideBy: BLOCK_TIME + 10_000,
    generation: 'g1',
  };
}

export function begin(
  body: CrossBankTransaction,
  changes: Partial<BeginCrossBank> = {},
): BeginCrossBank {
  const usual = { hash: HASH, signature: 'own yes', isLast: true, order: null };
  return { type: 'BeginCrossBank', body, ...usual, ...changes };
}

export function prepare(body: CrossBankTransaction): PrepareShare {
  return { type: 'PrepareShare', body, hash: HASH, signature: 'own yes' };
}

export function commit(
  body: CrossBankTransaction,
  changes: Partial<CommitShare> = {},
): CommitShare {
  return {
    type: 'CommitShare',
    id: body.id,
    from: 'prepared',
    body,
    hash: HASH,
    yes: ['alfa', 'beta', 'town'].map((bank) => ({ bank, signature: `${bank}: yes` })),
    rebuilt: false,
    transferId: uuidOf(7_000),
    ...changes,
  };
}

export const ABORT_PREPARED = { type: 'AbortShare', from: 'prepared', because: [] } as const;

export const CONSENT = uuidOf(500);

/** `ana` has 100, `bia` nothing; alfa may owe 50; alfa may debit 30 of ana under `CONSENT`. */
export function createMemberTown(): Town {
  const town = createTown();
  const metadata = NO_METADATA;
  for (const account of ['ana', 'bia']) {
    const limits = { creditLimit: 0n, maximumBalance: null };
    town.tell({ type: 'OpenAccount', account, asset: 'BRL/2', ...limits, metadata });
  }
  town.tell({ type: 'Deposit', id: uuidOf(900), account: 'ana', amount: 100n, metadata });
  town.tell({ type: 'SetExposureLimit', bank: 'alfa', asset: 'BRL/2', limit: 50n });
  town.tell({
    type: 'GrantConsent',
    id: CONSENT,
    account: 'ana',
    bank: 'alfa',
    amount: 30n,
    uses: 'total',
    expiresAt: BLOCK_TIME + 60_000,
  });
  return town;
}
