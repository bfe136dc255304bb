/**
 * `npm run prove-guards`: takes one guard away at a time, in a copy of the tree, and requires that its
 * test turns red; before, with the guard, that same test must be green.
 *
 *     npm run prove-guards                 every guard
 *     npm run prove-guards -- head COMMIT  those whose name holds one of these words
 *
 * Exit code 1 when a guard's removal goes unnoticed, or its test proves nothing.
 */
import { join } from 'node:path';
import process from 'node:process';
import type { Guard } from './guards/guard.ts';
import { guards } from './guards/guards.ts';
import { runTest, type TestRun } from './guards/run-test.ts';
import { copyTree, type ThrowAwayTree } from './guards/throw-away-tree.ts';

interface Proof {
  readonly guard: Guard;
  /** Undefined: proven. */
  readonly complaint?: string;
  readonly caughtBy: readonly string[];
  readonly seconds: number;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A test is run once with every guard in its place: one that is red anyhow proves nothing. */
async function runBefore(
  tree: ThrowAwayTree,
  guard: Guard,
  known: Map<string, TestRun>,
): Promise<TestRun> {
  const key = JSON.stringify(guard.test);
  const run = known.get(key) ?? (await runTest(tree.root, guard));
  known.set(key, run);
  return run;
}

async function prove(
  tree: ThrowAwayTree,
  guard: Guard,
  known: Map<string, TestRun>,
): Promise<Proof> {
  const before = await runBefore(tree, guard, known);
  if (before.passed === 0 || before.failedNames.length > 0) {
    const complaint = `its test is not green with it:\n${before.output}`;
    return { guard, complaint, caughtBy: [], seconds: before.seconds };
  }
  const putBack = await tree.remove(guard);
  try {
    const { passed, failedNames, seconds, output } = await runTest(tree.root, guard);
    const proof = { guard, caughtBy: failedNames, seconds };
    if (failedNames.length > 0) return proof;
    const complaint = passed > 0 ? 'its removal stays green' : `its test did not run:\n${output}`;
    return { ...proof, complaint };
  } finally {
    await putBack();
  }
}

function sayProof({ guard, complaint, caughtBy, seconds }: Proof): void {
  const mark = complaint === undefined ? '✓' : '✗';
  say(`${mark} ${guard.name} (${seconds.toFixed(1)} s)`);
  say(`    ${guard.test.path}`);
  if (complaint !== undefined) say(`    ${complaint}`);
  const [first, ...more] = caughtBy;
  if (first !== undefined) {
    say(`    caught by “${first}”${more.length > 0 ? ` and ${more.length} more` : ''}`);
  }
}

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = guards.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)),
);
const tree = await copyTree(join(import.meta.dirname, '..'));
const proofs: Proof[] = [];
try {
  const known = new Map<string, TestRun>();
  for (const guard of chosen) {
    const proof = await prove(tree, guard, known);
    sayProof(proof);
    proofs.push(proof);
  }
} finally {
  await tree.dispose();
}
const open = proofs.filter(({ complaint }) => complaint !== undefined);
say(`\n${proofs.length - open.length} of ${proofs.length} guards are proven by removal`);
process.exitCode = open.length > 0 || proofs.length === 0 ? 1 : 0;
