import { coordinatorOf } from '../cross-bank-transaction.ts';
import type { CrossBankDecision } from '../cross-bank-decision.ts';

export type RegisterAnswer =
  | { readonly is: 'stands'; readonly decision: CrossBankDecision }
  | { readonly is: 'empty' }
  | { readonly is: 'below_floor' }
  /** Asked for under another generation than is there: nothing was done. */
  | { readonly is: 'other_generation' };

interface Copy {
  readonly entries: ReadonlyMap<string, CrossBankDecision>;
  readonly floors: ReadonlyMap<string, string>;
}

/** The register: one at a time, and it forgets only when it is put back to an old copy. */
export class SmallRegister {
  generation: string;
  revision = 1;
  isAway = false;
  entries = new Map<string, CrossBankDecision>();
  floors = new Map<string, string>();
  /** For who wants to be there at the worst moment. */
  beforeCommit: ((id: string) => void) | undefined;
  /** Members that have published again since it was put back. */
  readonly published = new Set<string>();
  /** What was ever created, for the referee: it survives everything. */
  readonly history: Map<string, Set<'commit' | 'abort'>>;

  constructor(generation: string, history: SmallRegister['history']) {
    this.generation = generation;
    this.history = history;
  }

  create(generation: string, id: string, decision: CrossBankDecision): RegisterAnswer {
    if (generation !== this.generation) return { is: 'other_generation' };
    const floor = this.floors.get(coordinatorOf(id));
    if (floor !== undefined && id <= floor) return { is: 'below_floor' };
    const stands = this.entries.get(id);
    if (stands !== undefined) return { is: 'stands', decision: stands };
    if (decision.is === 'commit') this.beforeCommit?.(id);
    this.entries.set(id, decision);
    this.revision += 1;
    this.history.set(id, (this.history.get(id) ?? new Set()).add(decision.is));
    return { is: 'stands', decision };
  }

  read(generation: string, id: string): RegisterAnswer {
    if (generation !== this.generation) return { is: 'other_generation' };
    const decision = this.entries.get(id);
    return decision === undefined ? { is: 'empty' } : { is: 'stands', decision };
  }

  /** Raises a coordinator's floor and removes what lies at or below it. */
  removeUpTo(generation: string, floor: string): void {
    if (generation !== this.generation) return;
    const coordinator = coordinatorOf(floor);
    if (floor <= (this.floors.get(coordinator) ?? '')) return;
    this.floors.set(coordinator, floor);
    for (const id of this.entries.keys()) {
      if (coordinatorOf(id) === coordinator && id <= floor) this.entries.delete(id);
    }
  }

  copy(): Copy {
    return { entries: new Map(this.entries), floors: new Map(this.floors) };
  }

  /** An old copy is another life: it has another generation. */
  putBack(copy: Copy): void {
    this.entries = new Map(copy.entries);
    this.floors = new Map(copy.floors);
    this.generation = `g${Number(this.generation.slice(1)) + 1}`;
    this.revision = 1;
    this.published.clear();
  }
}
