const TRIES_MAX = 3;

/**
 * Reads what a start can't do without, again where the database takes long to let a reader in: a busy
 * machine passes a reader's deadline once, and a start should not end by that. Rejects as the third
 * try does. `read` changes nothing unless it resolves.
 */
export async function readPatiently<Result>(read: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      if (tries === TRIES_MAX) throw error;
    }
  }
}
