import type { Fact } from '@lastro/core';
import { idBreaches, sideBreaches, transferBreaches, unless } from './breaches.ts';

type HoldFact = Extract<Fact, { readonly type: `hold.${string}` }>;

/** The rules of holds that a fact breaks; see `factBreaches`. */
export function holdFactBreaches(fact: HoldFact): readonly string[] {
  switch (fact.type) {
    case 'hold.placed':
      return [
        ...idBreaches(fact.id),
        ...unless(fact.transfers.length > 0, 'a hold has at least one transfer'),
        ...fact.transfers.flatMap((leg) => sideBreaches(leg, undefined)),
      ];
    case 'hold.captured':
      return fact.transfers.flatMap((transfer) => transferBreaches(transfer, undefined));
    case 'hold.released':
    case 'hold.expired':
    case 'hold.extended':
      return [];
  }
}
