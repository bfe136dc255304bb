import { createHash } from 'node:crypto';
import { consortium } from '@lastro/core';

/** SHA-256 of the body's one text, 64 hexadecimal digits: what yes and decision name. */
export function hashBody(body: consortium.CrossBankTransaction): string {
  return createHash('sha256').update(consortium.encodeBody(body), 'utf8').digest('hex');
}
