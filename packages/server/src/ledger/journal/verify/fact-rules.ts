import {
  ACCOUNT_ID,
  available,
  balance,
  balanceMax,
  balanceMin,
  cashAccount,
  isClientAsset,
  isSystemAccount,
  LEASE_TTL_MAX_SECONDS,
  SAFE_MAX,
  SKU,
  type Account,
  type Fact,
  type HoldLeg,
  type LedgerView,
  type OrderCompleted,
  type Transfer,
} from '@lastro/core';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The rules that a fact breaks, one sentence each, judged on the ledger before it. `apply` trusts
 * that `decide` kept these; whoever forges a journal need not have asked it.
 */
export function factBreaches(fact: Fact, view: LedgerView): readonly string[] {
  switch (fact.type) {
    case 'bank.opened':
      return ['only the first event of block 0 opens the bank'];
    case 'account.opened':
      return accountBreaches(fact, view);
    case 'transfer.posted':
      return transferBreaches(fact.transfer, cashAccount(fact.transfer.asset));
    case 'transaction.posted':
      return [
        ...unless(UUID.test(fact.id), 'an id is a UUID in lower case'),
        ...unless(fact.transfers.length > 0, 'a transaction has at least one transfer'),
        ...fact.transfers.flatMap((transfer) => transferBreaches(transfer, undefined)),
      ];
    case 'product.created':
      return productBreaches(fact, view);
    case 'product.changed':
      return unless(fact.price >= 0n, 'a price is not below zero');
    case 'goods.received':
      return [
        ...unless(fact.quantity > 0n, 'goods that arrive are above zero'),
        ...unless(UUID.test(fact.transferId), 'an id is a UUID in lower case'),
      ];
    case 'goods.adjusted':
      return [
        ...unless(fact.quantity !== 0n, 'a correction of stock is not zero'),
        ...unless(UUID.test(fact.transferId), 'an id is a UUID in lower case'),
      ];
    case 'order.completed':
      return orderBreaches(fact, view);
    case 'order.refused':
      return unless(UUID.test(fact.id), 'an id is a UUID in lower case');
    case 'hold.placed':
      return holdBreaches(fact);
    case 'hold.captured':
      return fact.transfers.flatMap((transfer) => transferBreaches(transfer, undefined));
    case 'transfer.reversed':
      return transferBreaches(fact.transfer, cashAccount(fact.transfer.asset));
    case 'transaction.reversed':
      return [
        ...unless(UUID.test(fact.id), 'an id is a UUID in lower case'),
        ...fact.legs.flatMap(({ transfer }) => transferBreaches(transfer, undefined)),
      ];
    case 'order.cancelled':
      return cancellationBreaches(fact);
    case 'account.changed':
      return [
        ...unless(!isSystemAccount(fact.account), `${fact.account} has no limits of a client`),
        ...limitBreaches(fact),
      ];
    case 'account.frozen':
    case 'account.unfrozen':
    case 'account.closed':
    case 'account.reopened':
      return statusBreaches(fact, view);
    case 'lease.requested':
      return leaseBreaches(fact);
    case 'hold.released':
    case 'hold.expired':
    case 'hold.extended':
    case 'lease.renewed':
    case 'lease.released':
    case 'lease.passed':
    case 'command.refused':
    case 'command.failed':
      return [];
  }
}

function holdBreaches({
  id,
  transfers,
}: Extract<Fact, { readonly type: 'hold.placed' }>): readonly string[] {
  return [
    ...unless(UUID.test(id), 'an id is a UUID in lower case'),
    ...unless(transfers.length > 0, 'a hold has at least one transfer'),
    ...transfers.flatMap((leg) => sideBreaches(leg, undefined)),
  ];
}

function leaseBreaches({
  id,
  account,
  ttl,
}: Extract<Fact, { readonly type: 'lease.requested' }>): readonly string[] {
  return [
    ...unless(UUID.test(id), 'an id is a UUID in lower case'),
    ...unless(!isSystemAccount(account), `${account} can’t be leased`),
    ...unless(ttl > 0 && ttl <= LEASE_TTL_MAX_SECONDS, 'a lease lasts 1 to 600 s'),
  ];
}

function cancellationBreaches(
  fact: Extract<Fact, { readonly type: 'order.cancelled' }>,
): readonly string[] {
  return [
    ...unless(UUID.test(fact.id), 'an id is a UUID in lower case'),
    ...fact.transfers.flatMap(({ id, from, to }) => [
      ...unless(UUID.test(id), 'an id is a UUID in lower case'),
      ...unless(
        isSystemAccount(from) === isSystemAccount(to) &&
          (!isSystemAccount(from) || (from.startsWith('sold:') && to.startsWith('stock:'))),
        'an order goes back as money and as goods from sold: to stock:',
      ),
    ]),
  ];
}

/** The limit that an account is over (invariant I2); undefined when it is within. */
export function limitBreach(account: Account): string | undefined {
  const free = available(account);
  if (free !== null && free < 0n) return `${account.id} is over its limit by ${-free}`;
  if (balance(account) - account.debitsPending < balanceMin(account)) {
    return `${account.id} is below every bound`;
  }
  if (balance(account) + account.creditsPending > balanceMax(account)) {
    return `${account.id} is above every bound`;
  }
  return undefined;
}

function unless(holds: boolean, rule: string): readonly string[] {
  return holds ? [] : [rule];
}

