import type { LastroClient } from '@lastro/client';
import type { TransferRequest } from '@lastro/contract';
import { v5 as uuidV5 } from 'uuid';
import { once } from '../fill-bank.ts';
import type { Chance } from './chance.ts';

/** Of the ids of the commands that open and fund: the same on every machine, for ever. */
const ID_NAMESPACE = 'b1a2f7de-3f0c-5d7e-8a51-0c4c4f5d9a63';
const PREFIX = 'simulacao:';
const ASSET = 'BRL/2';
/** Centavos. */
const DEPOSIT = 1_000_00;
const AMOUNT_MAX = 100_00;
const AT_ONCE_MAX = 50;

/** Accounts of the simulation of transfers; nobody else's money is touched by it. */
export function isPlayAccount(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** Opens the first `count` play accounts and pays into each, once for ever. Rejects with `LastroError`. */
export async function openPlayAccounts(client: LastroClient, count: number): Promise<string[]> {
  const accounts = Array.from({ length: count }, (_, index) => `${PREFIX}${index + 1}`);
  const waiting = accounts.values();
  // All workers take from the one iterator.
  const work = async (): Promise<void> => {
    for (const account of waiting) await openOne(client, account);
  };
  await Promise.all(Array.from({ length: AT_ONCE_MAX }, work));
  return accounts;
}

async function openOne(client: LastroClient, account: string): Promise<void> {
  const idempotencyKey = uuidV5(`account/${account}`, ID_NAMESPACE);
  await once(client.openAccount({ id: account, asset: ASSET }, { idempotencyKey }));
  const id = uuidV5(`deposit/${account}`, ID_NAMESPACE);
  await once(client.deposit({ id, account, amount: DEPOSIT }));
}

/** A small amount between two different ones of at least two accounts. */
export function drawTransfer(accounts: readonly string[], chance: Chance): TransferRequest {
  const from = chance.below(accounts.length);
  const to = (from + 1 + chance.below(accounts.length - 1)) % accounts.length;
  return {
    from: accounts[from] ?? '',
    to: accounts[to] ?? '',
    amount: 1 + chance.below(AMOUNT_MAX),
  };
}
