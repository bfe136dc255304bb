import type { Agenda } from './agenda.fixture.ts';
import type { FaultPlan } from './fault-plan.fixture.ts';
import type { Random } from './random.fixture.ts';

const LATE_MS = [30_000, 3_600_000, 3 * 24 * 3_600_000];

/** Carries what banks say to each other and to the register, badly. */
export class Network {
  /** `from>to`: one direction only. */
  readonly cuts = new Set<string>();
  readonly #agenda: Agenda;
  readonly #random: Random;
  readonly #faults: () => FaultPlan;

  constructor(agenda: Agenda, random: Random, faults: () => FaultPlan) {
    this.#agenda = agenda;
    this.#random = random;
    this.#faults = faults;
  }

  send(from: string, to: string, arrive: () => void): void {
    const { lost, repeated } = this.#faults();
    const link = `${from}>${to}`;
    if (this.cuts.has(link) || this.#random.chance(lost)) return;
    const copies = this.#random.chance(repeated) ? this.#random.between(2, 3) : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      this.#agenda.after(this.#delay(), () => {
        if (!this.cuts.has(link)) arrive();
      });
    }
  }

  #delay(): number {
    const { late, delayMaxMs } = this.#faults();
    if (this.#random.chance(late)) return this.#random.pick(LATE_MS) + this.#random.between(0, 500);
    return this.#random.between(1, delayMaxMs);
  }
}
