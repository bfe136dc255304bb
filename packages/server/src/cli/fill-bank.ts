import { LastroError, type LastroClient } from '@lastro/client';
import type { ProductRequest } from '@lastro/contract';
import { v5 as uuidV5 } from 'uuid';
import type { WorldBank } from './world.ts';

/** Of the ids of the demo's commands: the same on every machine, for ever. */
const idNamespace = '6f0c1f5e-0d0e-5c9b-9d43-1a5f7e0a4c11';

/** Refusals that say: this was done before, perhaps by another key or with an older world. */
const doneBefore: readonly string[] = ['account_exists', 'product_exists', 'id_taken', 'id_reused'];

/**
 * Opens the accounts, pays in the balances and puts the goods on the shelves. Every command has a fixed id, so
 * running it again, at once or after being killed in the middle, does nothing twice. Rejects with `LastroError`.
 */
export async function fillBank(client: LastroClient, bank: WorldBank): Promise<void> {
  const idOf = (what: string) => uuidV5(`${bank.id}/${what}`, idNamespace);
  const { asset, people, shop } = bank;
  const merchants = shop === undefined ? [] : [{ account: shop.merchant, name: shop.name }];
  await Promise.all(
    [...merchants, ...people].map(({ account, name }) =>
      once(
        client.openAccount(
          { id: account, asset, metadata: { name } },
          { idempotencyKey: idOf(`account/${account}`) },
        ),
      ),
    ),
  );
  const deposits = people
    .filter(({ balance }) => balance > 0)
    .map(({ account, balance }) =>
      once(client.deposit({ id: idOf(`deposit/${account}`), account, amount: balance })),
    );
  const products = productsOf(bank).map((product) =>
    once(client.createProduct(product, { idempotencyKey: idOf(`product/${product.sku}`) })),
  );
  await Promise.all([...deposits, ...products]);
}

function productsOf({ asset, shop }: WorldBank): ProductRequest[] {
  if (shop === undefined) return [];
  return shop.goods.map((goods) => ({ ...goods, asset, merchant: shop.merchant }));
}

/**
 * Whether the bank was filled before: its shop's goods are there, or, where it has no shop, its people.
 * Rejects with `LastroError`.
 */
export async function isFilled(client: LastroClient, bank: WorldBank): Promise<boolean> {
  if (bank.shop === undefined) return hasAccounts(client, bank);
  const { data } = await client.listProducts({ limit: 1_000 });
  const found = new Set(data.map(({ sku }) => sku));
  return bank.shop.goods.every(({ sku }) => found.has(sku));
}

async function hasAccounts(client: LastroClient, { people }: WorldBank): Promise<boolean> {
  const found = await Promise.all(people.map(({ account }) => hasAccount(client, account)));
  return found.every(Boolean);
}

async function hasAccount(client: LastroClient, id: string): Promise<boolean> {
  try {
    await client.readAccount(id);
    return true;
  } catch (error) {
    if (error instanceof LastroError && error.status === 404) return false;
    throw error;
  }
}

/** Waits for a command with a fixed id; that it was done before, by whomever, is as good. */
export async function once(command: Promise<unknown>): Promise<void> {
  try {
    await command;
  } catch (error) {
    const isDone = error instanceof LastroError && doneBefore.includes(error.code);
    if (!isDone) throw error;
  }
}
