/** The newest ids, as many as are allowed. */
export interface SeenIds {
  has(id: string): boolean;
  add(id: string): void;
}

export function createSeenIds(countMax: number): SeenIds {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      if (ids.size <= countMax) return;
      for (const oldest of ids) {
        ids.delete(oldest);
        return;
      }
    },
  };
}
