import type { LastroClient } from '@lastro/client';
import { v7 as uuidV7 } from 'uuid';
import { chanceOf } from './chance.ts';
import { drawOrder, readMarket } from './draw-order.ts';
import { drawTransfer, openPlayAccounts } from './draw-transfer.ts';
import { simulate, type Simulated, type Simulation } from './simulation.ts';

/** What both simulations are asked for. */
export type SimulationRequest = Pick<
  Simulation,
  'client' | 'url' | 'seed' | 'count' | 'concurrency' | 'signal' | 'show'
>;

/** Customers with money order what is on the shelves; undefined where nobody can order anything. */
export async function simulateOrders(
  request: SimulationRequest,
  hotShare: number,
): Promise<Simulated | undefined> {
  const { client, seed } = request;
  const market = await readMarket(client);
  if (market.goods.length === 0) return undefined;
  const chance = chanceOf(seed);
  const next = () => {
    const order = { ...drawOrder(market, chance, hotShare), id: uuidV7() };
    return (options: Parameters<LastroClient['placeOrder']>[1]) =>
      client.placeOrder(order, options);
  };
  const hotProduct =
    market.hot === undefined || hotShare === 0 ? null : { sku: market.hot.sku, share: hotShare };
  return simulate({ ...request, simulation: 'orders', hotProduct, next });
}

/** `accountCount` (at least 2) play accounts pay each other. */
export async function simulateTransfers(
  request: SimulationRequest,
  accountCount: number,
): Promise<Simulated> {
  const { client, seed } = request;
  const accounts = await openPlayAccounts(client, accountCount);
  const chance = chanceOf(seed);
  const next = () => {
    const transfer = { ...drawTransfer(accounts, chance), id: uuidV7() };
    return (options: Parameters<LastroClient['transfer']>[1]) => client.transfer(transfer, options);
  };
  return simulate({ ...request, simulation: 'transfers', hotProduct: null, next });
}
