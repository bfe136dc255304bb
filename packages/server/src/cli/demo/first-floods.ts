import { randomInt } from 'node:crypto';
import { LastroError } from '@lastro/client';
import { SEED_MAX } from '../flood/chance.ts';
import { showFlood } from '../flood/flood-progress.ts';
import { floodTextsIn, type FloodTexts } from '../flood/flood-texts.ts';
import { paymentsTable } from '../flood/payments/payments-table.ts';
import { simulatePayments, type PaymentsReport } from '../flood/payments/simulate-payments.ts';
import { resultTable } from '../flood/result-table.ts';
import type { SimulationReport } from '../flood/simulation.ts';
import { simulateOrders } from '../flood/simulations.ts';
import type { Tally } from '../flood/tally.ts';
import { languageOf } from '../language.ts';
import type { Progress } from '../progress.ts';
import type { DemoBank } from './demo-bank.ts';

const ordersConcurrency = 50;
const paymentsConcurrency = 20;
/** Payments between banks for each order of the flood. */
const paymentsShare = 0.5;

export interface FloodSurroundings {
  /** Of orders; 0: no flood of anything. */
  readonly count: number;
  readonly out: NodeJS.WriteStream;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
}

/** What banks that were just filled are flooded with, once. A flood that fails is no reason for the demo to end. */
export class FirstFloods {
  readonly reports: (SimulationReport | PaymentsReport)[] = [];
  readonly #around: FloodSurroundings;
  readonly #texts: FloodTexts;

  constructor(around: FloodSurroundings) {
    this.#around = around;
    this.#texts = floodTextsIn(languageOf(around.env));
  }

  /** Orders to each new bank with a shop; payments among all banks when any of them is new. */
  async run(banks: readonly DemoBank[], newBanks: readonly DemoBank[]): Promise<void> {
    if (this.#around.count === 0 || newBanks.length === 0) return;
    const { floodFailed, payments } = this.#texts;
    for (const bank of newBanks) {
      if (bank.world.shop === undefined) continue;
      await this.#bear(() => this.#orders(bank), floodFailed);
    }
    await this.#bear(() => this.#payments(banks), payments.failed);
  }

  async #bear(flood: () => Promise<void>, sentence: (reason: string) => string): Promise<void> {
    if (this.#around.signal.aborted) return;
    try {
      await flood();
    } catch (error) {
      if (!(error instanceof LastroError)) throw error;
      this.#around.progress.warn(sentence(error.message));
    }
  }

  async #orders({ client, url }: DemoBank): Promise<void> {
    const { count } = this.#around;
    const simulated = await simulateOrders(
      { ...this.#request(count), client, url, concurrency: ordersConcurrency },
      0,
    );
    if (simulated === undefined) return;
    const { report, failure } = simulated;
    this.reports.push(report);
    this.#around.out.write(`\n${resultTable(report, this.#texts)}`);
    if (failure !== undefined) throw failure;
  }

  async #payments(banks: readonly DemoBank[]): Promise<void> {
    const { report, failure } = await simulatePayments({
      ...this.#request(Math.ceil(this.#around.count * paymentsShare)),
      concurrency: paymentsConcurrency,
      banks: banks.map(({ world, client }) => ({
        id: world.id,
        client,
        accounts: world.people.map(({ account }) => account),
      })),
    });
    this.reports.push(report);
    this.#around.out.write(`\n${paymentsTable(report, this.#texts)}`);
    if (failure !== undefined) throw failure;
  }

  #request(count: number) {
    const { out, signal } = this.#around;
    const show = (tally: Tally) => showFlood(out, this.#texts, tally, count);
    return { count, seed: randomInt(SEED_MAX + 1), signal, show };
  }
}
