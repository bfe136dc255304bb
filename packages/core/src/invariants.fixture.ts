import type { Account } from './account.ts';
import {
  cancellations,
  holdEnds,
  leases,
  pendings,
  reversals,
} from './invariants-of-promises.fixture.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import type { CompletedOrder } from './order.ts';
import type { PostedTransfer } from './transfer.ts';
import type { Happened } from './town.fixture.ts';

/** What is broken in this ledger of I1–I4, I6 and of leases, one sentence each. */
export function brokenInvariants(ledger: MemoryLedger, journal: readonly Happened[]): string[] {
  return [
    ...conservation(ledger),
    ...limits(ledger),
    ...goods(ledger),
    ...orders(ledger),
    ...pendings(ledger),
    ...holdEnds(ledger, journal),
    ...reversals(ledger),
    ...cancellations(ledger),
    ...leases(ledger, journal),
    ...outcomes(ledger, journal),
  ];
}

function conservation({ accounts }: MemoryLedger): string[] {
  const posted = new Map<string, bigint>();
  const pending = new Map<string, bigint>();
  const add = (sums: Map<string, bigint>, asset: string, amount: bigint) =>
    sums.set(asset, (sums.get(asset) ?? 0n) + amount);
  for (const { asset, ...sums } of accounts.values()) {
    add(posted, asset, sums.creditsPosted - sums.debitsPosted);
    add(pending, asset, sums.creditsPending - sums.debitsPending);
  }
  return [...posted, ...pending]
    .filter(([, sum]) => sum !== 0n)
    .map(([asset, sum]) => `I1: debits and credits of ${asset} differ by ${sum}`);
}

function limits({ accounts }: MemoryLedger): string[] {
  return [...accounts.values()].flatMap((account) => {
    // It was posted what others had posted, limits or not.
    if (account.isRebuilt) return [];
    const most = /^(cash|peer):/.test(account.id) ? 2n ** 62n : 2n ** 53n - 1n;
    const limit = account.creditLimit;
    const lowest = account.creditsPosted - account.debitsPosted - account.debitsPending;
    const highest = account.creditsPosted - account.debitsPosted + account.creditsPending;
    const broken: string[] = [];
    if (limit !== null && lowest < -limit) broken.push(`I2: ${account.id} is over its limit`);
    if (lowest < -most) broken.push(`I2: ${account.id} is below every bound`);
    if (highest + (limit ?? 0n) > most) broken.push(`I2: ${account.id} is above every bound`);
    if (account.maximumBalance !== null && highest > account.maximumBalance) {
      broken.push(`I2: ${account.id} is above its maximum balance`);
    }
    return broken;
  });
}

function goods({ accounts, products }: MemoryLedger): string[] {
  return [...products.keys()].flatMap((sku) => {
    const shelf = (name: string) => {
      const account = accounts.get(`${name}:${sku}`);
      return account === undefined ? 0n : held(account);
    };
    const [received, stock, sold, writtenOff] = [
      -shelf('received'),
      shelf('stock'),
      shelf('sold'),
      shelf('written-off'),
    ];
    const broken: string[] = [];
    if (received !== stock + sold + writtenOff) broken.push(`I3: units of ${sku} don't add up`);
    if ([received, stock, sold, writtenOff].some((count) => count < 0n)) {
      broken.push(`I3: a count of ${sku} is below zero`);
    }
    const promised = accounts.get(`stock:${sku}`)?.debitsPending ?? 0n;
    if (promised > stock) broken.push(`I3: more of ${sku} is promised than there is`);
    return broken;
  });
}

function held(account: Account): bigint {
  return account.creditsPosted - account.debitsPosted;
}

function orders(ledger: MemoryLedger): string[] {
  const groups = new Map<string, PostedTransfer[]>();
  for (const transfer of ledger.transfers.values()) {
    if (transfer.transaction === null) continue;
    groups.set(transfer.transaction, [...(groups.get(transfer.transaction) ?? []), transfer]);
  }
  const broken = [...groups.keys()]
    .filter((id) => !ledger.transactions.has(id))
    .map((id) => `I4: transfers of ${id}, which doesn't stand`);
  for (const order of ledger.orders.values()) {
    const moved = groups.get(order.id) ?? [];
    const isWhole =
      order.status === 'refused'
        ? moved.length === 0 &&
          (ledger.transactions.get(order.id) === order.seq || ledger.shares.has(order.id))
        : isMovedAsAWhole(order, moved);
    if (!isWhole) broken.push(`I4: ${order.status} order ${order.id} moved otherwise`);
  }
  return broken;
}

function isMovedAsAWhole(order: CompletedOrder, moved: readonly PostedTransfer[]): boolean {
  const { merchant, asset, lines, total, seq } = order;
  // From another bank money comes by way of what that bank owes.
  const [bank, account] = order.customer.split('/');
  const customer =
    account === undefined ? order.customer : `peer:${bank}:${asset.slice(0, asset.indexOf('/'))}`;
  const goodsOf = lines.map(({ sku, quantity }) => `stock:${sku} sold:${sku} ${quantity}`);
  const moneyOf = total === 0n ? [] : [`${customer} ${merchant} ${total}`];
  const found = moved.map(({ from, to, amount }) => `${from} ${to} ${amount}`);
  return (
    total === lines.reduce((sum, line) => sum + line.total, 0n) &&
    lines.every((line) => line.total === line.unitPrice * line.quantity) &&
    moved.every((transfer) => transfer.seq === seq) &&
    found.join() === [...moneyOf, ...goodsOf].join()
  );
}

function outcomes({ outcomes: kept }: MemoryLedger, journal: readonly Happened[]): string[] {
  const settled = journal.flatMap(({ event: { seq, command } }) =>
    command === null ? [] : [{ seq, key: `${command.principal} ${command.id}`, ...command }],
  );
  const broken = settled
    .filter(({ key, seq, hash }) => kept.get(key)?.seq !== seq || kept.get(key)?.hash !== hash)
    .map(({ key, seq }) => `I6: event ${seq} is not the one outcome of ${key}`);
  if (kept.size !== settled.length) broken.push('I6: outcomes and events differ in number');
  return broken;
}
