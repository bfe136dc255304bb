import { encodeYes, reader, type consortium } from '@lastro/core';
import { decodeYes } from './message-text.ts';

/** What is written under `decision/<id>` in the register. */
export function encodeDecision(decision: consortium.CrossBankDecision): string {
  if (decision.is === 'abort') return '{"is":"abort"}';
  return `{"is":"commit","hash":"${decision.hash}","yes":${encodeYes(decision.yes)}}`;
}

/** Throws a `SyntaxError` for what no bank would have written. */
export function decodeDecision(value: Buffer): consortium.CrossBankDecision {
  const read = reader(value.toString('utf8'));
  switch (read.text('is')) {
    case 'abort':
      return { is: 'abort' };
    case 'commit':
      return { is: 'commit', hash: read.text('hash'), yes: decodeYes(read) };
    default:
      throw new SyntaxError('no decision of this version');
  }
}
