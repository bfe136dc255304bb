import { LEASE_QUEUE_MAX } from './bounds.ts';
import type { Command } from './command.ts';
import { begin, bodyOf, idOf, prepare, uuidOf } from './cross-bank.fixture.ts';
import type { Lease } from './lease.ts';
import { NO_METADATA } from './metadata.ts';
import { BLOCK_TIME, createTown, type Town } from './town.fixture.ts';

/** `rita nina 5`: five from rita to nina, under an id of its own where one is needed. */
function move(text: string, id = text) {
  const [from = '', to = '', amount = '0'] = text.split(' ');
  return { id, from, to, amount: BigInt(amount), metadata: NO_METADATA, condition: null };
}

/**
 * A town with something in it. BRL: `ana` has 100, `bia`, `shop` and `mill` nothing, `poor` 1, `full`
 * can take no more, `owing` is 10 below zero, its limit; `frozen` has 50 and is what it is called,
 * `closed` and `shut` are closed; `rita` is rich and pays `nina`, `stall` and `spent`, who passed all
 * on to `nina`. USD: `usd`. `orphan` has an asset without `cash:`. Goods: 10 `tea` of 3 for `shop`
 * alone, 10 `pen` of 2, 10 `leaflet` for nothing, `import` in USD, `flood` that can't receive more,
 * `mug` of 2. Ids `used-…` are taken. See below for holds, corrections and leases.
 */
export function createFurnishedTown(): Town {
  const town = createTown();
  putAccounts(town);
  putProducts(town);
  tellAll(town, [
    { type: 'PostTransaction', id: 'used-transaction', transfers: [move('ana bia 1', 't')] },
    { type: 'Withdraw', id: 'w', account: 'bia', amount: 1n, metadata: NO_METADATA },
    { type: 'Deposit', id: 'd', account: 'ana', amount: 1n, metadata: NO_METADATA },
  ]);
  putTransfers(town);
  putOrders(town);
  putHolds(town);
  tellAll(town, [
    { type: 'FreezeAccount', account: 'frozen', reason: null },
    { type: 'CloseAccount', account: 'closed', reason: null },
    { type: 'CloseAccount', account: 'shut', reason: null },
    changed('full', { maximumBalance: { to: 0n } }),
  ]);
  putWhatIsOver(town);
  putLeases(town);
  putConsortium(town);
  putStates(town);
  return town;
}

function tellAll(town: Town, commands: readonly Command[]): void {
  for (const command of commands) {
    const refusal = town.refusal(command);
    if (refusal !== undefined) throw new Error(`${command.type} was refused: ${refusal.code}`);
  }
}

function putAccounts(town: Town): void {
  const open = (account: string, asset = 'BRL/2', creditLimit: bigint | null = 0n): Command => {
    const rest = { maximumBalance: null, metadata: NO_METADATA };
    return { type: 'OpenAccount', account, asset, creditLimit, ...rest };
  };
  const deposit = (account: string, amount: bigint, id = `deposit-${account}`): Command => {
    return { type: 'Deposit', id, account, amount, metadata: NO_METADATA };
  };
  const townsfolk = 'ana bia shop mill poor full frozen closed shut';
  const payers = 'rita nina stall spent promised leased idle crowded';
  tellAll(town, [
    ...`${townsfolk} ${payers}`.split(' ').map((id) => open(id)),
    open('usd', 'USD/2'),
    open('owing', 'BRL/2', 10n),
    deposit('ana', 100n, 'used-transfer'),
    deposit('poor', 1n),
    deposit('frozen', 50n),
    deposit('rita', 200n),
    deposit('leased', 50n),
    { ...move('owing nina 10'), type: 'PostTransfer' },
  ]);
}

