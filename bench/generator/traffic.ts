import { commandId, type Chance } from './command-ids.ts';

/** Accounts `<prefix>-0` … `<prefix>-<count − 1>`. */
export interface AccountRange {
  readonly prefix: string;
  readonly count: number;
}

/** What the requests of a run ask for. */
export type Traffic =
  /** `POST /v1/transfers` between uniform pairs. */
  | { readonly kind: 'transfers'; readonly accounts: AccountRange }
  /** `POST /v1/transfers/batch` of `size`, each between a uniform pair. */
  | { readonly kind: 'batches'; readonly accounts: AccountRange; readonly size: number }
  /** `POST /v1/orders` of one unit, by uniform customers. */
  | {
      readonly kind: 'orders';
      readonly customers: AccountRange;
      readonly merchant: string;
      readonly sku: string;
    }
  /**
   * `POST /v1/transfers` from an account of the bank that is called to one of another bank, uniform
   * over banks and accounts. `banks`: their names, in the order of the run's targets.
   */
  | {
      readonly kind: 'payments';
      readonly accounts: AccountRange;
      readonly banks: readonly string[];
    }
  /** `POST /v1/accounts`, each of the range once, with a credit limit that never runs out. */
  | { readonly kind: 'openings'; readonly accounts: AccountRange };

/** Minor units of each transfer and of one unit of the product. */
export const AMOUNT = 1;

/** Minor units: no run gets near it, so no transfer is ever refused. */
export const CREDIT_LIMIT = 1_000_000_000_000;

export const ASSET = 'BRL/2';

/** Seconds that the banks of a payment have to agree: none runs out of time that would be carried out. */
const WITHIN = 30;

function accountId(range: AccountRange, index: number): string {
  return `${range.prefix}-${index}`;
}

/** One request's path and body, for the target with this number; a new one with each call. */
export type RequestMaker = (target: number) => { readonly path: string; readonly body: string };

/** `clock`: milliseconds since 1970. */
export function createRequestMaker(
  traffic: Traffic,
  clock: () => number,
  chance: Chance,
): RequestMaker {
  const newId = () => commandId(clock(), chance);
  switch (traffic.kind) {
    case 'transfers':
      return () => ({
        path: '/v1/transfers',
        body: transferBody(traffic.accounts, newId(), chance),
      });
    case 'batches':
      return () => {
        const transfers = Array.from({ length: traffic.size }, () =>
          transferBody(traffic.accounts, newId(), chance),
        );
        return { path: '/v1/transfers/batch', body: `{"transfers":[${transfers.join()}]}` };
      };
    case 'orders':
      return () => {
        const { customers, merchant, sku } = traffic;
        const customer = accountId(customers, Math.floor(chance() * customers.count));
        const lines = `[{"sku":"${sku}","quantity":1}]`;
        const body = `{"id":"${newId()}","customer":"${customer}","merchant":"${merchant}","lines":${lines}}`;
        return { path: '/v1/orders', body };
      };
    case 'payments':
      return (target) => ({
        path: '/v1/transfers',
        body: paymentBody(
          traffic.accounts,
          otherThan(target, traffic.banks, chance),
          newId(),
          chance,
        ),
      });
    case 'openings': {
      let opened = 0;
      return () => {
        const id = accountId(traffic.accounts, opened);
        opened += 1;
        const body = `{"id":"${id}","asset":"${ASSET}","creditLimit":${CREDIT_LIMIT}}`;
        return { path: '/v1/accounts', body };
      };
    }
  }
}

function otherThan(target: number, banks: readonly string[], chance: Chance): string {
  const steps = 1 + Math.floor(chance() * (banks.length - 1));
  const bank = banks[(target + steps) % banks.length];
  if (bank === undefined) throw new Error('payments without banks');
  return bank;
}

function paymentBody(accounts: AccountRange, bank: string, id: string, chance: Chance): string {
  const from = accountId(accounts, Math.floor(chance() * accounts.count));
  const to = accountId(accounts, Math.floor(chance() * accounts.count));
  return `{"id":"${id}","from":"${from}","to":"${bank}/${to}","amount":${AMOUNT},"within":${WITHIN}}`;
}

/** Two different accounts, each pair in each direction as likely as any other. */
function transferBody({ prefix, count }: AccountRange, id: string, chance: Chance): string {
  const from = Math.floor(chance() * count);
  const to = (from + 1 + Math.floor(chance() * (count - 1))) % count;
  return `{"id":"${id}","from":"${prefix}-${from}","to":"${prefix}-${to}","amount":${AMOUNT}}`;
}
