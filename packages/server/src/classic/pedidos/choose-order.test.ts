import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrangeShop, chooseOrder, type Customer, type ShelfProduct } from './choose-order.ts';

const rich: Customer = { id: 'cliente:1', balance: 1_000n, available: 1_000n };
const broke: Customer = { id: 'cliente:2', balance: 0n, available: 0n };
const small: Customer = { id: 'cliente:3', balance: 20n, available: 20n };
const dear: ShelfProduct = { sku: 'produto:1', price: 900n, stock: 2n };
const cheap: ShelfProduct = { sku: 'produto:2', price: 10n, stock: 1n };
const sold: ShelfProduct = { sku: 'produto:3', price: 5n, stock: 0n };

/** Every choice that some draw can bring. */
function choices(customers: Customer[], products: ShelfProduct[]): string[] {
  const shop = arrangeShop(customers, products);
  const draws = [0, 0.3, 0.5, 0.7, 0.999_999].flatMap((first) =>
    [0, 0.3, 0.5, 0.7, 0.999_999].map((second) => {
      const numbers = [first, second];
      const { customer, lines } = chooseOrder(shop, () => numbers.shift() ?? 0);
      return `${customer} ${lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join()}`;
    }),
  );
  return [...new Set(draws)].toSorted();
}

describe('a random order', () => {
  it('is any product in stock for any customer with money who can pay it', () => {
    expect(choices([rich, broke, small], [dear, cheap, sold])).toEqual([
      'cliente:1 1 produto:1',
      'cliente:1 1 produto:2',
      'cliente:3 1 produto:2',
    ]);
  });

  it('is never for a customer who can pay nothing while another one can', () => {
    expect(choices([rich, small], [dear])).toEqual(['cliente:1 1 produto:1']);
  });

  it('is for a customer without limit whatever it costs', () => {
    const unlimited: Customer = { id: 'cliente:4', balance: 1n, available: null };
    expect(choices([unlimited], [dear])).toEqual(['cliente:4 1 produto:1']);
  });

  it('is one that is refused for want of money where nobody can pay', () => {
    expect(choices([small, broke], [dear, sold])).toEqual([
      'cliente:2 1 produto:1',
      'cliente:3 1 produto:1',
    ]);
  });

  it('is one that is refused for want of stock where all is sold', () => {
    expect(choices([rich], [sold])).toEqual(['cliente:1 1 produto:3']);
  });

  it('names what is not there where there is nothing', () => {
    expect(choices([], [])).toEqual(['cliente:1 1 produto:1']);
  });

  it('can be paid, for any shop where somebody can pay something', () => {
    const amounts = fc.bigInt(0n, 20n);
    const customers = fc.array(fc.record({ balance: amounts }), { maxLength: 6 });
    const products = fc.array(fc.record({ price: amounts, stock: fc.bigInt(0n, 2n) }), {
      maxLength: 6,
    });
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(customers, products, draw, draw, (some, goods, first, second) => {
        const people = some.map(({ balance }, at) => ({
          id: `${at}`,
          balance,
          available: balance,
        }));
        const shelf = goods.map((product, at) => ({ ...product, sku: `${at}` }));
        const numbers = [first, second];
        const choice = chooseOrder(arrangeShop(people, shelf), () => numbers.shift() ?? 0);
        const customer = people.find(({ id }) => id === choice.customer);
        const product = shelf.find(({ sku }) => sku === choice.lines[0]?.sku);
        const canBuy = people.some(({ balance }) =>
          shelf.some(({ price, stock }) => balance > 0n && stock > 0n && balance >= price),
        );
        if (!canBuy) return;
        expect(product!.stock).toBeGreaterThan(0n);
        expect(customer!.balance).toBeGreaterThanOrEqual(product!.price);
      }),
    );
  });
});
