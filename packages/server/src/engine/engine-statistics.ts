/** Counts since the process started; for status, metrics and tests. */
export interface EngineStatistics {
  blocks: number;
  accepted: number;
  refused: Map<string, number>;
  failed: number;
  replayed: number;
  reused: number;
  lostRaces: number;
  duplicates: number;
  poisoned: number;
  /** Blocks whose fate was open for a while, and how many of them turned out to stand. */
  unknown: number;
  resolved: number;
  unavailable: number;
  overloaded: number;
}

export function createEngineStatistics(): EngineStatistics {
  return {
    blocks: 0,
    accepted: 0,
    refused: new Map(),
    failed: 0,
    replayed: 0,
    reused: 0,
    lostRaces: 0,
    duplicates: 0,
    poisoned: 0,
    unknown: 0,
    resolved: 0,
    unavailable: 0,
    overloaded: 0,
  };
}
