import type { Claim, Guard, KeyRange, Retirement, Swap, Tag } from '../home.ts';
import { decisionKey, endOfPrefix, partsOfDecision } from '../register-key.ts';

/**
 * The steps of the register as transactions of etcd v3, in the JSON of its gateway: keys and values in
 * base64, numbers of 64 bits as text. Each compares, in the same transaction, what the caller pinned.
 */

interface Compare {
  readonly key: string;
  readonly target: 'VALUE' | 'CREATE' | 'MOD';
  readonly result: 'EQUAL' | 'GREATER';
  readonly value?: string;
  readonly create_revision?: string;
  readonly mod_revision?: string;
}

export type Operation =
  | { readonly request_put: { readonly key: string; readonly value: string } }
  | {
      readonly request_range: {
        readonly key: string;
        readonly range_end?: string;
        readonly limit?: string;
      };
    }
  | { readonly request_delete_range: { readonly key: string } }
  | { readonly request_txn: Transaction };

export interface Transaction {
  readonly compare: readonly Compare[];
  readonly success: readonly Operation[];
  readonly failure: readonly Operation[];
}

/** Where one register lies in a cluster that may hold others. */
export class Layout {
  readonly #root: string;

  /** @param name of the register, such as `lastro` */
  constructor(name: string) {
    this.#root = `/${name}/`;
  }

  get generation(): string {
    return base64(`${this.#root}generation`);
  }

  /** Put by every change: its mod_revision is the register's revision. */
  get revision(): string {
    return base64(`${this.#root}revision`);
  }

  floor(coordinator: string): string {
    return base64(`${this.#root}floor/${coordinator}`);
  }

  entry(key: string): string {
    return base64(`${this.#root}entry/${key}`);
  }

  /** The entry's key again, of what etcd calls it. */
  keyOf(stored: string): string {
    return Buffer.from(stored, 'base64').toString().slice(`${this.#root}entry/`.length);
  }
}

/** A new register gets its generation; any other keeps its own. */
export function establishing(layout: Layout, generation: string | null): Transaction {
  const whereItIs = [range(layout.generation), range(layout.revision)];
  return {
    compare: [isAbsent(layout.generation)],
    success:
      generation === null
        ? whereItIs
        : [put(layout.generation, base64(generation)), put(layout.revision, '')],
    failure: whereItIs,
  };
}

/** Runs the operations if the register is still what was pinned, else says where it is. */
function guarded(layout: Layout, guard: Guard, operations: readonly Operation[]): Transaction {
  return {
    compare: [
      {
        key: layout.generation,
        target: 'VALUE',
        result: 'EQUAL',
        value: base64(guard.generation),
      },
      {
        key: layout.revision,
        target: 'MOD',
        result: 'GREATER',
        mod_revision: String(guard.revision - 1n),
      },
    ],
    success: operations,
    failure: [range(layout.generation), range(layout.revision)],
  };
}

export function reading(layout: Layout, guard: Guard, key: string | null): Transaction {
  const wanted = key === null ? [] : [range(layout.entry(key))];
  return guarded(layout, guard, [range(layout.revision), ...wanted]);
}

export function listing(
  layout: Layout,
  guard: Guard,
  { prefix, after, limit }: KeyRange,
): Transaction {
  const page = {
    request_range: {
      key: after === null ? layout.entry(prefix) : layout.entry(`${after}\0`),
      range_end: layout.entry(endOfPrefix(prefix)),
      limit: String(limit),
    },
  };
  return guarded(layout, guard, [range(layout.revision), page]);
}

export function creating(layout: Layout, guard: Guard, claims: readonly Claim[]): Transaction {
  const operations = claims.map((claim) => nested(creatingOne(layout, claim)));
  return guarded(layout, guard, [put(layout.revision, ''), ...operations]);
}

function creatingOne(layout: Layout, { key, value, tag }: Claim): Transaction {
  const entry = layout.entry(key);
  const claimed = put(entry, storedValue(tag, value));
  const decision = partsOfDecision(key);
  if (decision === null) {
    return { compare: [isAbsent(entry)], success: [claimed], failure: [range(entry)] };
  }
  const floor = layout.floor(decision.coordinator);
  // A coordinator without a floor: comparing what is absent is false, so the claim is made.
  const unlessBelow = {
    compare: [isGreater(floor, decision.id)],
    success: [range(floor)],
    failure: [claimed],
  };
  return { compare: [isAbsent(entry)], success: [nested(unlessBelow)], failure: [range(entry)] };
}

export function swapping(layout: Layout, guard: Guard, swap: Swap): Transaction {
  const entry = layout.entry(swap.key);
  const change =
    swap.value === null
      ? { request_delete_range: { key: entry } }
      : put(entry, storedValue(swap.tag, swap.value));
  const operation = nested({
    compare: [{ key: entry, target: 'MOD', result: 'EQUAL', mod_revision: String(swap.revision) }],
    success: [change],
    failure: [range(entry)],
  });
  return guarded(layout, guard, [put(layout.revision, ''), operation]);
}

export function retiring(
  layout: Layout,
  guard: Guard,
  { coordinator, floor, ids }: Retirement,
): Transaction {
  const key = layout.floor(coordinator);
  const raise = nested({
    compare: [isGreater(key, floor)],
    success: [range(key)],
    failure: [put(key, base64(floor))],
  });
  const removals = ids.map((id) => ({
    request_delete_range: { key: layout.entry(decisionKey(coordinator, id)) },
  }));
  return guarded(layout, guard, [put(layout.revision, ''), raise, ...removals]);
}

/** The tag's 16 bytes, then the value. */
function storedValue(tag: Tag, value: Buffer): string {
  return Buffer.concat([Buffer.from(tag.replaceAll('-', ''), 'hex'), value]).toString('base64');
}

function isAbsent(key: string): Compare {
  return { key, target: 'CREATE', result: 'EQUAL', create_revision: '0' };
}

function isGreater(key: string, than: string): Compare {
  return { key, target: 'VALUE', result: 'GREATER', value: base64(than) };
}

function put(key: string, value: string): Operation {
  return { request_put: { key, value } };
}

function range(key: string): Operation {
  return { request_range: { key } };
}

function nested(transaction: Transaction): Operation {
  return { request_txn: transaction };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
