import type pg from 'pg';
import type { LatencyHistogram } from '../statistics/histogram.ts';

/** Makes the one table that the probe writes to. */
export async function prepareCommitProbe(client: pg.Client): Promise<void> {
  await client.query('create table if not exists commit_probe (number integer, at timestamptz)');
}

/** How long PostgreSQL takes for a commit of one row, on a machine that does nothing else: the disk's share in every latency. */
export async function probeCommits(
  client: pg.Client,
  count: number,
  into: LatencyHistogram,
): Promise<void> {
  const insert = { name: 'commit-probe', text: 'insert into commit_probe values ($1, now())' };
  for (let number = 0; number < count; number += 1) {
    const begun = performance.now();
    // One after the other: the latency of one commit is asked for.
    await client.query({ ...insert, values: [number] });
    into.add(performance.now() - begun);
  }
}
