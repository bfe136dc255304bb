import { setTimeout as sleep } from 'node:timers/promises';
import type { consortium } from '@lastro/core';
import { describeFault } from '../../store/database-error.ts';
import type { Reads } from '../../store/reads.ts';
import { readPatiently } from '../../store/read-patiently.ts';
import type { Position } from '../register/position.ts';
import { decisionKey } from '../register/register-key.ts';
import type { Register, RegisterAnswer, RegisterFailure } from '../register/register.ts';
import { decodeDecision, encodeDecision } from './decision-text.ts';
import { advancePinRow, putPin, readPin } from './register-pin-row.ts';
import type { Republishing } from './republishing.ts';

/** What the register says of one transaction. */
export type RegisterVerdict =
  | {
      readonly kind: 'stands';
      readonly generation: string;
      readonly decision: consortium.CrossBankDecision;
      /** Whether this very call put it there: then nothing of it needs to be verified. */
      readonly isOwn: boolean;
    }
  | { readonly kind: 'empty' }
  /** No answer, or one that says nothing. */
  | { readonly kind: 'away' }
  /** Nothing of this coordinator is decided below it any more. */
  | { readonly kind: 'below_floor'; readonly floor: string };

export interface RegisterGuardParts {
  readonly reads: Reads;
  /** Opens the register; null takes whatever is there. */
  readonly open: (pin: Position | null) => Register;
  readonly republishing: Republishing;
  readonly newIncident: () => string;
  readonly lookMs: number;
  readonly awayLookMs: number;
  readonly onAlarm: (message: string) => void;
}

/** How long a start waits for the first answer of the register; the look itself goes on. */
const FIRST_LOOK_MS = 1_000;

const AWAY: RegisterVerdict = { kind: 'away' };

/**
 * The register as this bank may use it. Keeps the newest position beside the ledger before anything
 * is believed, and closes a register that went back until every bank has published again.
 */
export class RegisterGuard {
  readonly #parts: RegisterGuardParts;
  #register: Register | undefined;
  /** As it stands in the database. */
  #kept: Position | undefined;
  #newest: Position | undefined;
  #incident: string | null = null;
  #isAway = true;
  #saving: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #isStopped = false;

  constructor(parts: RegisterGuardParts) {
    this.#parts = parts;
  }

  get standpoint(): consortium.Standpoint['register'] {
    const generation = this.#kept?.generation ?? '';
    if (this.#incident !== null) return { generation, is: 'closed' };
    return { generation, is: this.#isAway || this.#kept === undefined ? 'away' : 'open' };
  }

  /** Reads the pin and asks the register once, without waiting long for it: it may well be away. */
  async start(): Promise<void> {
    const pin = await readPatiently(() => readPin(this.#parts.reads));
    this.#kept = pin;
    this.#newest = pin;
    this.#incident = pin?.incident ?? null;
    this.#register = this.#parts.open(this.#incident === null ? (pin ?? null) : null);
    const looking = this.#look();
    this.#looking = looking;
    await Promise.race([looking, sleep(FIRST_LOOK_MS, undefined, { ref: false })]);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#register?.close();
    await this.#looking;
    await this.#saving?.catch(() => undefined);
  }

  /** Tries to make a decision stand; what stands is the decision. Never rejects. */
  async create(id: string, decision: consortium.CrossBankDecision): Promise<RegisterVerdict> {
    const register = this.#usable();
    if (register === undefined) return AWAY;
    const answer = await register.create(keyOf(id), encodeDecision(decision));
    const result = await this.#accept(answer);
    if (result === undefined) return AWAY;
    switch (result.kind) {
      case 'below_floor':
        return result;
      case 'created':
        return this.#stands(decision, true);
      case 'stands':
        return this.#read(id, result.entry.value);
    }
  }

  async read(id: string): Promise<RegisterVerdict> {
    const register = this.#usable();
    if (register === undefined) return AWAY;
    const entry = await this.#accept(await register.read(keyOf(id)));
    if (entry === undefined) return AWAY;
    return entry === null ? { kind: 'empty' } : this.#read(id, entry.value);
  }

  /** Removes decisions for good; the floor that stands afterwards, undefined when nothing is known. */
  async retire(
    coordinator: string,
    floor: string,
    ids: readonly string[],
  ): Promise<string | undefined> {
    const register = this.#usable();
    if (register === undefined) return undefined;
    return (await this.#accept(await register.retire(coordinator, floor, ids)))?.floor;
  }

  #usable(): Register | undefined {
    return this.#incident === null && this.#kept !== undefined ? this.#register : undefined;
  }

  #stands(decision: consortium.CrossBankDecision, isOwn: boolean): RegisterVerdict {
    const generation = this.#kept?.generation ?? '';
    return { kind: 'stands', generation, decision, isOwn };
  }

  #read(id: string, value: Buffer): RegisterVerdict {
    try {
      return this.#stands(decodeDecision(value), false);
    } catch (error) {
      this.#parts.onAlarm(`what stands as the decision of ${id} is none: ${describeFault(error)}`);
      return AWAY;
    }
  }

  /** The result, once its position is kept; undefined: it says nothing. */
  async #accept<Result>(answer: RegisterAnswer<Result>): Promise<Result | undefined> {
    if (answer.kind !== 'answered') {
      await this.#fail(answer);
      return undefined;
    }
    this.#isAway = false;
    try {
      await this.#keep(answer.position);
    } catch (error) {
      this.#parts.onAlarm(`the register's position was not kept: ${describeFault(error)}`);
      return undefined;
    }
    return this.#incident === null ? answer.result : undefined;
  }

  async #fail(failure: RegisterFailure): Promise<void> {
    switch (failure.kind) {
      case 'register_unavailable':
        if (!this.#isAway) this.#lookIn(this.#parts.awayLookMs);
        this.#isAway = true;
        return;
      case 'register_went_back':
      case 'register_replaced':
        return this.#close(failure.kind);
    }
  }

  /** Many answers come together: one write keeps the newest of them. */
  async #keep(position: Position): Promise<void> {
    if (this.#newest === undefined || position.revision > this.#newest.revision) {
      this.#newest = position;
    }
    while (this.#kept === undefined || this.#kept.revision < position.revision) {
      this.#saving ??= this.#save();
      await this.#saving;
    }
  }

