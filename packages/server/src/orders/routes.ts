import type { Engine } from '../engine/engine.ts';
import type { Application } from '../http/application.ts';
import type { CrossBankHost } from '../http/cross-bank-host.ts';
import type { Reads } from '../store/reads.ts';
import { registerOrderResources } from './order-routes.ts';
import { registerProducts } from './product-routes.ts';
import { registerReports } from './report-routes.ts';

export interface OrdersParts {
  readonly engine: Pick<Engine, 'submit'>;
  readonly reads: Reads;
  /** The bank's own id. */
  readonly bank: string;
  /** Undefined: the bank is in no consortium. */
  readonly crossBank: CrossBankHost | undefined;
}

/** Products, their goods, orders and what they add up to. */
export function registerOrders(app: Application, parts: OrdersParts): void {
  registerProducts(app, parts);
  registerOrderResources(app, parts);
  registerReports(app, parts);
}
