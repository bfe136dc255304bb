import { coordinatorOf, othersOf, participantsOf } from '../cross-bank-transaction.ts';
import type { Alarm, Answer } from '../effect.ts';
import { peerAccount } from '../local-transfers.ts';
import type { ProtocolEvent } from '../protocol-event.ts';
import { isFinished, subjectOf, type TransactionState } from '../protocol-state.ts';
import type { SimulatedBank } from './simulated-bank.fixture.ts';
import { ASSET, PEOPLE } from './workload.fixture.ts';

/** Thrown at the first thing that must never be. */
export class Foul extends Error {}

/** Sees everything and forgets nothing, and takes no part. */
export class Referee {
  /** What really happened, by name: a run in which nothing happens proves nothing. */
  readonly seen = new Set<string>();
  readonly alarms = new Set<Alarm>();
  readonly #promised = new Set<string>();
  /** The first decision that any bank obeyed, by transaction. */
  readonly #obeyed = new Map<string, 'committed' | 'aborted'>();
  readonly #answers = new Map<string, Answer>();
  /** Who was told of which abort. */
  readonly #told = new Set<string>();
  readonly #softly = new Set<string>();

  /** After every step of every bank. */
  observe(
    bank: SimulatedBank,
    before: TransactionState,
    after: TransactionState,
    event: ProtocolEvent,
  ): void {
    if (before.durable !== after.durable) this.#judge(bank, before, after);
    if (event.type === 'message' && event.message.type === 'apply') {
      if (event.message.decision.is === 'abort') this.#told.add(`${bank.id} ${after.id}`);
    }
    this.#note(bank, before, after, event);
  }

  /** A bank was put back to an old copy. */
  forgets(bank: string): void {
    for (const told of this.#told) if (told.startsWith(`${bank} `)) this.#told.delete(told);
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
    if (durable.is === 'prepared') this.#judgePromise(bank, id, durable.hash);
    if (durable.is === 'committed' || durable.is === 'aborted') this.#judgeDecision(bank, after);
  }

  #judgePromise(bank: SimulatedBank, id: string, hash: string): void {
    this.#promised.add(`${bank.id} ${id} ${hash}`);
    if (this.#told.has(`${bank.id} ${id}`)) throw new Foul(`${bank.id} prepares the aborted ${id}`);
    if (bank.reconciling.size > 0) throw new Foul(`${bank.id} promises before it has reconciled`);
    if (coordinatorOf(id) === bank.id && bank.register.isAway) {
      throw new Foul(`${id} is begun while the register is away`);
    }
  }

  #judgeDecision(bank: SimulatedBank, { id, durable }: TransactionState): void {
    if (durable.is !== 'committed' && durable.is !== 'aborted') return;
    const first = this.#obeyed.get(id);
    if (first !== undefined && first !== durable.is) {
      throw new Foul(`I7: ${id} is ${first} elsewhere and ${durable.is} at ${bank.id}`);
    }
    this.#obeyed.set(id, durable.is);
    const word = durable.is === 'committed' ? 'commit' : 'abort';
    if (bank.register.history.get(id)?.has(word) !== true) {
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
    const coordinator = coordinatorOf(after.id);
    const role = coordinator === bank.id ? 'coordinator' : 'participant';
    if (was !== now) {
      this.seen.add(`${role}: ${was} → ${now} by ${nameOf(event, coordinator)}`);
      const intent = before.memory.intent?.is;
      if (now === 'aborted' && intent === 'commit') this.seen.add('a commit comes too late');
      if (now === 'committed' && intent === 'abort') this.seen.add('an abort comes too late');
      if (now === 'committed' && this.#softly.has(after.id)) this.seen.add('funds held, then free');
      return;
    }
    if (event.type === 'message') {
      const isTombstone = before.durable.is === 'aborted' && before.durable.subject === null;
      this.seen.add(`${role} ${isTombstone ? 'tombstone' : was} hears ${event.message.type}`);
      if (event.message.type === 'vote' && event.message.vote.is === 'no') {
        const { code } = event.message.vote.reason;
        this.seen.add(`no: ${code}`);
        if (code === 'funds_held') this.#softly.add(after.id);
      }
    } else if (event.type === 'register.stands' && event.generation !== bank.pin.generation) {
      this.seen.add('answer of a register that went back');
    }
  }

  /** After healing: everything is decided, nothing held, and the books of all banks agree. */
  judgeQuiet(banks: readonly SimulatedBank[]): void {
    const here = banks.filter((bank) => !bank.isGone);
    const gone = banks.filter((bank) => bank.isGone).map(({ id }) => id);
    for (const bank of here) this.#judgeBank(bank, gone);
    const ids = new Set(banks.flatMap((bank) => [...bank.states.keys()]));
    for (const id of ids) this.#judgeEverywhere(here, id, gone);
    for (const one of here) {
      for (const other of here) {
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

  /** No bank still needs what is removed, wherever that bank is. */
  judgeRemoval(banks: readonly SimulatedBank[], coordinator: string, floor: string): void {
    for (const bank of banks) {
      for (const { id, durable } of bank.states.values()) {
        const isDecided = durable.is === 'committed' || durable.is === 'aborted';
        if (isDecided || coordinatorOf(id) !== coordinator || id > floor) continue;
        if (durable.is !== 'absent') throw new Foul(`${id} is removed, undecided at ${bank.id}`);
      }
    }
  }

  #judgeBank(bank: SimulatedBank, gone: readonly string[]): void {
    for (const state of bank.states.values()) {
      if (!isFinished(state) && !waitsFor(state, gone))
        throw new Foul(`${bank.id} is still ${state.durable.is} in ${state.id}`);
    }
    const [held] = bank.ledger.holds.keys();
    if (held !== undefined) throw new Foul(`${bank.id} still holds for ${held}`);
    if (bank.reconciling.size > 0) throw new Foul(`${bank.id} is still reconciling`);
    if (bank.pin.isClosed) throw new Foul(`${bank.id} still has its register closed`);
  }

  #judgeEverywhere(banks: readonly SimulatedBank[], id: string, gone: readonly string[]): void {
    const committed = banks.flatMap((bank) => {
      const durable = bank.states.get(id)?.durable;
      return durable?.is === 'committed' ? [{ bank: bank.id, durable }] : [];
    });
    for (const { bank, durable } of committed) {
      for (const other of othersOf(durable.body, bank)) {
        if (gone.includes(other)) continue;
        const its = committed.find((one) => one.bank === other);
        if (its === undefined) throw new Foul(`I7: ${id} is committed at ${bank}, not at ${other}`);
        if (its.durable.hash !== durable.hash) throw new Foul(`I7: ${id} has two bodies`);
      }
    }
  }
}

/** Whether only banks that are gone keep it from being settled. */
function waitsFor(state: TransactionState, gone: readonly string[]): boolean {
  const isDecided = state.durable.is === 'committed' || state.durable.is === 'aborted';
  const body = subjectOf(state)?.body;
  return isDecided && body !== undefined && participantsOf(body).some((one) => gone.includes(one));
}

/** Who brought it about; a decision that isn't from the coordinator was asked for. */
function nameOf(event: ProtocolEvent, coordinator: string): string {
  if (event.type !== 'message') return event.type;
  const { type } = event.message;
  return type === 'apply' && event.from !== coordinator ? 'apply of another' : type;
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
