/** A throw where there is no I/O: the same command throws again whenever it is tried. */
export class PoisonError extends Error {
  constructor(cause: unknown) {
    super('a command can not be decided or written', { cause });
    this.name = 'PoisonError';
  }
}

/** Runs what is pure (`core`, or making rows of what it decided); whatever it throws is poison. */
export function orPoison<Result>(pure: () => Result): Result {
  try {
    return pure();
  } catch (error) {
    throw new PoisonError(error);
  }
}
