import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeGuard } from '../../scripts/guards/guard.ts';
import { RULES, type Rule } from './rules.ts';

// A rule that nothing misses may be gone tomorrow. Each is taken out of a copy of the protocol, and
// the simulation must notice: by a foul, or because some way of recovering was never seen.

const ROOT = join(import.meta.dirname, '../..');
const SEEDS = 3_000;
const RUN_TIMEOUT_MS = 120_000;

/** Every CI run takes out each; `npm test` alone some of them. */
const TAKEN_OUT = process.env['LASTRO_LONG'] === '1' ? RULES : RULES.slice(0, 3);

let tree: string;

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'lastro-rules-'));
  for (const part of ['package.json', 'packages/core', 'tests/protocol']) {
    await cp(join(ROOT, part), join(tree, part), { recursive: true });
  }
});

afterAll(async () => {
  await rm(tree, { recursive: true, force: true });
});

test('with every rule in its place nothing is noticed', { timeout: RUN_TIMEOUT_MS }, async () => {
  expect(await complaintOfSeeds()).toBeNull();
});

test.for(TAKEN_OUT)('missed when it is gone: $name', { timeout: RUN_TIMEOUT_MS }, async (rule) => {
  const putBack = await takeOut(rule);
  try {
    const complaint = await complaintOfSeeds();
    expect(complaint).not.toBeNull();
    process.stdout.write(`${rule.name}: ${complaint ?? ''}\n`);
  } finally {
    await putBack();
  }
});

/** What the simulation finds in the copy; null: nothing. A run that doesn't start is no finding. */
async function complaintOfSeeds(): Promise<string | null> {
  const program = join(tree, 'tests/protocol/run-seeds.fixture.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, '1', String(SEEDS)], {
    timeout: RUN_TIMEOUT_MS,
  });
  const report: unknown = JSON.parse(stdout);
  if (typeof report !== 'object' || report === null || !('complaint' in report)) {
    throw new Error(`no report: ${stdout}`);
  }
  const { complaint } = report;
  if (complaint === null) return null;
  // A program that is broken is no proof that a rule was missed.
  if (typeof complaint !== 'string' || /(?:Reference|Type|Range)Error/.test(complaint)) {
    throw new Error(stdout);
  }
  return complaint;
}

async function takeOut({ without }: Rule): Promise<() => Promise<void>> {
  const before = new Map<string, string>();
  for (const replacement of without) {
    const path = join(tree, replacement.path);
    const source = await readFile(path, 'utf8');
    before.set(path, before.get(path) ?? source);
    await writeFile(path, removeGuard(source, replacement));
  }
  return async () => {
    for (const [path, source] of before) await writeFile(path, source);
  };
}
