import type { CrossBankTransaction } from '../cross-bank-transaction.ts';
import { isLedgerEffect, type LedgerEffect, type OutwardEffect } from '../effect.ts';
import type { Message } from '../message.ts';
import type { ProtocolEvent } from '../protocol-event.ts';
import type { ProtocolSettings, Standpoint } from '../protocol-settings.ts';
import {
  afterRestart,
  isFinished,
  unknownTransaction,
  type TransactionState,
} from '../protocol-state.ts';
import { publication, reportFor } from '../reconciliation.ts';
import {
  reopenedRegister,
  seenRegister,
  type RegisterPin,
  type RegisterPlace,
} from '../register-pin.ts';
import { step } from '../step.ts';
import type { SmallLedger } from './small-ledger.fixture.ts';
import type { RegisterAnswer, SmallRegister } from './small-register.fixture.ts';
import { hashOf, signatureOf } from './workload.fixture.ts';
import { verified, withVerified } from './verified.fixture.ts';
import type { World } from './world.fixture.ts';

export interface OldCopy {
  readonly states: ReadonlyMap<string, TransactionState>;
  readonly ledger: SmallLedger;
  readonly pin: RegisterPin;
}

/** In what one bank differs from another. */
export interface Traits {
  readonly register: SmallRegister;
  readonly clockSkewMs: number;
  readonly settings: ProtocolSettings;
}

const REGISTER_TIMEOUT_MS = 1_000;
const ASK_AGAIN_MS = 700;

/** A bank as the protocol sees it: a disk, a process that may end at any time, and wires. */
export class SimulatedBank {
  readonly id: string;
  ledger: SmallLedger;
  /** The durable part is the disk; `crash` takes the rest away. */
  states = new Map<string, TransactionState>();
  pin: RegisterPin;
  /** Peers that haven't said yet what this bank forgot. Durable. */
  readonly reconciling = new Set<string>();
  readonly floors = new Map<string, string>();
  isUp = true;
  /** Doesn't start again, until `comeBack`. */
  isGone = false;
  readonly #world: World;
  readonly #traits: Traits;
  #boot = 0;
  #isPaused = false;
  #waiting: (() => void)[] = [];
  readonly #wakes = new Map<string, number>();

  constructor(world: World, id: string, ledger: SmallLedger, traits: Traits) {
    this.#world = world;
    this.id = id;
    this.ledger = ledger;
    this.#traits = traits;
    const { generation, revision } = traits.register;
    this.pin = { generation, revision, isClosed: false };
  }

