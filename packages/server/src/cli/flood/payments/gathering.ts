import { setTimeout as sleep } from 'node:timers/promises';
import { LastroError, type CallOptions } from '@lastro/client';
import { v7 as uuidV7 } from 'uuid';
import { placeAt, type PayingBank } from './paying-bank.ts';
import { decided } from './decided.ts';

/** One transaction in which a customer of every bank pays one and the same, all or none; for people to see. */
export interface Gathering {
  /** `<bank>/<account>`, the coordinator's first. */
  readonly from: readonly string[];
  readonly to: string;
  /** Minor units, of each. */
  readonly amount: number;
  /** The code of the refusal; undefined: all have paid. */
  readonly refusal: string | undefined;
}

const ASSET = 'BRL/2';
/** Centavos, from each. */
const AMOUNT = 1_000_00;
const CONSENT_LASTS_MS = 10 * 60_000;
const DEADLINE_MS = 10_000;
const PATIENCE_MS = 30_000;
const PAUSE_MS = 200;

/**
 * The first customer of each bank pays the last customer of the last one. The first bank coordinates; each other
 * one consents to the debit of its own customer, for this once. Rejects with `LastroError`.
 */
export async function gather(banks: readonly PayingBank[]): Promise<Gathering> {
  const [coordinator] = banks;
  const receiver = banks.at(-1);
  if (coordinator === undefined || receiver === undefined) throw new Error('nobody to pay');
  const payers = banks.map((bank) => ({ bank, account: firstOf(bank) }));
  const to = placeAt(receiver, receiver.accounts.at(-1) ?? '');
  const transfers = await Promise.all(
    payers.map(async ({ bank, account }) => ({
      from: placeAt(bank, account),
      to,
      amount: AMOUNT,
      asset: ASSET,
      ...(bank === coordinator ? {} : { consent: await consentOf(bank, account, coordinator.id) }),
    })),
  );
  const asked = { from: transfers.map(({ from }) => from), to, amount: AMOUNT };
  const request = { id: uuidV7(), transfers };
  try {
    await untilDecided((options) =>
      decided((each) => coordinator.client.across.transact(request, each), options),
    );
    return { ...asked, refusal: undefined };
  } catch (error) {
    if (!(error instanceof LastroError) || error.kind !== 'refused') throw error;
    return { ...asked, refusal: error.code };
  }
}

function firstOf({ accounts }: PayingBank): string {
  const [first] = accounts;
  if (first === undefined) throw new Error('a bank without customers');
  return first;
}

async function consentOf({ client }: PayingBank, account: string, bank: string): Promise<string> {
  const expiresAt = new Date(Date.now() + CONSENT_LASTS_MS).toISOString();
  const { id } = await client.consents.grant({
    account,
    bank,
    amount: AMOUNT,
    uses: 'once',
    expiresAt,
  });
  return id;
}

/** Asks under the one id until the banks have agreed, or 30 s have passed. */
async function untilDecided(ask: (options: CallOptions) => Promise<unknown>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await ask({ deadlineMs: DEADLINE_MS });
      return;
    } catch (error) {
      const isOpen = error instanceof LastroError && error.kind !== 'refused';
      if (!isOpen || performance.now() >= end) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