function accountBreaches(
  fact: Extract<Fact, { readonly type: 'account.opened' }>,
  view: LedgerView,
): readonly string[] {
  const { account, asset, creditLimit, maximumBalance } = fact;
  const cash = view.account(cashAccount(asset));
  return [
    ...unless(ACCOUNT_ID.test(account), 'an account id is 1 to 64 of A–Z a–z 0–9 . _ : @ + -'),
    ...unless(!isSystemAccount(account), `${account} is opened by its owner’s commands alone`),
    ...unless(isClientAsset(asset), `${asset} is no asset for clients`),
    ...unless(cash === undefined || cash.asset === asset, 'a code has one scale'),
    ...limitBreaches({ creditLimit, maximumBalance }),
  ];
}

function limitBreaches(limits: {
  readonly creditLimit: bigint | null;
  readonly maximumBalance: bigint | null;
}): readonly string[] {
  const isLimit = (limit: bigint | null) => limit === null || (limit >= 0n && limit <= SAFE_MAX);
  return [
    ...unless(isLimit(limits.creditLimit), 'a credit limit is from 0 to 2^53 − 1'),
    ...unless(isLimit(limits.maximumBalance), 'a maximum balance is from 0 to 2^53 − 1'),
  ];
}

const STATUS_BEFORE = {
  'account.frozen': ['open'],
  'account.unfrozen': ['frozen'],
  'account.closed': ['open', 'frozen'],
  'account.reopened': ['closed'],
} as const;

function statusBreaches(
  fact: Extract<Fact, { readonly type: keyof typeof STATUS_BEFORE }>,
  view: LedgerView,
): readonly string[] {
  const account = view.account(fact.account);
  const before: readonly string[] = STATUS_BEFORE[fact.type];
  const isEmpty =
    account !== undefined &&
    balance(account) === 0n &&
    account.debitsPending === 0n &&
    account.creditsPending === 0n;
  return [
    ...unless(!isSystemAccount(fact.account), `${fact.account} has no status of a client`),
    ...unless(
      account !== undefined && before.includes(account.status),
      `${fact.type} comes after ${before.join(' or ')}`,
    ),
    ...unless(fact.type !== 'account.closed' || isEmpty, 'only an empty account is closed'),
  ];
}

/** `cash`: the one system account that such a transfer may touch, on one of its sides. */
function transferBreaches(transfer: Transfer, cash: string | undefined): readonly string[] {
  return [
    ...unless(UUID.test(transfer.id), 'an id is a UUID in lower case'),
    ...sideBreaches(transfer, cash),
  ];
}

function sideBreaches({ from, to }: HoldLeg, cash: string | undefined): readonly string[] {
  const isOwned = (account: string) => account !== cash && isSystemAccount(account);
  return [from, to]
    .filter(isOwned)
    .map((account) => `${account} is moved by its owner’s commands alone`);
}

function productBreaches(
  fact: Extract<Fact, { readonly type: 'product.created' }>,
  view: LedgerView,
): readonly string[] {
  const { sku, price, asset, merchant, stock, transferId } = fact;
  const paid = merchant === null ? undefined : view.account(merchant);
  return [
    ...unless(SKU.test(sku), 'a sku is 1 to 50 of A–Z a–z 0–9 . _ : @ + -'),
    ...unless(price >= 0n, 'a price is not below zero'),
    ...unless(stock >= 0n, 'stock is not below zero'),
    ...unless(UUID.test(transferId), 'an id is a UUID in lower case'),
    ...unless(view.account(cashAccount(asset))?.asset === asset, `the asset ${asset} stands`),
    ...unless(
      merchant === null || (paid?.asset === asset && !isSystemAccount(merchant)),
      `${merchant} can be paid in ${asset}`,
    ),
  ];
}

/** An order's lines are the products as they were; its total is theirs (invariant I4). */
function orderBreaches(fact: OrderCompleted, view: LedgerView): readonly string[] {
  const { id, customer, merchant, asset, lines, total, transferIds } = fact;
  const sum = lines.reduce((before, line) => before + line.total, 0n);
  const broken = [
    ...unless(UUID.test(id), 'an id is a UUID in lower case'),
    ...unless(
      transferIds.every((each) => UUID.test(each)),
      'an id is a UUID in lower case',
    ),
    ...unless(lines.length > 0, 'an order has at least one line'),
    ...unless(new Set(lines.map(({ sku }) => sku)).size === lines.length, 'a sku has one line'),
    ...unless(sum === total, `the total is that of the lines, ${sum}`),
    ...unless(transferIds.length === lines.length + 1, 'one transfer id for money and each line'),
    ...unless(customer !== merchant, 'nobody buys from themselves'),
    ...[customer, merchant].flatMap((party) =>
      unless(
        !isSystemAccount(party) && view.account(party)?.asset === asset,
        `${party} is an account of a client in ${asset}`,
      ),
    ),
  ];
  const ofLines = lines.flatMap((line) => {
    const product = view.product(line.sku);
    return [
      ...unless(line.quantity > 0n, `a quantity of ${line.sku} is above zero`),
      ...unless(
        line.total === line.unitPrice * line.quantity,
        `the line of ${line.sku} is unit price × quantity`,
      ),
      ...unless(
        product?.price === line.unitPrice && product.name === line.name,
        `${line.sku} is sold under its name and price of that moment`,
      ),
      ...unless(
        product?.asset === asset && (product.merchant ?? merchant) === merchant,
        `${line.sku} is sold by ${merchant} for ${asset}`,
      ),
    ];
  });
  return [...broken, ...ofLines];
}