  begin(body: CrossBankTransaction): void {
    const hash = hashOf(body);
    const signature = signatureOf(this.id, hash);
    this.#do(() => {
      this.take(body.id, { type: 'begin', now: this.now, body, hash, signature });
    });
  }

  /** A message arrived; who sent it is certain, for peers sign. */
  receive(from: string, id: string, message: Message): void {
    this.#do(() => {
      const { now } = this;
      const hash = 'body' in message ? hashOf(message.body) : '';
      const checked = withVerified(message, from);
      if (checked === undefined) return;
      const signature = signatureOf(this.id, hash);
      this.take(id, { type: 'message', now, from, message: checked, signature });
    });
  }

  /** One step: the block with its ledger effects, then what leaves; or a crash somewhere between. */
  take(id: string, event: ProtocolEvent): void {
    const crash = this.#world.crashNow(this);
    if (crash === 'before') {
      this.crash();
      return;
    }
    const before = this.states.get(id) ?? unknownTransaction(id);
    const { state, outward } = this.#block(before, event);
    this.states.set(id, state);
    this.#world.referee.observe(this, before, state, event);
    const left = crash === undefined ? outward.length : Math.floor(outward.length * crash);
    this.#world.beforeLeaving(this, outward);
    this.#do(() => {
      for (const effect of outward.slice(0, left)) this.#emit(id, effect);
      if (crash !== undefined) this.crash();
    });
  }

  #block(
    before: TransactionState,
    event: ProtocolEvent,
  ): { readonly state: TransactionState; readonly outward: readonly OutwardEffect[] } {
    const here = this.#standpoint();
    const outward: OutwardEffect[] = [];
    let state = before;
    for (let next: ProtocolEvent | undefined = event; next !== undefined;) {
      const done = step(here, state, next);
      state = done.state;
      next = undefined;
      for (const effect of done.effects) {
        if (isLedgerEffect(effect)) next = this.#write(state.id, effect);
        else outward.push(effect);
      }
    }
    return { state, outward };
  }

  #write(id: string, effect: LedgerEffect): ProtocolEvent | undefined {
    switch (effect.type) {
      case 'hold': {
        const { now } = this;
        const refusal = this.ledger.hold(id, effect.transfers);
        return refusal === undefined ? { type: 'held', now } : { type: 'not_held', now, refusal };
      }
      case 'capture':
        this.ledger.capture(id);
        return undefined;
      case 'release':
        this.ledger.release(id);
        return undefined;
      case 'post':
        this.ledger.post(effect.transfers);
        return undefined;
    }
  }

  #standpoint(): Standpoint {
    const { settings, register } = this.#traits;
    const { generation, isClosed } = this.pin;
    return {
      bank: this.id,
      settings,
      register: { generation, is: isClosed ? 'closed' : register.isAway ? 'away' : 'open' },
      reconciling: this.reconciling.size > 0,
      floors: this.floors,
    };
  }

  #emit(id: string, effect: OutwardEffect): void {
    switch (effect.type) {
      case 'send':
        this.#world.carry(this.id, effect.to, id, effect.message);
        break;
      case 'register.create':
        this.#askRegister(id, () => this.register.create(effect.generation, id, effect.decision));
        break;
      case 'register.read':
        this.#askRegister(id, () => this.register.read(effect.generation, id));
        break;
      case 'answer':
        this.#world.referee.answered(id, effect.answer);
        break;
      case 'alarm':
        this.#world.referee.alarmed(effect.alarm);
        break;
      case 'wake': {
        const at = effect.at + this.#world.random.between(0, effect.jitterMs);
        this.#wakeAt(id, at);
      }
    }
  }

  #wakeAt(id: string, at: number): void {
    const token = (this.#wakes.get(id) ?? 0) + 1;
    this.#wakes.set(id, token);
    this.#later(at - this.now, () => {
      if (this.#wakes.get(id) === token) this.take(id, { type: 'wake', now: this.now });
    });
  }

  /** The question may be lost, late, or answered to nobody; what it does in the register stands. */
  #askRegister(id: string, ask: () => RegisterAnswer): void {
    const { generation, revision, isClosed } = this.pin;
    if (isClosed) {
      this.#later(1, () => this.#tell(id, 'register.away'));
      return;
    }
    let isAnswered = false;
    this.#world.callRegister(
      this.id,
      ask,
      (answer, place) => {
        this.#do(() => {
          isAnswered = true;
          this.#seeRegister(place, revision);
          if (answer.is === 'stands') {
            const decision = verified(answer.decision);
            const { now } = this;
            this.take(id, { type: 'register.stands', now, generation, decision });
          } else if (answer.is === 'other_generation') this.#tell(id, 'register.away');
          else this.#tell(id, `register.${answer.is}`);
        });
      },
      this.#boot,
    );
    this.#later(REGISTER_TIMEOUT_MS, () => {
      if (!isAnswered) this.#tell(id, 'register.away');
    });
  }

  #tell(id: string, type: 'register.away' | 'register.empty' | 'register.below_floor'): void {
    this.take(id, { type, now: this.now });
  }

  get boot(): number {
    return this.#boot;
  }

  /** By its own clock. */
  get now(): number {
    return this.#world.agenda.now + this.#traits.clockSkewMs;
  }

  get register(): SmallRegister {
    return this.#traits.register;
  }

  #seeRegister(place: RegisterPlace, askedAt: number): void {
    const wasClosed = this.pin.isClosed;
    this.pin = seenRegister(this.pin, place, askedAt);
    if (this.pin.isClosed && !wasClosed) this.#publish();
  }

  /** Looks whether the register is still the one that it was. */
  probeRegister(): void {
    this.#do(() => {
      if (this.pin.isClosed) return;
      const { revision } = this.pin;
      const nothing = (): RegisterAnswer => ({ is: 'empty' });
      this.#world.callRegister(
        this.id,
        nothing,
        (_, place) => this.#do(() => this.#seeRegister(place, revision)),
        this.#boot,
      );
    });
  }

  /** The register went back: this bank says again what it knows, until all have. */
  #publish(): void {
    if (!this.pin.isClosed) return;
    const decisions = [...this.states].flatMap(([id, state]) => {
      const decision = publication(state);
      return decision === undefined ? [] : [{ id, decision }];
    });
    this.#world.publish(this.id, decisions, (place) => {
      this.#do(() => {
        if (this.pin.isClosed) this.pin = reopenedRegister(place);
      });
    });
    this.#later(ASK_AGAIN_MS, () => this.#publish());
  }

  copy(): OldCopy {
    const states = new Map([...this.states].map(([id, state]) => [id, afterRestart(state)]));
    return { states, ledger: this.ledger.copy(), pin: this.pin };
  }

  /** Everything since the copy is gone, and the bank knows that it is. */
  putBack({ states, ledger, pin }: OldCopy, peers: readonly string[]): void {
    this.crash();
    this.states = new Map(states);
    this.ledger = ledger.copy();
    this.pin = pin;
    for (const peer of peers) this.reconciling.add(peer);
  }

  crash(): void {
    this.#boot += 1;
    this.#waiting = [];
    this.#isPaused = false;
    for (const [id, state] of this.states) this.states.set(id, afterRestart(state));
    if (!this.isUp) return;
    this.isUp = false;
    if (!this.isGone) this.#world.agenda.after(this.#world.downtime(), () => this.#start());
  }

  leave(): void {
    this.isGone = true;
    this.crash();
  }

  comeBack(): void {
    this.isGone = false;
    this.#start();
  }

  #start(): void {
    if (this.isGone || this.isUp) return;
    this.isUp = true;
    this.#world.referee.seen.add('a bank starts again');
    for (const [id, state] of this.states) {
      // Handed in one by one: a crash in the middle starts all over.
      if (!isFinished(state)) this.#wakeAt(id, this.now);
    }
    this.#publish();
    this.#reconcile();
  }

  pause(ms: number): void {
    if (this.#isPaused || !this.isUp) return;
    this.#isPaused = true;
    this.#world.agenda.after(
      ms,
      this.#ifSameBoot(() => {
        this.#isPaused = false;
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const work of waiting) this.#do(work);
      }),
    );
  }

  /** Asks every peer what it forgot, until each has said so. */
  #reconcile(): void {
    for (const peer of this.reconciling) this.#world.askForReports(this, peer);
    if (this.reconciling.size > 0) this.#later(ASK_AGAIN_MS, () => this.#reconcile());
  }

  /** What a restored peer must know. */
  reportsFor(peer: string): { readonly id: string; readonly message: Message }[] {
    return [...this.states].flatMap(([id, state]) => {
      const message = reportFor(state, peer);
      return message === undefined ? [] : [{ id, message }];
    });
  }

  /** All that one peer knows; only when all of it is durable that peer is ticked off. */
  hearReports(from: string, reports: ReturnType<SimulatedBank['reportsFor']>): void {
    const boot = this.#boot;
    this.#do(() => {
      for (const { id, message } of reports) {
        if (boot !== this.#boot) return;
        this.receive(from, id, message);
      }
      this.#do(() => {
        if (boot === this.#boot) this.reconciling.delete(from);
      });
    });
  }

  /** Runs when the process does; what a crash overtakes is never run. */
  #do(work: () => void): void {
    if (!this.isUp) return;
    if (this.#isPaused) this.#waiting.push(this.#ifSameBoot(work));
    else work();
  }

  #later(ms: number, work: () => void): void {
    this.#world.agenda.after(
      ms,
      this.#ifSameBoot(() => this.#do(work)),
    );
  }

  #ifSameBoot(work: () => void): () => void {
    const boot = this.#boot;
    return () => {
      if (boot === this.#boot) work();
    };
  }
}
