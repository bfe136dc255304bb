import type { HoldLeg } from './hold.ts';
import type { Reader } from './journal-members.ts';
import type { Metadata } from './metadata.ts';
import type { OrderLine, OrderRequestLine } from './order.ts';
import type { Transfer } from './transfer.ts';

// The pieces that several events are made of; `journal-text.ts` writes them.

export function decodeLeg(read: Reader): HoldLeg {
  return {
    from: read.text('from'),
    to: read.text('to'),
    amount: read.integer('amount'),
    asset: read.text('asset'),
    metadata: decodeMetadata(read.object('metadata')),
  };
}

export function decodeTransfer(read: Reader): Transfer {
  return { id: read.text('id'), ...decodeLeg(read) };
}

export function decodeRequestLine(read: Reader): OrderRequestLine {
  return { sku: read.text('sku'), quantity: read.integer('quantity') };
}

export function decodeLine(read: Reader): OrderLine {
  return {
    sku: read.text('sku'),
    name: read.text('name'),
    unitPrice: read.integer('unitPrice'),
    quantity: read.integer('quantity'),
    total: read.integer('total'),
  };
}

export function decodeMetadata(read: Reader): Metadata {
  return Object.fromEntries(read.names().map((name) => [name, read.text(name)]));
}
