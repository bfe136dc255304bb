import { randomBytes } from 'node:crypto';
import { coursesFor } from './bars.ts';
import { complaintsOfBooks } from './measure/books.ts';
import { prepareCommitProbe } from './measure/commit-latency.ts';
import { measureGrowth, type Growth } from './measure/growth.ts';
import type { Progress } from './measure/progress.ts';
import { complaintsOfRivals } from './measure/rivals-ledger.ts';
import { runRounds } from './measure/rounds.ts';
import type { BenchOptions } from './options.ts';
import { summarize, type Summary } from './report/summary.ts';
import { connect, type Surroundings } from './site/bank-site.ts';
import type { Cleanups } from './site/cleanups.ts';
import { startGenerator } from './site/generator-process.ts';
import { describeMachine, type Machine } from './site/machine.ts';
import { startOwnPostgres, useGivenPostgres } from './site/postgres.ts';
import { openSite } from './site/site.ts';

export interface BenchResult {
  readonly machine: Machine;
  readonly summary: Summary;
  readonly growth: Growth | null;
  /** Wrong counts and wrong books; empty: every figure above is of real effects. */
  readonly complaints: readonly string[];
}

/** Builds everything, measures, checks. What it starts is handed to `cleanups`. */
export async function runBench(
  options: BenchOptions,
  cleanups: Cleanups,
  progress: Progress,
): Promise<BenchResult> {
  const startedAt = performance.now();
  progress.say('Starting PostgreSQL, the servers and the load generator.');
  const around = await openSurroundings(options, cleanups, progress);
  const probe = await connect(await around.postgres.createDatabase('probe'), cleanups);
  await prepareCommitProbe(probe);
  const machine = await describeMachine(probe);
  const courses = coursesFor(options.lanes);
  const site = await openSite(courses, around, options.banks);
  progress.say(`Ready after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`);
  const result = await runRounds(courses, { site, probe, around, options, progress }, startedAt);
  const complaints = [...result.complaints];
  progress.show('checking the books …');
  for (const { databaseUrl } of [site.bank, ...(site.consortium?.members ?? [])]) {
    complaints.push(...(await complaintsOfBooks(databaseUrl)));
  }
  if (site.rivals !== null) complaints.push(...(await complaintsOfRivals(site.rivals)));
  const growth =
    options.growth === null
      ? null
      : await measureGrowth(options.growth, { around, options, progress }, complaints);
  return { machine, summary: summarize(result), growth, complaints };
}

async function openSurroundings(
  options: BenchOptions,
  cleanups: Cleanups,
  progress: Progress,
): Promise<Surroundings> {
  const { databaseUrl, profileFolder } = options;
  const postgres =
    databaseUrl === null
      ? await startOwnPostgres(cleanups, (warning) => progress.say(`Warning: ${warning}`))
      : useGivenPostgres(databaseUrl, randomBytes(4).toString('hex'), cleanups);
  const generator = await startGenerator();
  cleanups.add('stopping the load generator', () => generator.stop());
  return { postgres, generator, cleanups, profileFolder };
}
