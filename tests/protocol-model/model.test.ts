import { execFile } from 'node:child_process';
import { access, constants, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { serverOrSkip } from '../harness/require-server.ts';

// `docs/internals/consortium-model.md` says what is checked, and what isn't.

const IS_LONG = process.env['LASTRO_LONG'] === '1';
const SEARCH_TIMEOUT_MS = IS_LONG ? 60 * 60_000 : 5 * 60_000;
const MEMORY_MAX_MIB = 4_000;
const DEPTH_MAX = 100_000;
/** Of the table of states, as a power of two: larger than the states are many. */
const TABLE_BITS = IS_LONG ? 26 : 20;

const run = promisify(execFile);

interface Search {
  readonly errors: number;
  readonly states: number;
  readonly output: string;
}

/** Every state that can be reached, or up to the first error. */
async function search(definitions: readonly string[], optimized: '-O3' | '-O1' | '-O0') {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-spin-'));
  const options = { cwd: folder, timeout: SEARCH_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
  try {
    await copyFile(join(import.meta.dirname, 'protocol.pml'), join(folder, 'protocol.pml'));
    await run('spin', [...definitions.map((one) => `-D${one}`), '-a', 'protocol.pml'], options);
    const how = ['-DSAFETY', '-DCOLLAPSE', '-DVECTORSZ=1024', `-DMEMLIM=${MEMORY_MAX_MIB}`];
    await run('gcc', ['-w', '-march=native', optimized, ...how, '-o', 'pan', 'pan.c'], options);
    const { stdout } = await run(
      join(folder, 'pan'),
      [`-m${DEPTH_MAX}`, `-w${TABLE_BITS}`],
      options,
    );
    return readSearch(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readSearch(output: string): Search {
  const errors = /errors: (\d+)/.exec(output)?.[1];
  const states = /(\d+) states, stored/.exec(output)?.[1];
  const isCut = /max search depth too small|out of memory|Search not completed/.test(output);
  if (errors === undefined || states === undefined || (isCut && errors === '0')) {
    throw new Error(`the search did not come to its end:\n${output}`);
  }
  return { errors: Number(errors), states: Number(states), output };
}

async function isInstalled(program: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

const canCheck = (await isInstalled('spin')) && (await isInstalled('gcc'));

describe.runIf(serverOrSkip('spin with gcc', canCheck))('the model, every state of it', () => {
  // The whole one is 21 million states, and minutes.
  const sizes = IS_LONG
    ? [['MESSAGES=1', 'CRASHES=1']]
    : [
        ['MESSAGES=1', 'CRASHES=0'],
        ['MESSAGES=0', 'CRASHES=1', 'PARTICIPANT_CRASHES=0'],
      ];

  test.for(sizes)(
    'agreement, validity, no orphan hold: %s %s',
    { timeout: SEARCH_TIMEOUT_MS },
    async (size) => {
      const { errors, states, output } = await search(size, IS_LONG ? '-O3' : '-O1');
      process.stdout.write(`protocol.pml ${size.join(' ')}: ${states} states, ${errors} errors\n`);
      expect(errors, output).toBe(0);
      expect(states).toBeGreaterThan(50_000);
    },
  );

  // Every CI run takes out each of these rules; `npm test` alone two of them.
  const rules = [
    ['GIVE_UP', '0'],
    ['OWN_INTENT', '0'],
    ['EMPTY_IS_ABORT', '0'],
    ['ONE_YES', '0'],
    ['NO_TOMBSTONE', '0'],
    ['TWICE', '0'],
    ['NO_RECOVERY', '1'],
  ] as const;
  test.for(IS_LONG ? rules : rules.slice(0, 2))(
    'an error is found with %s',
    { timeout: SEARCH_TIMEOUT_MS },
    async ([rule, crashes]) => {
      const { errors } = await search(['MESSAGES=0', `CRASHES=${crashes}`, rule], '-O0');
      expect(errors).toBe(1);
    },
  );
});
