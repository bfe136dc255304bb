import type { TransferRequest } from '@lastro/contract';
import { NO_METADATA, type Command } from '@lastro/core';
import { v7 as uuidV7 } from 'uuid';
import { localAccount } from '../http/cross-bank/place.ts';
import { conditionOf } from './condition.ts';

/** The route that a transfer's hash names, be it sent alone or in a batch. */
export const TRANSFERS = 'POST /v1/transfers';

/** A wanted transfer within the bank as a command: what the client left out is chosen here. */
export function transferOf(body: TransferRequest) {
  return {
    type: 'PostTransfer',
    id: body.id ?? uuidV7(),
    from: localAccount(body.from),
    to: localAccount(body.to),
    amount: BigInt(body.amount),
    metadata: body.metadata ?? NO_METADATA,
    condition: conditionOf(body),
  } satisfies Command;
}
