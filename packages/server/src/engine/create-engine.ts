import type { Rules } from '@lastro/core';
import { readAccountsAsOf } from '../store/read-accounts.ts';
import { readEvent } from '../store/read-event.ts';
import type { Reads } from '../store/reads.ts';
import type { Writer } from '../store/writer.ts';
import { BlockLane } from './block-lane.ts';
import { Engine } from './engine.ts';
import type { EngineLimits } from './limits.ts';

export interface CreateEngineParts {
  readonly connectWriter: () => Promise<Writer>;
  /** Where recorded outcomes are read again, and accounts ahead of their block. */
  readonly reads: Reads;
  readonly rules: Rules;
  readonly limits: EngineLimits;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly onAlarm: (message: string) => void;
}

/** An engine with its way to the database, not yet started; it counts its own alarms. */
export function createEngine(parts: CreateEngineParts): Engine {
  const { connectWriter: connect, reads, rules, limits, clock } = parts;
  const onAlarm = (message: string) => {
    engine.statistics.alarms += 1;
    parts.onAlarm(message);
  };
  const readAccounts = (ids: readonly string[]) => readAccountsAsOf(reads, ids);
  const lane = new BlockLane({ connect, readAccounts, rules, limits, clock, onAlarm });
  const readFact = async (seq: number) => {
    const found = await readEvent(reads, seq);
    if (found === undefined) throw new Error(`event ${seq} is not in the journal`);
    return { fact: found.event.fact, at: found.at };
  };
  const engine = new Engine({ lane, limits, clock, readFact, onAlarm });
  return engine;
}
