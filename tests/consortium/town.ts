import { expect } from 'vitest';
import type { BankProcess } from '../harness/bank-process.ts';
import { openAccounts } from '../harness/seeding.ts';

/** The people of a test: the same accounts in every bank, with consents for each other bank. */
export interface Town {
  readonly banks: readonly string[];
  /** Accounts of each bank, by name. */
  readonly accounts: readonly string[];
  /** `<bank>/<account>` of all of them. */
  readonly places: readonly string[];
  /** Centavos in each at the beginning. */
  readonly funds: number;
  /** By which `debtor`'s bank lets `bank` debit it. */
  consentFor(debtor: string, bank: string): string;
}

export interface TownOptions {
  readonly accounts?: number;
  readonly funds?: number;
  /** Whether other banks may debit the accounts; without it nobody may. */
  readonly consents?: boolean;
}

const HOUR_MS = 3_600_000;
/** More than all that a test moves. */
const CONSENT_AMOUNT = 1_000_000_000;

export async function settleTown(
  banks: readonly BankProcess[],
  { accounts: count = 4, funds = 20_000, consents = true }: TownOptions = {},
): Promise<Town> {
  const names = banks.map(({ name }) => name);
  const consentIds = new Map<string, string>();
  const accounts = await Promise.all(banks.map((bank) => openAccounts(bank, 'p', count, funds)));
  const people = accounts[0] ?? [];
  if (consents) {
    await Promise.all(
      banks.map(async (bank) => {
        for (const other of names.filter((name) => name !== bank.name)) {
          for (const account of people) {
            const id = await grantConsent(bank, account, other, CONSENT_AMOUNT);
            consentIds.set(`${bank.name}/${account} ${other}`, id);
          }
        }
      }),
    );
  }
  return {
    banks: names,
    accounts: people,
    places: names.flatMap((name) => people.map((account) => `${name}/${account}`)),
    funds,
    consentFor(debtor, bank) {
      const id = consentIds.get(`${debtor} ${bank}`);
      if (id === undefined) throw new Error(`${debtor} has not let ${bank} debit it`);
      return id;
    },
  };
}

/** Lets another bank debit the account up to the amount in all; the consent's id. */
export async function grantConsent(
  bank: Pick<BankProcess, 'call'>,
  account: string,
  other: string,
  amount: number,
  uses: 'once' | 'total' = 'total',
): Promise<string> {
  const expiresAt = new Date(Date.now() + HOUR_MS).toISOString();
  const granted = await bank.call('POST', '/v1/consents', {
    account,
    bank: other,
    amount,
    uses,
    expiresAt,
  });
  expect(granted.status, granted.text).toBe(201);
  return String(granted.body['id']);
}
