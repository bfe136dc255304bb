import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeBlock, decodeEvent } from '@lastro/core';
import { expect, test } from 'vitest';
import { checkpointText, isSigned, type Checkpoint } from './checkpoint/checkpoint.ts';
import { FACT_TYPES } from '../../../../core/src/vocabulary.fixture.ts';

// docs/reference/journal.md says what the bytes are: its examples must be what the program writes.

const page = readFileSync(
  new URL('../../../../../docs/reference/journal.md', import.meta.url),
  'utf8',
);

/** The fenced examples of one kind, each with the line feed of its last line. */
function examples(kind: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\`$`, 'gm'))].map(
    ([, text]) => text ?? '',
  );
}

test('the example blocks are canonical, chained, and have the lengths and hashes that the page says', () => {
  const said = [...page.matchAll(/^(\d+) bytes, SHA-256 `([0-9a-f]{64})`\.$/gm)];
  const blocks = examples('journal');
  expect(blocks).toHaveLength(2);
  let previous = '0'.repeat(64);
  for (const [index, text] of blocks.entries()) {
    expect(decodeBlock(text).header).toMatchObject({ block: index, previous });
    previous = createHash('sha256').update(text, 'utf8').digest('hex');
    expect([String(Buffer.byteLength(text)), previous]).toEqual(said[index]?.slice(1));
  }
});

test('there is a canonical example of every type of event', () => {
  const inBlocks = examples('journal').flatMap((text) => decodeBlock(text).events);
  const alone = examples('event').flatMap((text) => text.trimEnd().split('\n').map(decodeEvent));
  const types = [...inBlocks, ...alone].map(({ fact }) => fact.type);
  expect(new Set(types)).toEqual(new Set(FACT_TYPES));
});

test('the example checkpoint is signed over the text that the page shows, and names its second block', () => {
  const checkpoint: Checkpoint = JSON.parse(examples('checkpoint')[0] ?? '');
  expect(checkpointText(checkpoint)).toBe(examples('checkpoint-text')[0]);
  expect(isSigned(checkpoint)).toBe(true);
  const hash = createHash('sha256')
    .update(examples('journal')[1] ?? '')
    .digest('hex');
  expect(checkpoint.hash).toBe(hash);
});
