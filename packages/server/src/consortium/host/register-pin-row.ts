import type { Reads } from '../../store/reads.ts';
import type { Position } from '../register/position.ts';

/** What a bank keeps of the register beside its ledger. */
export interface StoredPin extends Position {
  /** The register was seen going back, under this name; null: it is open. */
  readonly incident: string | null;
}

/** Undefined: this bank never saw a register. */
export async function readPin(reads: Reads): Promise<StoredPin | undefined> {
  const [row] = await reads.rows<StoredPin>(
    'select generation, revision, incident::text from register_pin',
  );
  return row;
}

/** Moves the pin on within its generation; it never goes back. */
export async function advancePinRow(
  reads: Reads,
  { generation, revision }: Position,
): Promise<void> {
  await reads.rows(
    `update register_pin set revision = $2 where generation = $1 and revision < $2
       and incident is null`,
    [generation, revision],
    'register_pin',
  );
}

/** Puts another pin in its place: the first one, one that is closed, or one that is open again. */
export async function putPin(reads: Reads, pin: StoredPin): Promise<void> {
  const { generation, revision, incident } = pin;
  await reads.inTransaction((change) =>
    change.rows(
      `insert into register_pin (generation, revision, incident) values ($1, $2, $3)
       on conflict (is_one) do update set generation = excluded.generation,
         revision = excluded.revision, incident = excluded.incident`,
      [generation, revision, incident],
    ),
  );
}
