import type {
  AccountLeft,
  CommandMark,
  Event,
  Fact,
  TransactionReversed,
  TransferReversed,
} from './event.ts';
import { encodeConsortiumFact } from './journal-consortium.ts';
import {
  encodeLeg,
  encodeLine,
  encodeRefusal,
  encodeRequestLine,
  encodeTransfer,
  encodeMetadata,
  quote,
  timeText,
} from './journal-text.ts';

/**
 * The canonical text of the journal, as docs/reference/journal.md gives it: one JSON object a line,
 * members in a fixed order, no white space, integers in plain decimals. A block's bytes are its
 * header line and its event lines, each ended by a line feed, in UTF-8; its hash is their SHA-256.
 */
export interface BlockHeader {
  readonly block: number;
  /** Random, chosen anew for each attempt to write a block. */
  readonly id: string;
  /** Hash of the block before, 64 hexadecimal digits; zeros before block 0. */
  readonly previous: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export function encodeBlock(header: BlockHeader, events: readonly Event[]): string {
  let text = encodeHeader(header) + '\n';
  for (const event of events) text += encodeEvent(event) + '\n';
  return text;
}

/** The first line of a block, without its line feed. */
export function encodeHeader(header: BlockHeader): string {
  const { block, id, previous, at, firstSeq, lastSeq } = header;
  return (
    `{"block":${block},"id":"${id}","previous":"${previous}","at":${timeText(at)},` +
    `"firstSeq":${firstSeq},"lastSeq":${lastSeq}}`
  );
}

/** One event line of a block, without its line feed. */
export function encodeEvent({ seq, command, fact }: Event): string {
  return `{"seq":${seq},"type":"${fact.type}"${encodeMark(command)},"data":${encodeData(fact)}}`;
}

function encodeMark(mark: CommandMark | null): string {
  if (mark === null) return '';
  return `,"by":${quote(mark.principal)},"id":${quote(mark.id)},"hash":"${mark.hash}"`;
}

/** The `data` member of an event, which is also what the event feed shows. */
export function encodeData(fact: Fact): string {
  switch (fact.type) {
    case 'bank.opened':
      return `{"bank":"${fact.bank}","version":${fact.version}}`;
    case 'transfer.posted':
      return encodeTransfer(fact.transfer);
    case 'transaction.posted':
      return `{"id":"${fact.id}","transfers":[${fact.transfers.map(encodeTransfer).join()}]}`;
    case 'account.opened':
    case 'account.changed':
    case 'account.frozen':
    case 'account.unfrozen':
    case 'account.closed':
    case 'account.reopened':
      return encodeAccountFact(fact);
    case 'product.created':
    case 'product.changed':
    case 'goods.received':
    case 'goods.adjusted':
      return encodeGoodsFact(fact);
    case 'order.completed':
    case 'order.refused':
    case 'order.cancelled':
      return encodeOrderFact(fact);
    case 'transfer.reversed':
    case 'transaction.reversed':
      return encodeReversal(fact);
    case 'hold.placed':
    case 'hold.captured':
    case 'hold.released':
    case 'hold.expired':
    case 'hold.extended':
      return encodeHold(fact);
    case 'lease.requested':
    case 'lease.renewed':
    case 'lease.released':
    case 'lease.passed':
      return encodeLease(fact);
    case 'crossbank.prepared':
    case 'crossbank.committed':
    case 'crossbank.aborted':
    case 'crossbank.doubted':
    case 'crossbank.settled':
    case 'consent.granted':
    case 'consent.revoked':
    case 'peer.limited':
      return encodeConsortiumFact(fact);
    case 'command.refused':
      return `{${encodeRefusal(fact.refusal)}}`;
    case 'command.failed':
      return '{}';
  }
}

function encodeAccountFact(fact: Extract<Fact, { readonly type: `account.${string}` }>): string {
  switch (fact.type) {
    case 'account.opened':
      return (
        `{"account":"${fact.account}","asset":"${fact.asset}",` +
        `"creditLimit":${fact.creditLimit},` +
        // Left out where there is none, as in every journal that was written before it existed.
        (fact.maximumBalance === null ? '' : `"maximumBalance":${fact.maximumBalance},`) +
        `"metadata":${encodeMetadata(fact.metadata)}}`
      );
    case 'account.changed':
      return `{"account":"${fact.account}","left":${encodeLeft(fact.left)}}`;
    case 'account.frozen':
    case 'account.unfrozen':
    case 'account.closed':
    case 'account.reopened':
      return (
        `{"account":"${fact.account}","reason":${fact.reason === null ? 'null' : quote(fact.reason)},` +
        `"left":${encodeLeft(fact.left)}}`
      );
  }
}

function encodeGoodsFact(
  fact: Extract<Fact, { readonly type: `product.${string}` | `goods.${string}` }>,
): string {
  switch (fact.type) {
    case 'product.created':
      return (
        `{"sku":"${fact.sku}","name":${quote(fact.name)},"price":${fact.price},` +
        `"asset":"${fact.asset}","merchant":${fact.merchant === null ? 'null' : `"${fact.merchant}"`},` +
        `"stock":${fact.stock},"transferId":"${fact.transferId}"}`
      );
    case 'product.changed':
      return `{"sku":"${fact.sku}","name":${quote(fact.name)},"price":${fact.price}}`;
    case 'goods.received':
      return `{"sku":"${fact.sku}","quantity":${fact.quantity},"transferId":"${fact.transferId}"}`;
    case 'goods.adjusted':
      return (
        `{"sku":"${fact.sku}","quantity":${fact.quantity},"reason":${quote(fact.reason ?? '')},` +
        `"transferId":"${fact.transferId}"}`
      );
  }
}

function encodeOrderFact(fact: Extract<Fact, { readonly type: `order.${string}` }>): string {
  switch (fact.type) {
    case 'order.completed':
      return (
        `{"id":"${fact.id}","customer":"${fact.customer}","merchant":"${fact.merchant}",` +
        `"asset":"${fact.asset}","lines":[${fact.lines.map(encodeLine).join()}],"total":${fact.total},` +
        `"transferIds":[${fact.transferIds.map((id) => `"${id}"`).join()}]}`
      );
    case 'order.refused':
      return (
        `{"id":"${fact.id}","customer":"${fact.customer}","merchant":"${fact.merchant}",` +
        `"lines":[${fact.lines.map(encodeRequestLine).join()}],${encodeRefusal(fact.refusal)}}`
      );
    case 'order.cancelled':
      return (
        `{"order":"${fact.order}","id":"${fact.id}",` +
        `"transfers":[${fact.transfers.map(encodeTransfer).join()}]}`
      );
  }
}

function encodeReversal(fact: TransferReversed | TransactionReversed): string {
  switch (fact.type) {
    case 'transfer.reversed':
      return `{"reverses":"${fact.reverses}","transfer":${encodeTransfer(fact.transfer)}}`;
    case 'transaction.reversed':
      return (
        `{"reverses":"${fact.reverses}","id":"${fact.id}","legs":[` +
        fact.legs
          .map(
            ({ reverses, transfer }) =>
              `{"reverses":"${reverses}","transfer":${encodeTransfer(transfer)}}`,
          )
          .join() +
        ']}'
      );
  }
}

function encodeLeft(left: AccountLeft): string {
  const { status, balance, held, creditLimit, maximumBalance, leasedUntil, version } = left;
  return (
    `{"status":"${status}","balance":${balance},"held":${held},"creditLimit":${creditLimit},` +
    `"maximumBalance":${maximumBalance},` +
    `"leasedUntil":${leasedUntil === null ? 'null' : timeText(leasedUntil)},"version":${version}}`
  );
}

function encodeHold(fact: Extract<Fact, { readonly type: `hold.${string}` }>): string {
  switch (fact.type) {
    case 'hold.placed':
      return (
        `{"id":"${fact.id}","expiresAt":${timeText(fact.expiresAt)},` +
        `"transfers":[${fact.transfers.map(encodeLeg).join()}]}`
      );
    case 'hold.captured':
      return `{"hold":"${fact.hold}","transfers":[${fact.transfers.map(encodeTransfer).join()}]}`;
    case 'hold.extended':
      return `{"hold":"${fact.hold}","expiresAt":${timeText(fact.expiresAt)}}`;
    case 'hold.released':
    case 'hold.expired':
      return `{"hold":"${fact.hold}"}`;
  }
}

function encodeLease(fact: Extract<Fact, { readonly type: `lease.${string}` }>): string {
  const account = `{"account":"${fact.account}"`;
  switch (fact.type) {
    case 'lease.requested':
      return (
        `${account},"id":"${fact.id}","owner":${quote(fact.owner)},"ttl":${fact.ttl},` +
        `"waitUntil":${timeText(fact.waitUntil)},"granted":${idOrNull(fact.granted)}}`
      );
    case 'lease.renewed':
      return `${account},"id":"${fact.id}","expiresAt":${timeText(fact.expiresAt)}}`;
    case 'lease.released':
      return `${account},"id":"${fact.id}","granted":${idOrNull(fact.granted)}}`;
    case 'lease.passed':
      return `${account},"granted":${idOrNull(fact.granted)}}`;
  }
}

function idOrNull(id: string | null): string {
  return id === null ? 'null' : `"${id}"`;
}
