/**
 * A bounded map that forgets what was not used lately: two generations, of which the older is
 * dropped whole when the younger is full. Look-ups cost one or two map reads and no bookkeeping.
 */
export interface GenerationalCache<Value> {
  get(key: string): Value | undefined;
  /** Whether `get` would find something; it counts as use, too. */
  has(key: string): boolean;
  /** As `has`, and it counts as no use: nothing moves. */
  holds(key: string): boolean;
  set(key: string, value: Value): void;
  clear(): void;
}

/** How a generation keeps its values: a `Map`, or what does the same in its own way. */
export interface Generation<Value> {
  readonly size: number;
  get(key: string): Value | undefined;
  has(key: string): boolean;
  set(key: string, value: Value): unknown;
  clear(): void;
}

export function createGenerationalCache<Value>(
  generationSize: number,
  newGeneration: () => Generation<Value> = () => new Map<string, Value>(),
): GenerationalCache<Value> {
  let young = newGeneration();
  let old = newGeneration();
  const set = (key: string, value: Value) => {
    if (young.size >= generationSize && !young.has(key)) {
      [old, young] = [young, old];
      young.clear();
    }
    young.set(key, value);
  };
  const keep = (key: string): Value | undefined => {
    const kept = old.get(key);
    if (kept !== undefined) set(key, kept);
    return kept;
  };
  return {
    get: (key) => young.get(key) ?? keep(key),
    has: (key) => young.has(key) || keep(key) !== undefined,
    holds: (key) => young.has(key) || old.has(key),
    set,
    clear() {
      young = newGeneration();
      old = newGeneration();
    },
  };
}
