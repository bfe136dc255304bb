import pg from 'pg';

/**
 * What an error of the database means for the block that met it.
 * `lost_race`: another block stands in this place; nothing was written.
 * `duplicate`: an id stands already; the outcomes must be looked up.
 * `poison`: some command of the block can't be written, whenever it is tried.
 * `unavailable`: the database can't take it now; nothing was written.
 * `unknown`: the connection ended; it may have been written.
 */
export type DatabaseFault = 'lost_race' | 'duplicate' | 'poison' | 'unavailable' | 'unknown';

const HEAD_MOVED = 'LH001';
const UNIQUE_VIOLATION = '23505';

/** SQLSTATE classes of what is wrong with the data: 22 data exception, 23 integrity constraint. */
const POISON_CLASSES = new Set(['22', '23']);

export function faultOf(error: unknown): DatabaseFault {
  if (!(error instanceof pg.DatabaseError)) return 'unknown';
  const code = error.code ?? '';
  // These end a statement, never a session. They come first because the driver knows only the
  // severity's translation: a server that speaks Portuguese says ERRO.
  if (code === HEAD_MOVED) return 'lost_race';
  if (code === UNIQUE_VIOLATION) return 'duplicate';
  if (POISON_CLASSES.has(code.slice(0, 2))) return 'poison';
  return error.severity === 'ERROR' ? 'unavailable' : 'unknown';
}

/** Whether a CHECK of the database refused what `core` should have refused. */
export function isCheckViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23514';
}

/** Whether a lock was waited for in vain. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '55P03';
}

/** One line about an error of the database, without any value of a row. */
export function describeFault(error: unknown): string {
  if (error instanceof pg.DatabaseError) {
    const where = error.constraint ?? error.table;
    return `${error.code ?? error.severity}: ${error.message}${where === undefined ? '' : ` (${where})`}`;
  }
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
