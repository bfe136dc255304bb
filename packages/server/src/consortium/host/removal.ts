import { consortium } from '@lastro/core';
import type { Reads } from '../../store/reads.ts';
import type { Records } from './records.ts';
import type { RegisterGuard } from './register-guard.ts';

// Decisions are removed from the register when every bank has carried them out longer ago than any
// backup reaches. The floor comes first: below it nothing is decided ever again.

export interface RemovalParts {
  readonly bank: string;
  readonly reads: Reads;
  readonly records: Pick<Records, 'page'>;
  readonly register: Pick<RegisterGuard, 'retire'>;
  readonly settings: consortium.ProtocolSettings;
  readonly clock: () => number;
}

const PAGE_MAX = 100;

/** The lowest string above an id that is below every other id: digits and letters come after it. */
const JUST_ABOVE = '+';

export class Removal {
  readonly floors = new Map<string, string>();
  readonly #parts: RemovalParts;

  constructor(parts: RemovalParts) {
    this.#parts = parts;
  }

  async load(): Promise<void> {
    const rows = await this.#parts.reads.rows<{ coordinator: string; id: string }>(
      'select coordinator, id from removal_floor',
    );
    for (const { coordinator, id } of rows) this.floors.set(coordinator, id);
  }

  /** Nothing of this id's coordinator is decided at or below it any more. */
  async raise(id: string): Promise<void> {
    const coordinator = consortium.coordinatorOf(id);
    const floor = this.floors.get(coordinator);
    if (floor !== undefined && id <= floor) return;
    await this.#parts.reads.inTransaction((change) =>
      change.rows(
        `insert into removal_floor (coordinator, id) values ($1, $2)
         on conflict (coordinator) do update set id = greatest(removal_floor.id, excluded.id)`,
        [coordinator, id],
      ),
    );
    this.floors.set(coordinator, id);
  }

  /** Removes what may go of this bank's own; how many decisions. */
  async run(): Promise<number> {
    const { bank, register, settings, clock } = this.#parts;
    let removed = 0;
    for (;;) {
      const page = await this.#ownAfter(this.floors.get(bank) ?? null);
      const states = page.map(({ id, durable }) => ({
        ...consortium.unknownTransaction(id),
        durable,
      }));
      const floor = consortium.removalFloor(states, settings, clock());
      if (floor === null) return removed;
      const ids = page.map(({ id }) => id).filter((id) => id <= floor);
      const above = localPart(floor) + JUST_ABOVE;
      const standing = await register.retire(bank, above, ids.map(localPart));
      if (standing === undefined) return removed;
      await this.raise(floor);
      removed += ids.length;
      if (page.length < PAGE_MAX) return removed;
    }
  }

  async #ownAfter(after: string | null): ReturnType<Records['page']> {
    const { bank, records } = this.#parts;
    const page = await records.page(after ?? `${bank}/`, PAGE_MAX);
    return page.filter(({ id }) => consortium.coordinatorOf(id) === bank);
  }
}

function localPart(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
