import { othersOf, participantsOf } from '../cross-bank-transaction.ts';
import type { Alarm, Answer } from '../effect.ts';
import { peerAccount } from '../local-transfers.ts';
import type { ProtocolEvent } from '../protocol-event.ts';
import { isFinished, type TransactionState } from '../protocol-state.ts';
import type { SimulatedBank } from './simulated-bank.fixture.ts';
import type { SmallRegister } from './small-register.fixture.ts';
import { ASSET, PEOPLE } from './workload.fixture.ts';

/** Thrown at the first thing that must never be. */
export class Foul extends Error {}

/** Sees everything and forgets nothing, and takes no part. */
export class Referee {
  /** What really happened, by name: a run in which nothing happens proves nothing. */
  readonly seen = new Set<string>();
  readonly alarms = new Set<Alarm>();
  readonly #register: SmallRegister;
  readonly #promised = new Set<string>();
  /** The first decision that any bank obeyed, by transaction. */
  readonly #obeyed = new Map<string, 'committed' | 'aborted'>();
  readonly #answers = new Map<string, Answer>();

  constructor(register: SmallRegister) {
    this.#register = register;
  }

  /** After every step of every bank. */
  observe(
    bank: SimulatedBank,
    before: TransactionState,
    after: TransactionState,
    event: ProtocolEvent,
  ): void {
    if (before.durable !== after.durable) this.#judge(bank, before, after);
    this.#note(bank, before, after, event);
  }

  answered(id: string, answer: Answer): void {
    const earlier = this.#answers.get(id);
    if (earlier !== undefined && earlier.is !== answer.is) {
      throw new Foul(`${id} was answered ${earlier.is}, then ${answer.is}`);
    }
    this.#answers.set(id, answer);
    this.seen.add(`answered ${answer.is}`);
  }

  alarmed(alarm: Alarm): void {
    this.alarms.add(alarm);
    this.seen.add(`alarm ${alarm}`);
  }

  #judge(bank: SimulatedBank, before: TransactionState, after: TransactionState): void {
    const { id, durable } = after;
    const was = before.durable.is;
    if (durable.is === 'absent') throw new Foul(`${bank.id} forgot ${id} while it was running`);
    if (was === 'committed' || was === 'aborted') {
      if (durable.is !== was) throw new Foul(`${bank.id} undid ${id}: ${was}, then ${durable.is}`);
      return;
    }
    const limit = bank.ledger.brokenLimit();
    if (limit !== undefined) throw new Foul(`I2: ${limit} at ${bank.id} by ${id}`);
    if (bank.ledger.holds.has(id) !== (durable.is === 'prepared')) {
      throw new Foul(`${bank.id} is ${durable.is} in ${id}, and its holds say otherwise`);
    }
    if (durable.is === 'prepared') this.#promised.add(`${bank.id} ${id} ${durable.hash}`);
    if (durable.is === 'committed' || durable.is === 'aborted') this.#judgeDecision(bank, after);
  }

  #judgeDecision(bank: SimulatedBank, { id, durable }: TransactionState): void {
    if (durable.is !== 'committed' && durable.is !== 'aborted') return;
    const first = this.#obeyed.get(id);
    if (first !== undefined && first !== durable.is) {
      throw new Foul(`I7: ${id} is ${first} elsewhere and ${durable.is} at ${bank.id}`);
    }
    this.#obeyed.set(id, durable.is);
    const word = durable.is === 'committed' ? 'commit' : 'abort';
    if (this.#register.history.get(id)?.has(word) !== true) {
      throw new Foul(`${bank.id} obeys a ${word} of ${id} that never stood in the register`);
    }
    if (durable.is === 'aborted') return;
    for (const participant of participantsOf(durable.body)) {
      if (!this.#promised.has(`${participant} ${id} ${durable.hash}`)) {
        throw new Foul(`${id} is committed, and ${participant} never promised this body`);
      }
    }
  }

  #note(
    bank: SimulatedBank,
    before: TransactionState,
    after: TransactionState,
    event: ProtocolEvent,
  ): void {
    const was = before.durable.is;
    const now = after.durable.is;
    const role = after.id.startsWith(`${bank.id}/`) ? 'coordinator' : 'participant';
    if (was !== now) {
      const by = event.type === 'message' ? event.message.type : event.type;
      this.seen.add(`${role}: ${was} → ${now} by ${by}`);
      return;
    }
    if (event.type === 'message') {
      this.seen.add(`${role} ${was} hears ${event.message.type}`);
      if (event.message.type === 'vote' && event.message.vote.is === 'no') {
        this.seen.add(`no: ${event.message.vote.reason.code}`);
      }
    } else if (event.type === 'register.stands' && event.generation !== bank.pin.generation) {
      this.seen.add('answer of a register that went back');
    }
  }

  /** After healing: everything is decided, nothing held, and the books of all banks agree. */
  judgeQuiet(banks: readonly SimulatedBank[]): void {
    for (const bank of banks) this.#judgeBank(bank);
    const ids = new Set(banks.flatMap((bank) => [...bank.states.keys()]));
    for (const id of ids) this.#judgeEverywhere(banks, id);
    for (const one of banks) {
      for (const other of banks) {
        if (one !== other && positionOf(one, other) !== -positionOf(other, one)) {
          throw new Foul(`I7: the positions of ${one.id} and ${other.id} don't mirror each other`);
        }
      }
    }
    for (const [id, { is }] of this.#answers) {
      if ((is === 'committed') !== (this.#obeyed.get(id) === 'committed')) {
        throw new Foul(`the client of ${id} was told ${is}, which isn't so`);
      }
    }
  }

  #judgeBank(bank: SimulatedBank): void {
    for (const state of bank.states.values()) {
      if (!isFinished(state))
        throw new Foul(`${bank.id} is still ${state.durable.is} in ${state.id}`);
    }
    const [held] = bank.ledger.holds.keys();
    if (held !== undefined) throw new Foul(`${bank.id} still holds for ${held}`);
    if (bank.reconciling.size > 0) throw new Foul(`${bank.id} is still reconciling`);
    if (bank.pin.isClosed) throw new Foul(`${bank.id} still has its register closed`);
  }

  #judgeEverywhere(banks: readonly SimulatedBank[], id: string): void {
    const committed = banks.flatMap((bank) => {
      const durable = bank.states.get(id)?.durable;
      return durable?.is === 'committed' ? [{ bank: bank.id, durable }] : [];
    });
    for (const { bank, durable } of committed) {
      for (const other of othersOf(durable.body, bank)) {
        const its = committed.find((one) => one.bank === other);
        if (its === undefined) throw new Foul(`I7: ${id} is committed at ${bank}, not at ${other}`);
        if (its.durable.hash !== durable.hash) throw new Foul(`I7: ${id} has two bodies`);
      }
    }
  }
}

/** What the people of all banks have together: nothing that the protocol does may change it (I1). */
export function moneyOf(banks: readonly SimulatedBank[]): bigint {
  let sum = 0n;
  for (const bank of banks) {
    for (const person of PEOPLE) sum += bank.ledger.accounts.get(person)?.balance ?? 0n;
  }
  return sum;
}

function positionOf(one: SimulatedBank, other: SimulatedBank): bigint {
  return one.ledger.accounts.get(peerAccount(other.id, ASSET))?.balance ?? 0n;
}
