import type { AccountRange, Traffic } from './generator/traffic.ts';

export const LANES = ['single', 'bulk', 'hot', 'orders', 'paced', 'two', 'cross'] as const;
export type LaneName = (typeof LANES)[number];

export const BASELINES = ['noop', 'pacedNoop', 'rowLock', 'rowLockHot', 'function'] as const;
export type BaselineName = (typeof BASELINES)[number];

export type CourseName = LaneName | BaselineName;

/** What carries the load: a port of the site. */
export type TargetName = 'bank' | 'secondBank' | 'noop' | 'rowLock' | 'function' | 'members';

/** One thing that is measured again and again: a lane or a baseline. */
export interface Course {
  readonly name: CourseName;
  readonly targets: readonly TargetName[];
  readonly traffic: Traffic;
  /** Over all connections. */
  readonly inFlightMax: number;
  /** Where its effects must be found again. */
  readonly counted:
    | 'bank transfers'
    | 'bank orders'
    | 'rival transfers'
    | 'cross-bank transfers'
    | 'nothing';
  /** An open loop at half of single's rate. */
  readonly isPaced: boolean;
  /** So many times as long as others before the first round: its servers serve no other lane. */
  readonly rehearsal?: number;
}

export const CONNECTIONS = 256;

/** 16 × 500 transfers under way: several blocks' worth, and less than the engine's queue refuses. */
const BATCHES_IN_FLIGHT = 16;
const BATCH_SIZE = 500;

export const ACCOUNTS: AccountRange = { prefix: 'a', count: 10_000 };
export const HOT_ACCOUNTS: AccountRange = { prefix: 'hot', count: 2 };
export const MERCHANT = 'merchant-0';

/** Banks of a consortium, of which the lane `cross` has as many as are asked for. */
export const MEMBERS = ['alfa', 'beta', 'gama', 'delta'] as const;
export const MEMBERS_MIN = 2;
export const MEMBERS_DEFAULT = 3;
export const SKU = 'hot-product';

const transfers: Traffic = { kind: 'transfers', accounts: ACCOUNTS };
const hotTransfers: Traffic = { kind: 'transfers', accounts: HOT_ACCOUNTS };

const single = {
  targets: ['bank'],
  traffic: transfers,
  inFlightMax: CONNECTIONS,
  counted: 'bank transfers',
  isPaced: false,
} as const;

function batchesOf(accounts: AccountRange): Traffic {
  return { kind: 'batches', accounts, size: BATCH_SIZE };
}

/**
 * In the order of a round: what is divided by each other lies side by side, for a machine's speed
 * changes within minutes.
 */
export const COURSES: readonly Course[] = [
  { ...single, name: 'noop', targets: ['noop'], counted: 'nothing' },
  { ...single, name: 'single' },
  { ...single, name: 'paced', isPaced: true },
  { ...single, name: 'pacedNoop', targets: ['noop'], counted: 'nothing', isPaced: true },
  { ...single, name: 'two', targets: ['bank', 'secondBank'] },
  {
    ...single,
    name: 'cross',
    targets: ['members'],
    traffic: { kind: 'payments', accounts: ACCOUNTS, banks: MEMBERS },
    counted: 'cross-bank transfers',
    rehearsal: 24,
  },
  { ...single, name: 'rowLock', targets: ['rowLock'], counted: 'rival transfers' },
  { ...single, name: 'bulk', traffic: batchesOf(ACCOUNTS), inFlightMax: BATCHES_IN_FLIGHT },
  { ...single, name: 'hot', traffic: batchesOf(HOT_ACCOUNTS), inFlightMax: BATCHES_IN_FLIGHT },
  {
    ...single,
    name: 'rowLockHot',
    targets: ['rowLock'],
    traffic: hotTransfers,
    counted: 'rival transfers',
  },
  {
    ...single,
    name: 'orders',
    traffic: { kind: 'orders', customers: ACCOUNTS, merchant: MERCHANT, sku: SKU },
    counted: 'bank orders',
  },
  { ...single, name: 'function', targets: ['function'], counted: 'rival transfers' },
];

/** Another round's order, the other way round; but what is paced by `single` comes after it. */
export function backwards(courses: readonly Course[]): readonly Course[] {
  const back = courses.filter(({ isPaced }) => !isPaced).toReversed();
  const afterSingle = back.findIndex(({ name }) => name === 'single') + 1;
  return back.toSpliced(afterSingle, 0, ...courses.filter(({ isPaced }) => isPaced));
}

export function isLane(name: CourseName): name is LaneName {
  return LANES.some((lane) => lane === name);
}
