/**
 * `node run-seeds.fixture.ts FIRST COUNT`: simulates these seeds and says in one line of JSON what was
 * wrong first, or which sights were never seen. Runs in a copy of the tree, with a rule taken out.
 */
import process from 'node:process';
import { SIGHTS } from '../../packages/core/src/consortium/simulation/sights.fixture.ts';
import { simulate } from '../../packages/core/src/consortium/simulation/simulate.fixture.ts';

const [first = 1, count = 1] = process.argv.slice(2).map(Number);
const seen = new Set<string>();
let complaint: string | undefined;
for (let seed = first; seed < first + count && complaint === undefined; seed += 1) {
  const run = simulate(seed);
  for (const sight of run.seen) seen.add(sight);
  if (run.foul !== undefined) complaint = `seed ${seed}: ${run.foul.split('\n')[0] ?? ''}`;
}
const missing = SIGHTS.filter((sight) => !seen.has(sight));
if (complaint === undefined && missing.length > 0) complaint = `never seen: ${missing.join('; ')}`;
process.stdout.write(`${JSON.stringify({ complaint: complaint ?? null })}\n`);
