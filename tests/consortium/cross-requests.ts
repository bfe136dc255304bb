import { randomUUID } from 'node:crypto';
import type { Chance } from '../faults/fixtures/random.ts';
import type { Town } from './town.ts';

/** A request as it goes to one bank, and what it moves when it is carried out. */
export interface WrittenRequest {
  /** That is called, and coordinates. */
  readonly bank: string;
  readonly path: '/v1/transfers' | '/v1/transactions';
  readonly body: Readonly<Record<string, unknown>>;
  readonly moves: readonly Movement[];
}

/** Between two places, `<bank>/<account>`; centavos. */
export interface Movement {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

const ASSET = 'BRL/2';
/** Seconds that the banks have to agree: long enough for a busy machine that no time runs out. */
const WITHIN = 30;
/** For a flood, whose faults make time run out: a test must see its end. */
const FLOOD_WITHIN = 5;

/** One transfer from an account of the bank that is called. */
export function payment(move: Movement, id: string = randomUUID()): WrittenRequest {
  const bank = bankOf(move.from);
  return {
    bank,
    path: '/v1/transfers',
    body: { id, ...seenFrom(bank, move), within: WITHIN },
    moves: [move],
  };
}

/** A transfer that stays within one bank. */
function localPayment(move: Movement, id: string = randomUUID()): WrittenRequest {
  const [from, to] = [accountOf(move.from), accountOf(move.to)];
  return {
    bank: bankOf(move.from),
    path: '/v1/transfers',
    body: { id, from, to, amount: move.amount },
    moves: [move],
  };
}

/** Several transfers, all or none; other banks' accounts are debited by their consents. */
export function parcel(
  town: Town,
  bank: string,
  moves: readonly Movement[],
  id: string = randomUUID(),
): WrittenRequest {
  const transfers = moves.map((move) => {
    const isOwn = bankOf(move.from) === bank;
    const consent = isOwn ? {} : { consent: town.consentFor(move.from, bank) };
    return { ...seenFrom(bank, move), ...consent };
  });
  return { bank, path: '/v1/transactions', body: { id, transfers, within: WITHIN }, moves };
}

/** Gives the banks so many seconds to agree. */
export function within(seconds: number, request: WrittenRequest): WrittenRequest {
  return { ...request, body: { ...request.body, within: seconds } };
}

/** Any of the kinds: within a bank, to another one, or a package from all others to one. */
export function drawRequest(town: Town, chance: Chance): WrittenRequest {
  const amount = 1 + chance.below(500);
  const from = chance.pick(town.places);
  const drawn = chance.next();
  if (drawn < 0.2) {
    const near = town.accounts.map((account) => `${bankOf(from)}/${account}`);
    return localPayment({ from, to: chance.pick(near.filter((to) => to !== from)), amount });
  }
  const far = town.places.filter((place) => bankOf(place) !== bankOf(from));
  const to = chance.pick(far);
  if (drawn < 0.75) return within(FLOOD_WITHIN, payment({ from, to, amount }));
  const payers = town.banks.filter((bank) => bank !== bankOf(to));
  const moves = payers.map((bank) => ({
    from: `${bank}/${chance.pick(town.accounts)}`,
    to,
    amount: 1 + chance.below(500),
  }));
  return within(FLOOD_WITHIN, parcel(town, chance.pick(payers), moves));
}

export function bankOf(place: string): string {
  return place.slice(0, place.indexOf('/'));
}

function accountOf(place: string): string {
  return place.slice(place.indexOf('/') + 1);
}

/** Own accounts by their id alone; a transfer without one of them names its asset. */
function seenFrom(bank: string, { from, to, amount }: Movement) {
  const own = (place: string) => (bankOf(place) === bank ? accountOf(place) : place);
  const isOwn = bankOf(from) === bank || bankOf(to) === bank;
  return { from: own(from), to: own(to), amount, ...(isOwn ? {} : { asset: ASSET }) };
}
