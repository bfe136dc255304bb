import {
  consortium,
  decodeObjections,
  decodePendingOrderText,
  decodeYesList,
  type Consent,
  reader,
  type ConsentUses,
  type CrossBankRecord,
} from '@lastro/core';

/** What the bank knows of a cross-bank transaction, as its table has it. */
export interface CrossBankRow {
  id: string;
  state: CrossBankRecord['durable']['is'];
  hash: string | null;
  body: string | null;
  signature: string | null;
  yes: string | null;
  because: string | null;
  rebuilt: boolean;
  settled: boolean;
  decided_at: number | null;
  pending_order: string | null;
  seq: bigint;
  at: number;
  decided_seq: bigint | null;
}

export function toCrossBank(row: CrossBankRow): CrossBankRecord {
  const { id, at, pending_order: order } = row;
  return {
    id,
    durable: toDurable(row),
    order: order === null ? null : decodePendingOrderText(order),
    seq: Number(row.seq),
    at,
    decidedSeq: row.decided_seq === null ? null : Number(row.decided_seq),
  };
}

function toDurable(row: CrossBankRow): CrossBankRecord['durable'] {
  const { hash, settled } = row;
  const subject =
    row.body === null || hash === null
      ? null
      : { body: consortium.decodeBody(reader(row.body)), hash };
  const missing = (column: string) => new Error(`${row.id} is ${row.state} without ${column}`);
  const at = row.decided_at;
  if (row.state === 'aborted') {
    if (row.because === null || at === null) throw missing('reasons');
    return { is: 'aborted', subject, because: decodeObjections(row.because), at, settled };
  }
  if (subject === null) throw missing('a body');
  switch (row.state) {
    case 'prepared':
      if (row.signature === null) throw missing('a signature');
      return { is: 'prepared', ...subject, signature: row.signature };
    case 'in_doubt':
      return { is: 'in_doubt', ...subject };
    case 'committed': {
      if (row.yes === null || at === null) throw missing('promises');
      const yes: readonly consortium.Yes[] = decodeYesList(row.yes);
      return { is: 'committed', ...subject, yes, rebuilt: row.rebuilt, at, settled };
    }
  }
}

export interface ConsentRow {
  id: string;
  account: string;
  bank: string;
  amount: bigint;
  uses: ConsentUses;
  spent: bigint;
  expires_at: number;
  revoked_at: number | null;
  seq: bigint;
  at: number;
}

export function toConsent(row: ConsentRow): Consent {
  const { id, account, bank, amount, uses, spent, at } = row;
  return {
    id,
    account,
    bank,
    amount,
    uses,
    spent,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    seq: Number(row.seq),
    at,
  };
}
