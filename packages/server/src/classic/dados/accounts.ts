import { NO_LEASE_TOKENS, NO_METADATA, type Command, type Envelope } from '@lastro/core';
import { v5 as uuidV5 } from 'uuid';
import type { Engine } from '../../engine/engine.ts';
import { commandHash } from '../../http/command-id.ts';
import { runCommand } from '../../http/run-command.ts';

/** Whose commands those of this surface are. */
export const PRINCIPAL = 'classic:dados';

const ASSET = 'BRL/2';

/** The accounts that this surface has; it reads and moves no others. */
export const ACCOUNTS: readonly string[] = Array.from({ length: 10 }, (_, index) =>
  String(index + 1),
);

/** Where `setSaldo` takes the difference from and puts it to. */
export const ADJUSTMENT_ACCOUNT = 'dados:ajuste';

/** Centavos that each account begins with. */
const FIRST_BALANCE = 100_000n;

/** Any UUID, the same for ever: the first deposits have ids of their own. */
const NAMESPACE = '6f0d1f3a-8f0e-5c77-9d2c-0d8a35a6e0c1';

type Submitting = Pick<Engine, 'submit'>;

/**
 * Opens what is missing. Every step has a fixed id, so running it again changes nothing. Rejects with
 * a sentence when the bank can't be written, or has an account of such an id that is somebody else's.
 */
export async function ensureAccounts(engine: Submitting): Promise<void> {
  await open(engine, ADJUSTMENT_ACCOUNT, null);
  for (const account of ACCOUNTS) {
    await open(engine, account, 0n);
    const id = uuidV5(`first balance of ${account}`, NAMESPACE);
    const deposit = { id, account, amount: FIRST_BALANCE, metadata: NO_METADATA };
    await settle(engine, id, { type: 'Deposit', ...deposit });
  }
}

async function open(engine: Submitting, account: string, creditLimit: bigint | null) {
  await settle(engine, `open-account-${account}`, {
    type: 'OpenAccount',
    account,
    asset: ASSET,
    creditLimit,
    maximumBalance: null,
    metadata: NO_METADATA,
  });
}

async function settle(engine: Submitting, id: string, command: Command): Promise<void> {
  const result = await runCommand(engine, envelopeOfSurface(id, command, NO_LEASE_TOKENS));
  if (result.kind === 'accepted') return;
  throw new Error(`dados could not prepare its accounts: ${id} was answered ${result.code}`);
}

/** The envelope of a command of this surface. */
export function envelopeOfSurface(
  id: string,
  command: Command,
  leaseTokens: readonly number[],
): Envelope {
  const text = JSON.stringify(command, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  return {
    principal: PRINCIPAL,
    id,
    hash: commandHash(`dados ${text}`, null),
    command,
    leaseTokens,
  };
}
