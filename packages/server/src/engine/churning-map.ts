/**
 * A map for what comes and goes all the time. V8 gives a `Map` that churns one table after the other
 * and has each point to the next; once one of them has grown old, all that follow live on until a
 * full collection, and with them whatever they held when they were left. So the tables here hold
 * numbers, and the values lie in an array, which lets go of each as it is deleted.
 */
export class ChurningMap<Value> {
  readonly #places = new Map<string, number>();
  readonly #values: (Value | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#places.size;
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  get(key: string): Value | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#values[place];
  }

  set(key: string, value: Value): void {
    const known = this.#places.get(key);
    const place = known ?? this.#free.pop() ?? this.#values.length;
    if (known === undefined) this.#places.set(key, place);
    this.#values[place] = value;
  }

  delete(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    this.#values[place] = undefined;
    this.#free.push(place);
  }

  clear(): void {
    this.#places.clear();
    this.#values.length = 0;
    this.#free.length = 0;
  }

  /** In the order in which they came. Deleting while one looks is allowed. */
  *values(): IterableIterator<Value> {
    for (const place of this.#places.values()) {
      const value = this.#values[place];
      if (value !== undefined) yield value;
    }
  }
}