function putProducts(town: Town): void {
  const product = (
    sku: string,
    more: { price?: bigint; merchant?: string; asset?: string } = {},
  ) => {
    const usual = { price: 0n, merchant: null, asset: 'BRL/2', name: sku, stock: 10n };
    return {
      type: 'CreateProduct',
      sku,
      transferId: `stock-of-${sku}`,
      ...usual,
      ...more,
    } as const;
  };
  tellAll(town, [
    product('tea', { price: 3n, merchant: 'shop' }),
    product('pen', { price: 2n }),
    product('leaflet'),
    product('import', { asset: 'USD/2' }),
    product('flood'),
    product('mug', { price: 2n }),
  ]);
}

/**
 * Transfers: `paid` 10, `partly` 10 of which 4 are back, `undone` that is back as `undoing`, and
 * `from-…`, `to-…` whose other side stands in the way. Transactions: `pair` of two, `undone-pair`
 * that is back as `undoing-pair`, `frozen-pair`, `spent-pair`.
 */
function putTransfers(town: Town): void {
  const transfer = (text: string, id: string): Command => ({
    type: 'PostTransfer',
    ...move(text, id),
  });
  const reversal = { type: 'ReverseTransfer', metadata: NO_METADATA, mayMoveCash: false } as const;
  const pair = (id: string, first: string, second: string): Command => {
    const transfers = [move(first, `${id}-1`), move(second, `${id}-2`)];
    return { type: 'PostTransaction', id, transfers };
  };
  tellAll(town, [
    transfer('rita nina 10', 'paid'),
    transfer('rita nina 10', 'partly'),
    { ...reversal, id: 'part', reverses: 'partly', amount: 4n },
    transfer('rita nina 3', 'undone'),
    { ...reversal, id: 'undoing', reverses: 'undone', amount: null },
    transfer('rita frozen 1', 'to-frozen'),
    transfer('rita leased 1', 'to-leased'),
    transfer('leased nina 1', 'from-leased'),
    transfer('rita shut 1', 'to-shut'),
    transfer('shut nina 1', 'from-shut'),
    transfer('rita full 1', 'to-full'),
    transfer('full nina 1', 'from-full'),
    transfer('rita spent 1', 'to-spent'),
    pair('pair', 'rita nina 2', 'nina stall 1'),
    pair('frozen-pair', 'rita nina 2', 'nina frozen 1'),
    pair('spent-pair', 'rita spent 2', 'spent nina 1'),
    pair('undone-pair', 'rita nina 2', 'nina stall 1'),
    {
      type: 'ReverseTransaction',
      id: 'undoing-pair',
      reverses: 'undone-pair',
      transferId: 'undo-000000000001',
    },
  ]);
}

/** Orders of rita's: `bought`, `cancelled`, `refused`, and `frozen-order`, `spent-order` by merchant. */
function putOrders(town: Town): void {
  const order = (id: string, merchant: string, quantity = 2n): Command => ({
    type: 'PlaceOrder',
    id,
    customer: 'rita',
    merchant,
    lines: [{ sku: 'mug', quantity }],
    expectedTotal: null,
    transferIds: [`${id}-money`, `${id}-goods`],
  });
  const transferId = 'cancel-000000000001';
  tellAll(town, [
    order('bought', 'stall'),
    order('cancelled', 'stall'),
    { type: 'CancelOrder', order: 'cancelled', id: 'cancellation', transferId },
    order('frozen-order', 'frozen', 1n),
    order('spent-order', 'spent', 1n),
    { type: 'PostTransfer', ...move('spent nina 4', 'spending') },
  ]);
  town.tell(order('refused', 'stall', 99n));
}

/** Holds, by what became of them; `held` is of 5, `group` and `captured-group` are of two transfers. */
function putHolds(town: Town): void {
  const hold = (id: string, ...moves: readonly string[]): Command => {
    const transfers = moves.map((text) => move(text));
    return { type: 'PlaceHold', id, transfers, expiry: { ttl: 3_600 } };
  };
  tellAll(town, [
    hold('held', 'rita nina 5'),
    hold('group', 'rita nina 2', 'rita promised 3'),
    hold('released', 'rita nina 5'),
    { type: 'ReleaseHold', hold: 'released' },
    hold('captured', 'rita nina 5'),
    { type: 'CaptureHold', hold: 'captured', amount: 4n, transferId: 'capture' },
    hold('captured-group', 'rita nina 2', 'rita stall 3'),
    { type: 'CaptureHold', hold: 'captured-group', amount: null, transferId: 'group-000000000001' },
  ]);
}

