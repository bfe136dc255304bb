import type { EventAnswer, EventList, JournalBlock, JournalHead } from '@lastro/contract';
import { decodeBlock, type Block } from '@lastro/core';
import type { TestBank } from '../harness/bank-in-process.ts';

type Called = Pick<TestBank, 'call'>;

const PAGE_LIMIT = 1_000;
const BLOCKS_AT_ONCE = 32;

/** Every event of the feed, page after page. */
export async function readAllEvents(bank: Called): Promise<readonly EventAnswer[]> {
  const events: EventAnswer[] = [];
  for (let after = -1; ;) {
    const page = await get<EventList>(bank, `/v1/events?after=${after}&limit=${PAGE_LIMIT}`);
    events.push(...page.data);
    if (page.data.length === 0) return events;
    after = page.next;
  }
}

/** Every block of the journal. */
export async function readAllBlocks(bank: Called): Promise<readonly Block[]> {
  const head = await get<JournalHead>(bank, '/v1/journal/head');
  const blocks: Block[] = [];
  while (blocks.length <= head.block) {
    const count = Math.min(BLOCKS_AT_ONCE, head.block + 1 - blocks.length);
    const first = blocks.length;
    const read = Array.from({ length: count }, (_, index) => readBlock(bank, first + index));
    blocks.push(...(await Promise.all(read)));
  }
  return blocks;
}

async function readBlock(bank: Called, block: number): Promise<Block> {
  const { bytes } = await get<JournalBlock>(bank, `/v1/journal/blocks/${block}`);
  return decodeBlock(Buffer.from(bytes, 'base64').toString('utf8'));
}

async function get<Body>(bank: Called, path: string): Promise<Body> {
  const { status, body, text } = await bank.call<Body>('GET', path);
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return body;
}
