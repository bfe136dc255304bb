import { isDeepStrictEqual } from 'node:util';
import { encodeData } from '@lastro/core';
import type { History } from './history.ts';
import type { Violation } from './violation.ts';

/** The feed has every event once and in order, and the blocks say the same (I8, I9). */
export function checkJournal({ events, blocks }: History): readonly Violation[] {
  const violations: Violation[] = [];
  const report = (text: string) => void violations.push({ rule: 'journal', text });
  for (const [place, { seq }] of events.entries()) {
    if (seq !== place) {
      report(`the feed has event ${seq} where ${place} belongs`);
      break;
    }
  }
  let at = 0;
  let next = 0;
  for (const [place, { header, events: facts }] of blocks.entries()) {
    if (header.block !== place) report(`block ${header.block} stands where ${place} belongs`);
    if (header.at < at) report(`block ${header.block} is earlier than the one before it`);
    if (facts.length === 0) report(`block ${header.block} is empty`);
    at = header.at;
    for (const { seq, fact } of facts) {
      if (seq !== next) report(`block ${header.block} has event ${seq} where ${next} belongs`);
      next = seq + 1;
      const told = {
        seq,
        block: header.block,
        type: fact.type,
        at: new Date(header.at).toISOString(),
        data: JSON.parse(encodeData(fact)) as unknown,
      };
      if (!isDeepStrictEqual(events[seq], told)) {
        const fed = JSON.stringify(events[seq]);
        report(`of event ${seq} the block says ${JSON.stringify(told)} and the feed ${fed}`);
      }
    }
  }
  if (next !== events.length) report(`the blocks have ${next} events, the feed ${events.length}`);
  return violations;
}
