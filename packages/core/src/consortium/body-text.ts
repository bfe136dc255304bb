import { ACCOUNT_ID, SKU } from '../account-id.ts';
import { isClientAsset } from '../asset.ts';
import type { Reader } from '../journal-members.ts';
import type { CrossBankTransaction, Leg, Place } from './cross-bank-transaction.ts';

/** Hash, message, event and row of one body all ask for its text, and no body ever changes. */
const texts = new WeakMap<CrossBankTransaction, string>();

/**
 * The one text of a body: JSON, members in a fixed order, no white space, integers in plain
 * decimals. Its SHA-256 over UTF-8 is the body's hash.
 */
export function encodeBody(body: CrossBankTransaction): string {
  const known = texts.get(body);
  if (known !== undefined) return known;
  const text = textOf(body);
  texts.set(body, text);
  return text;
}

function textOf({ id, legs, decideBy, generation }: CrossBankTransaction): string {
  return (
    `{"id":${quote(id)},"legs":[${legs.map(encodeLeg).join()}],"decideBy":${decideBy},` +
    `"generation":${quote(generation)}}`
  );
}

function encodeLeg({ from, to, amount, asset, consent }: Leg): string {
  const by = consent === null ? 'null' : quote(consent);
  return (
    `{"from":${encodePlace(from)},"to":${encodePlace(to)},"amount":${amount},` +
    `"asset":${quote(asset)},"consent":${by}}`
  );
}

function encodePlace({ bank, account }: Place): string {
  return `{"bank":${quote(bank)},"account":${quote(account)}}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

const GENERATION = /^[A-Za-z0-9._:-]{1,100}$/;
const CONSENT = /^[0-9a-f-]{36}$/;

/**
 * The body that an object is. Throws a `SyntaxError` for what is none in form; what no bank would
 * accept of its meaning finds `transactionFault`.
 */
export function decodeBody(read: Reader): CrossBankTransaction {
  return {
    id: read.text('id'),
    legs: read.list('legs').map(decodeLeg),
    decideBy: read.number('decideBy'),
    generation: formed(read.text('generation'), GENERATION),
  };
}

function decodeLeg(read: Reader): Leg {
  return {
    from: decodePlace(read.object('from')),
    to: decodePlace(read.object('to')),
    amount: read.integer('amount'),
    asset: decodeAsset(read.text('asset')),
    consent: read.isNull('consent') ? null : formed(read.text('consent'), CONSENT),
  };
}

function decodePlace(read: Reader): Place {
  return { bank: read.text('bank'), account: formed(read.text('account'), ACCOUNT_ID) };
}

function decodeAsset(asset: string): string {
  const isGoods = asset.startsWith('sku:') && asset.endsWith('/0') && SKU.test(asset.slice(4, -2));
  if (!isGoods && !isClientAsset(asset)) throw new SyntaxError(`${asset} is no asset`);
  return asset;
}

function formed(text: string, form: RegExp): string {
  if (!form.test(text)) throw new SyntaxError(`${text.slice(0, 100)} is not of the right form`);
  return text;
}
