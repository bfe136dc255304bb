import type { CrossBankTransaction, Leg } from '../cross-bank-transaction.ts';
import type { Random } from './random.fixture.ts';

export const BANKS = ['alfa', 'beta', 'gama', 'delta', 'zeta'];
export const ASSET = 'BRL/2';
export const PEOPLE = ['ana', 'bia', 'caio'];

/** A body that some bank might be asked for: payments, several to one, cycles, swaps, nonsense. */
export function randomLegs(random: Random, banks: readonly string[], coordinator: string): Leg[] {
  const shape = random.between(0, 9);
  const other = (bank: string): string => random.pick(banks.filter((one) => one !== bank));
  if (shape <= 3) return [leg(random, coordinator, other(coordinator))];
  if (shape === 4) return [leg(random, other(coordinator), coordinator)];
  if (shape === 5) {
    // All others pay one.
    const payee = random.pick(banks);
    return banks.filter((bank) => bank !== payee).map((bank) => leg(random, bank, payee));
  }
  if (shape === 6) {
    // Round in a circle.
    return banks.map((bank, index) => leg(random, bank, banks[(index + 1) % banks.length]!));
  }
  const legs = Array.from({ length: random.between(1, 4) }, () => {
    const from = random.pick(banks);
    return leg(random, from, random.chance(0.25) ? from : random.pick(banks));
  });
  // One between banks at least, which may leave the coordinator without a leg of its own.
  const payer = random.pick(banks);
  return [...legs, leg(random, payer, other(payer))];
}

function leg(random: Random, from: string, to: string): Leg {
  const payer = random.pick(PEOPLE);
  const payees = from === to ? PEOPLE.filter((person) => person !== payer) : PEOPLE;
  const payee = random.chance(0.02) ? 'nobody' : random.pick(payees);
  return {
    from: { bank: from, account: payer },
    to: { bank: to, account: payee },
    amount: BigInt(random.between(1, 60)),
    asset: ASSET,
    consent: null,
  };
}

const hashes = new WeakMap<CrossBankTransaction, string>();

/** Every field of the body in one text; a real bank makes a digest of it. */
export function hashOf(body: CrossBankTransaction): string {
  const known = hashes.get(body);
  if (known !== undefined) return known;
  const legs = body.legs.map(
    ({ from, to, amount }) =>
      `${from.bank}.${from.account}>${to.bank}.${to.account}:${amount.toString()}`,
  );
  const hash = [body.id, body.decideBy, body.generation, ...legs].join(' ');
  hashes.set(body, hash);
  return hash;
}

/** What only this bank can write for this body. */
export function signatureOf(bank: string, hash: string): string {
  return `${bank}: yes to ${hash}`;
}

/** Ids rise with time, as version 7 of UUID does. */
export function transactionId(bank: string, number: number): string {
  return `${bank}/00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}
