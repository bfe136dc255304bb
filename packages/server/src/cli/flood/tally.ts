import { Histogram } from '../../engine/histogram.ts';

const LATENCY_SMALLEST_MS = 0.05;

/** What became of the commands of a flood; of one size, however many they are. */
export class Tally {
  /** Commands begun. */
  begun = 0;
  accepted = 0;
  /** By the refusal's code. */
  readonly refused = new Map<string, number>();
  /** Decided in the end, after an answer that left it open whether anything was done. */
  unknownSettled = 0;
  /** Commands that nobody answered for as long as we waited. */
  unanswered = 0;
  /** From the first try to the definite answer. */
  readonly latenciesMs = new Histogram(LATENCY_SMALLEST_MS);

  /** Commands with a definite answer. */
  get decided(): number {
    return this.accepted + this.refusedTotal;
  }

  get refusedTotal(): number {
    let total = 0;
    for (const count of this.refused.values()) total += count;
    return total;
  }

  /** `refusal`: its code; undefined when the command was accepted. */
  decide(refusal: string | undefined, latencyMs: number, wasUnknown: boolean): void {
    if (refusal === undefined) this.accepted += 1;
    else this.refused.set(refusal, (this.refused.get(refusal) ?? 0) + 1);
    if (wasUnknown) this.unknownSettled += 1;
    this.latenciesMs.record(latencyMs);
  }
}
