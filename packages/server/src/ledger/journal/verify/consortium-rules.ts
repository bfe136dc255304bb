import {
  consentLeft,
  consortium,
  isClientAsset,
  isSystemAccount,
  SAFE_MAX,
  type ConsortiumFact,
  type CrossBankCommitted,
  type CrossBankPrepared,
  type LedgerView,
} from '@lastro/core';
import { idBreaches, unless } from './breaches.ts';
import { saleBreaches } from './order-rules.ts';

const HASH = /^[0-9a-f]{64}$/;

/** The rules of cross-bank transactions that a fact breaks; see `factBreaches`. */
export function consortiumFactBreaches(fact: ConsortiumFact, view: LedgerView): readonly string[] {
  switch (fact.type) {
    case 'crossbank.prepared':
      return [
        ...bodyBreaches(fact, view),
        ...shareBreaches(fact, view),
        ...orderBreaches(fact, view),
      ];
    case 'crossbank.doubted':
      return bodyBreaches(fact, view);
    case 'crossbank.committed':
      return commitBreaches(fact, view);
    case 'crossbank.aborted':
    case 'crossbank.settled':
      return [];
    case 'consent.granted':
      return [
        ...idBreaches(fact.id),
        ...unless(!isSystemAccount(fact.account), `${fact.account} has no holder to consent`),
        ...unless(view.account(fact.account) !== undefined, 'a consent is for an account'),
        ...unless(fact.amount > 0n && fact.amount <= SAFE_MAX, 'a consent is for an amount'),
      ];
    case 'consent.revoked':
      return idBreaches(fact.id);
    case 'peer.limited':
      return [
        ...unless(isClientAsset(fact.asset), `${fact.asset} is no asset for clients`),
        ...unless(
          fact.limit === null || (fact.limit >= 0n && fact.limit <= SAFE_MAX),
          'an exposure limit is from 0 to 2^53 − 1',
        ),
      ];
  }
}

function bodyBreaches(
  { id, hash, body }: consortium.HashedBody & { readonly id: string },
  view: LedgerView,
): readonly string[] {
  const fault = consortium.transactionFault(body);
  return [
    ...unless(body.id === id, 'a body has the id of its transaction'),
    ...unless(HASH.test(hash), 'a body’s hash is 64 hexadecimal digits'),
    ...unless(fault === undefined, `a body that no bank accepts: ${fault}`),
    ...unless(
      fault !== undefined || consortium.participantsOf(body).includes(view.bank),
      'a bank takes part only in what concerns it',
    ),
  ];
}

/** Whose accounts are debited, and by whom. */
function shareBreaches({ body }: CrossBankPrepared, view: LedgerView): readonly string[] {
  const used = new Map<string, bigint>();
  const coordinator = consortium.coordinatorOf(body.id);
  return body.legs.flatMap((leg) => {
    const ownSides = [leg.from, leg.to].filter(({ bank }) => bank === view.bank);
    const owned = ownSides.find(({ account }) => isSystemAccount(account));
    if (owned !== undefined) return [`${owned.account} is moved by its owner’s commands alone`];
    if (leg.from.bank !== view.bank || coordinator === view.bank) return [];
    const consent = leg.consent === null ? undefined : view.consent(leg.consent);
    if (consent?.account !== leg.from.account || consent.bank !== coordinator) {
      return [`${leg.from.account} is debited without a consent`];
    }
    const before = used.get(consent.id) ?? 0n;
    used.set(consent.id, before + leg.amount);
    const left = consentLeft({ ...consent, spent: consent.spent + before });
    return unless(
      leg.amount <= left && consent.revokedAt === null,
      `${leg.from.account} is debited beyond its consent`,
    );
  });
}

/** What it pays for is sold at the price of the moment, and paid for whole by its legs. */
function orderBreaches({ body, order }: CrossBankPrepared, view: LedgerView): readonly string[] {
  if (order === null) return [];
  const isPayment = body.legs.every(
    ({ from, to, asset }) =>
      `${from.bank}/${from.account}` === order.customer &&
      to.bank === view.bank &&
      to.account === order.merchant &&
      asset === order.asset,
  );
  const paid = body.legs.reduce((sum, { amount }) => sum + amount, 0n);
  return [
    ...idBreaches(order.id),
    ...unless(isPayment && paid === order.total, 'the legs are the payment of the order'),
    ...saleBreaches(order, view),
  ];
}

function commitBreaches(
  { id, yes, rebuilt, transfers }: CrossBankCommitted,
  view: LedgerView,
): readonly string[] {
  const durable = view.crossBank(id)?.durable;
  const subject = rebuilt ?? (durable?.is === 'prepared' ? durable : undefined);
  if (subject === undefined) return ['only what was promised is committed'];
  const commit = { is: 'commit', hash: subject.hash, yes } as const;
  return [
    ...idBreaches(...transfers.map((transfer) => transfer.id)),
    ...unless(
      consortium.isComplete(commit, subject.body),
      'a commit has the yes of every participant',
    ),
    ...(rebuilt === null ? [] : bodyBreaches({ id, ...rebuilt }, view)),
  ];
}