/** The hold `expired` and the bank recorded it; `lapsed`, and the lease `over` on `idle`, it did not yet. */
function putWhatIsOver(town: Town): void {
  const hold = { type: 'PlaceHold', transfers: [move('rita nina 1')], expiry: { ttl: 1 } } as const;
  tellAll(town, [{ ...hold, id: 'expired' }]);
  town.pass(2);
  town.sweep();
  tellAll(town, [
    { ...hold, id: 'lapsed' },
    { type: 'RequestLease', id: 'over', account: 'idle', owner: 'robot', ttl: 1, wait: 0 },
  ]);
  town.pass(2);
}

/** `leased` is leased as `lease`, and somebody waits for it as `waiting`. No more can wait for `crowded`. */
function putLeases({ tell, ledger }: Town): void {
  const asked = { type: 'RequestLease', account: 'leased', ttl: 600 } as const;
  tell({ ...asked, id: 'lease', owner: 'robot', wait: 0 });
  tell({ ...asked, id: 'waiting', owner: 'patient', wait: 30 });
  tell({ ...asked, id: 'first', account: 'crowded', owner: 'robot', wait: 0 });
  ledger.putLeases('crowded', [...ledger.leases('crowded'), ...CROWD]);
}

/**
 * Beta may owe 20; alfa owes 5 by a transaction that waits. `town/…99` is under way, the id of
 * `town/…98` is taken. Beta may debit ana by `consent`, and no longer by `revoked`.
 */
function putConsortium(town: Town): void {
  const asset = 'BRL/2';
  const consent = { account: 'ana', bank: 'beta', amount: 50n, uses: 'total' } as const;
  const grant = (id: string): Command => {
    return { type: 'GrantConsent', id, ...consent, expiresAt: BLOCK_TIME + 3_600_000 };
  };
  tellAll(town, [
    { type: 'SetExposureLimit', bank: 'beta', asset, limit: 20n },
    { type: 'SetExposureLimit', bank: 'alfa', asset, limit: 5n },
    begin(bodyOf(idOf('town', 99), 'alfa/zoe beta/zoe 1')),
    { type: 'PostTransaction', id: uuidOf(98), transfers: [move('stall nina 1', uuidOf(97))] },
    grant('consent'),
    grant('revoked'),
    { type: 'RevokeConsent', consent: 'revoked' },
  ]);
  town.settle(prepare(bodyOf(idOf('alfa', 99), 'alfa/zoe town/nina 5')));
}

const CROWD: readonly Lease[] = Array.from({ length: LEASE_QUEUE_MAX - 1 }, (_, index) => ({
  id: `crowd-${index}`,
  account: 'crowded',
  owner: 'robot',
  ttl: 600,
  ticket: 1_000 + index,
  waitUntil: BLOCK_TIME + 600_000,
  token: null,
  expiresAt: null,
}));

/** A wish for other limits. */
export function changed(
  account: string,
  more: Partial<Extract<Command, { type: 'ChangeAccount' }>>,
): Extract<Command, { type: 'ChangeAccount' }> {
  const usual = { version: null, creditLimit: null, maximumBalance: null };
  return { type: 'ChangeAccount', account, ...usual, ...more };
}

/** States that no command brings about in a bank with so small amounts. */
function putStates({ ledger }: Town): void {
  const put = (id: string, more: object) => {
    const account = ledger.account(id);
    if (account !== undefined) ledger.putAccount({ ...account, ...more });
  };
  put('received:flood', { debitsPosted: 2n ** 53n - 1n });
  const ana = ledger.account('ana');
  if (ana !== undefined) ledger.putAccount({ ...ana, id: 'orphan', asset: 'XYZ/2' });
}
