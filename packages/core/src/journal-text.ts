import type { HoldLeg } from './hold.ts';
import type { Metadata } from './metadata.ts';
import type { OrderLine, OrderRequestLine } from './order.ts';
import { refusalDetails, type Refusal } from './refusal.ts';
import type { Transfer } from './transfer.ts';

// The pieces of which the canonical text of events is made.

export function timeText(at: number): string {
  return `"${new Date(at).toISOString()}"`;
}

export function encodeLeg({ from, to, amount, asset, metadata }: HoldLeg): string {
  return (
    `{"from":"${from}","to":"${to}","amount":${amount},"asset":"${asset}",` +
    `"metadata":${encodeMetadata(metadata)}}`
  );
}

export function encodeTransfer({ id, from, to, amount, asset, metadata }: Transfer): string {
  return (
    `{"id":"${id}","from":"${from}","to":"${to}","amount":${amount},"asset":"${asset}",` +
    `"metadata":${encodeMetadata(metadata)}}`
  );
}

export function encodeLine({ sku, name, unitPrice, quantity, total }: OrderLine): string {
  return (
    `{"sku":"${sku}","name":${quote(name)},"unitPrice":${unitPrice},` +
    `"quantity":${quantity},"total":${total}}`
  );
}

export function encodeRequestLine({ sku, quantity }: OrderRequestLine): string {
  return `{"sku":"${sku}","quantity":${quantity}}`;
}

export function encodeRefusal(refusal: Refusal): string {
  let text = `"code":"${refusal.code}"`;
  for (const [name, value] of Object.entries(refusalDetails(refusal))) {
    text += `,"${name}":${quote(value)}`;
  }
  return text;
}

/** Metadata with its keys in ascending order of their UTF-16 units. */
export function encodeMetadata(metadata: Metadata): string {
  const keys = Object.keys(metadata);
  if (keys.length === 0) return '{}';
  return `{${keys
    .toSorted()
    .map((key) => `${quote(key)}:${quote(metadata[key] ?? '')}`)
    .join()}}`;
}

export function quote(text: string): string {
  return JSON.stringify(text);
}