  async #save(): Promise<void> {
    try {
      const newest = this.#newest;
      if (newest === undefined || this.#incident !== null) return;
      const { reads } = this.#parts;
      if (this.#kept === undefined) await putPin(reads, { ...newest, incident: null });
      else await advancePinRow(reads, newest);
      this.#kept = newest;
    } finally {
      this.#saving = undefined;
    }
  }

  async #close(how: RegisterFailure['kind']): Promise<void> {
    if (this.#incident !== null || this.#kept === undefined || this.#isStopped) return;
    const incident = this.#parts.newIncident();
    this.#incident = incident;
    this.#parts.republishing.forget();
    this.#parts.onAlarm(`the register is closed (${how}): every bank must publish again`);
    const closed = this.#register;
    this.#register = this.#parts.open(null);
    this.#lookIn(0);
    await closed?.close();
    // Should this be lost, the pin still says what went back.
    await putPin(this.#parts.reads, { ...this.#kept, incident }).catch((error: unknown) =>
      this.#parts.onAlarm(`that the register is closed was not kept: ${describeFault(error)}`),
    );
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#looking ??= this.#look();
    }, ms);
  }

  async #look(): Promise<void> {
    try {
      if (this.#incident === null) await this.#lookWhether();
      else await this.#tryToReopen(this.#incident);
    } catch (error) {
      this.#parts.onAlarm(`looking at the register failed: ${describeFault(error)}`);
    } finally {
      this.#looking = undefined;
      const isWell = this.#incident === null && !this.#isAway;
      this.#lookIn(isWell ? this.#parts.lookMs : this.#parts.awayLookMs);
    }
  }

  /** Whether it is there, is still the one that it was, and whether another bank has closed it. */
  async #lookWhether(): Promise<void> {
    const register = this.#register;
    if (register === undefined) return;
    if ((await this.#accept(await register.position())) === undefined) return;
    await this.#parts.republishing.join(register);
  }

  async #tryToReopen(incident: string): Promise<void> {
    const register = this.#register;
    if (register === undefined) return;
    if (!(await this.#parts.republishing.announce(register, incident))) return;
    const answer = await register.position();
    if (answer.kind !== 'answered') return;
    const pin = { ...answer.position, incident: null };
    await putPin(this.#parts.reads, pin);
    this.#kept = pin;
    this.#newest = pin;
    this.#incident = null;
    this.#isAway = false;
    this.#parts.onAlarm('the register is open again: every bank has published');
    await this.#parts.republishing.conclude(register, incident);
  }
}

function keyOf(id: string): string {
  const slash = id.indexOf('/');
  return decisionKey(id.slice(0, slash), id.slice(slash + 1));
}
