import { valueAt, type Made, type Since, type Timeline } from './timeline.ts';
import type { ReadRequest } from './request.ts';

/** Whose command it was, and where it was settled. */
export interface SettledCommand {
  readonly seq: number;
  readonly code: string | null;
  readonly resource: string | null;
}

export interface ReadWorld {
  readonly timeline: Timeline;
  /** The settled commands of the principal who reads. */
  readonly commands: ReadonlyMap<string, SettledCommand>;
}

/** The body of a read at a moment; undefined: it is not found. */
export function expectedRead(
  { timeline, commands }: ReadWorld,
  request: Exclude<ReadRequest, { readonly resource: 'events' | 'trial balance' | 'consistency' }>,
  seq: number,
): unknown {
  switch (request.resource) {
    case 'account':
      return accountAt(timeline, request.id, seq);
    case 'entries': {
      const place = timeline.places.get(request.id);
      if (place === undefined || place.openedSeq > seq) return undefined;
      return newest(place.entries, seq, 1000, (entry) => ({ ...entry.value, seq: entry.seq }));
    }
    case 'product':
      return productAt(timeline, request.id, seq);
    case 'order':
      return madeAt(timeline.orders.get(request.id), seq);
    case 'transfer':
      return madeAt(timeline.transfers.get(request.id), seq);
    case 'transaction':
      return madeAt(timeline.transactions.get(request.id), seq);
    case 'command': {
      const settled = commands.get(request.id);
      const { id } = request;
      if (settled === undefined || settled.seq > seq) return { id, status: 'unknown' };
      const { code, resource } = settled;
      if (code !== null) return { id, status: 'refused', code };
      return { id, status: 'accepted', resource };
    }
    case 'order list':
      return newest([...timeline.orders.values()], seq, request.limit, ({ value }) => value);
    case 'transfer list':
      return newest([...timeline.transfers.values()], seq, request.limit, ({ value }) => value);
    case 'product list': {
      const skus = [...timeline.products.keys()].toSorted();
      const all = skus.map((sku) => productAt(timeline, sku, seq));
      const data = all.filter((product) => product !== undefined);
      return { data: data.slice(0, request.limit), next: data.length > request.limit };
    }
  }
}

/** The trial balance of the event of number `seq`. */
export function trialBalanceAt(timeline: Timeline, seq: number): readonly unknown[] {
  const places = [...timeline.places.values()].filter(({ openedSeq }) => openedSeq <= seq);
  const byAsset = Map.groupBy(places, ({ asset }) => asset);
  const assets = [...byAsset.keys()].toSorted();
  return assets.map((asset) => {
    const lines = byAsset.get(asset) ?? [];
    let debits = 0n;
    for (const { entries } of lines) {
      for (const entry of entries) {
        if (entry.seq <= seq && entry.value.direction === 'out')
          debits += BigInt(entry.value.amount);
      }
    }
    return {
      asset,
      debits: debits.toString(),
      credits: debits.toString(),
      pendingDebits: '0',
      pendingCredits: '0',
      balance: '0',
      accounts: lines.length,
    };
  });
}

export function accountAt(timeline: Timeline, id: string, seq: number) {
  const place = timeline.places.get(id);
  const now = place && valueAt(place.changes, seq);
  if (place === undefined || now === undefined) return undefined;
  const { asset, creditLimit, openedAt, metadata } = place;
  return {
    id,
    asset,
    balance: Number(now.balance),
    held: 0,
    available: creditLimit === null ? null : Number(now.balance + creditLimit),
    creditLimit: creditLimit === null ? null : Number(creditLimit),
    status: 'open',
    version: now.version,
    createdAt: openedAt,
    metadata,
  };
}

export function productAt(timeline: Timeline, sku: string, seq: number) {
  const line = timeline.products.get(sku);
  const edition = line && valueAt(line.editions, seq);
  if (line === undefined || edition === undefined) return undefined;
  const { asset, merchant } = line;
  const { name, price, version } = edition;
  const [stock, sold] = ['stock', 'sold'].map((shelf) => {
    const place = timeline.places.get(`${shelf}:${sku}`);
    return Number((place && valueAt(place.changes, seq)?.balance) ?? 0n);
  });
  return { sku, name, price, asset, merchant, stock, reserved: 0, sold, version };
}

function madeAt(made: Made | undefined, seq: number): Made['value'] | undefined {
  return made === undefined || made.seq > seq ? undefined : made.value;
}

/** The first page of a list, newest first; `next` says whether there are more. */
function newest<Value>(
  line: readonly Since<Value>[],
  seq: number,
  limit: number,
  present: (since: Since<Value>) => unknown,
) {
  const until = line.findLastIndex((since) => since.seq <= seq) + 1;
  const data = line.slice(Math.max(0, until - limit), until).toReversed();
  return { data: data.map(present), next: until > limit };
}
