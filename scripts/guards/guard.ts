/** Text that stands exactly once in a file, and what stands there without the guard. */
export interface Replacement {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** One thing that keeps the books right, and the test that must notice when it is gone. */
export interface Guard {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  readonly test: {
    readonly path: string;
    /** Only tests whose name matches this, for speed; without it the whole file. */
    readonly title?: string;
  };
}

/** The source without the guard. Throws unless the text stands there exactly once. */
export function removeGuard(source: string, { path, from, to }: Replacement): string {
  const parts = source.split(from);
  if (parts.length !== 2) {
    const found = parts.length - 1;
    throw new Error(`${path}: the text stands there ${found} times, not once: ${from}`);
  }
  return parts.join(to);
}
