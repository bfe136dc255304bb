import { parseArgs } from 'node:util';
import { LANES, MEMBERS, MEMBERS_DEFAULT, MEMBERS_MIN, type LaneName } from './lanes.ts';

export interface BenchOptions {
  readonly lanes: readonly LaneName[];
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** The rounds end early when another one would pass it; null: all rounds. */
  readonly budgetMs: number | null;
  readonly growth: GrowthOptions | null;
  readonly databaseUrl: string | null;
  readonly jsonFile: string | null;
  readonly svgFile: string | null;
  /** How many banks the lane `cross` has. */
  readonly banks: number;
  /** Where the banks leave V8 profiles of their processors; null: none. */
  readonly profileFolder: string | null;
}

export interface GrowthOptions {
  readonly accounts: number;
  readonly transfers: number;
}

export const USAGE = `npm run bench -- [options]

  --quick               fewer and shorter rounds, within 60 s
  --long                also growth (1 000 000 accounts, 10 000 000 transfers) and memory
  --lanes a,b           only these of ${LANES.join(', ')}, with their baselines
  --rounds N            instead of 7 (--quick: 3)
  --database-url URL    a PostgreSQL that is there, instead of one started for the bench
  --json FILE           the figures
  --svg FILE            the distribution of latencies, instead of bench/out/latency.svg
  --growth-accounts N   --growth-transfers N   another size of --long
  --banks N             of the lane cross, 2 to 4, instead of 3
  --profile FOLDER      processor profiles of the banks (.cpuprofile)
`;

const FLAGS = {
  quick: { type: 'boolean' },
  long: { type: 'boolean' },
  help: { type: 'boolean' },
  lanes: { type: 'string' },
  rounds: { type: 'string' },
  'database-url': { type: 'string' },
  json: { type: 'string' },
  svg: { type: 'string' },
  'growth-accounts': { type: 'string' },
  'growth-transfers': { type: 'string' },
  banks: { type: 'string' },
  profile: { type: 'string' },
} as const;

/** A run of five rounds and more is what DESIGN section 10 asks; the quick one only shows that all works. */
const PACE = { rounds: 7, warmUpMs: 1_000, windowMs: 4_000, budgetMs: null } as const;
const QUICK_PACE = { rounds: 3, warmUpMs: 200, windowMs: 600, budgetMs: 50_000 } as const;

/** Reads the arguments; `help` when the usage is asked for. Throws an error with one sentence. */
export function readOptions(words: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({ args: [...words], options: FLAGS, strict: true });
  if (values.help === true) return 'help';
  const pace = values.quick === true ? QUICK_PACE : PACE;
  const growth = {
    accounts: count('--growth-accounts', values['growth-accounts'], 1_000_000),
    transfers: count('--growth-transfers', values['growth-transfers'], 10_000_000),
  };
  return {
    ...pace,
    rounds: count('--rounds', values.rounds, pace.rounds),
    lanes: values.lanes === undefined ? LANES : lanesOf(values.lanes),
    growth: values.long === true ? growth : null,
    databaseUrl: values['database-url'] ?? null,
    jsonFile: values.json ?? null,
    svgFile: values.svg ?? null,
    banks: banksOf(values.banks),
    profileFolder: values.profile ?? null,
  };
}

function count(flag: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${flag} wants a whole number, not "${text}"`);
  return Number(text);
}

function banksOf(text: string | undefined): number {
  const banks = count('--banks', text, MEMBERS_DEFAULT);
  if (banks >= MEMBERS_MIN && banks <= MEMBERS.length) return banks;
  throw new Error(`--banks wants ${MEMBERS_MIN} to ${MEMBERS.length}, not "${banks}"`);
}

function lanesOf(text: string): LaneName[] {
  return text.split(',').map((word) => {
    const lane = LANES.find((name) => name === word.trim());
    if (lane === undefined) {
      throw new Error(`--lanes knows ${LANES.join(', ')}, and not "${word.trim()}"`);
    }
    return lane;
  });
}
