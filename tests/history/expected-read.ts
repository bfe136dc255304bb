import {
  bornAt,
  numberOf,
  timeText,
  valueAt,
  type Body,
  type Line,
  type PlaceLine,
  type Since,
} from './lines.ts';
import type { ReadRequest } from './request.ts';
import type { Timeline } from './timeline.ts';

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

/** What shows the state of one moment, and nothing else. */
export type StandingRead = Exclude<
  ReadRequest,
  { readonly resource: 'events' | 'trial balance' | 'consistency' | 'lease list' }
>;

/** The body of a read at a moment; undefined: it is not found. */
export function expectedRead(
  { timeline, commands }: ReadWorld,
  request: StandingRead,
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
      return lineAt(timeline.orders, request.id, seq);
    case 'transfer':
      return lineAt(timeline.transfers, request.id, seq);
    case 'transaction':
      return lineAt(timeline.transactions, request.id, seq);
    case 'command': {
      const settled = commands.get(request.id);
      const { id } = request;
      if (settled === undefined || settled.seq > seq) return { id, status: 'unknown' };
      const { code, resource } = settled;
      if (code !== null) return { id, status: 'refused', code };
      return { id, status: 'accepted', resource };
    }
    case 'hold':
      return lineAt(timeline.holds, request.id, seq);
    case 'hold list':
      return newestOf(timeline.holds, seq, request.limit, (hold) => hold);
    case 'order list':
      return newestOf(timeline.orders, seq, request.limit, (order) => order);
    case 'transfer list':
      return newestOf(timeline.transfers, seq, request.limit, inList);
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
    const debits = sumOf(lines, (place) => debitsAt(place, seq));
    const held = sumOf(lines, (place) => valueAt(place.changes, seq)?.held ?? 0n);
    const coming = sumOf(lines, (place) => valueAt(place.changes, seq)?.coming ?? 0n);
    return {
      asset,
      debits,
      credits: debits,
      pendingDebits: held,
      pendingCredits: coming,
      balance: '0',
      accounts: lines.length,
    };
  });
}

function sumOf(lines: readonly PlaceLine[], part: (place: PlaceLine) => bigint): string {
  return String(lines.reduce((sum, place) => sum + part(place), 0n));
}

function debitsAt({ entries }: PlaceLine, seq: number): bigint {
  return entries
    .filter((entry) => entry.seq <= seq && entry.value.direction === 'out')
    .reduce((sum, { value }) => sum + BigInt(value.amount), 0n);
}

export function accountAt(timeline: Timeline, id: string, seq: number) {
  const place = timeline.places.get(id);
  const now = place && valueAt(place.changes, seq);
  if (place === undefined || now === undefined) return undefined;
  const { asset, openedAt, metadata } = place;
  const { balance, held, creditLimit, maximumBalance, status, leasedUntil, version } = now;
  return {
    id,
    asset,
    balance: Number(balance),
    held: Number(held),
    available: creditLimit === null ? null : Number(balance - held + creditLimit),
    creditLimit: numberOf(creditLimit),
    maximumBalance: numberOf(maximumBalance),
    leasedUntil: leasedUntil === null ? null : timeText(leasedUntil),
    status,
    version,
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

/** Something as it stood; undefined: there was no such thing yet. */
export function lineAt(
  lines: ReadonlyMap<string, Line>,
  id: string,
  seq: number,
): Body | undefined {
  return valueAt(lines.get(id) ?? [], seq);
}

/** The first page of a list of things as they stood. */
function newestOf(
  lines: ReadonlyMap<string, Line>,
  seq: number,
  limit: number,
  present: (body: Body) => Body,
) {
  const born = [...lines.values()].map((line) => ({ seq: bornAt(line), value: line }));
  return newest(born, seq, limit, ({ value }) => present(valueAt(value, seq) ?? {}));
}

/** In lists, transfers don't say what takes them back or what they take back. */
function inList(transfer: Body): Body {
  const { id, status, from, to, amount, asset, seq, at, metadata } = transfer;
  return { id, status, from, to, amount, asset, seq, at, metadata };
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
