import { SAFE_MAX } from './bounds.ts';
import { changed } from './furnished-town.fixture.ts';
import type { Refusal } from './refusal.ts';
import {
  amountRange,
  frozen,
  leased,
  lost,
  metadata,
  noAccount,
  shut,
  system,
  type Cases,
} from './refusal-case.fixture.ts';

const inUse = (account: string): Refusal => ({ code: 'limit_in_use', account });
const noLease: Refusal = { code: 'lease_not_found' };
const reason = null;

type AccountCommand =
  | 'OpenAccount'
  | 'ChangeAccount'
  | 'FreezeAccount'
  | 'UnfreezeAccount'
  | 'CloseAccount'
  | 'ReopenAccount';

export const ACCOUNT_CASES: Cases<AccountCommand> = {
  OpenAccount: {
    accepted: {
      type: 'OpenAccount',
      account: 'new',
      asset: 'BRL/2',
      creditLimit: 0n,
      maximumBalance: null,
      metadata,
    },
    faults: [
      lost,
      { change: { account: 'cash:EUR' }, refusal: system('cash:EUR') },
      { change: { account: 'peer:beta:BRL' }, refusal: system('peer:beta:BRL') },
      { change: { asset: 'sku:tea/0' }, refusal: { code: 'asset_not_allowed' } },
      { change: { asset: 'brl/2' }, refusal: { code: 'asset_not_allowed' } },
      { change: { asset: 'BRL/19' }, refusal: { code: 'asset_not_allowed' } },
      { change: { creditLimit: -1n }, refusal: amountRange },
      { change: { creditLimit: SAFE_MAX + 1n }, refusal: amountRange },
      { change: { maximumBalance: -1n }, refusal: amountRange },
      { change: { maximumBalance: SAFE_MAX + 1n }, refusal: amountRange },
      { change: { account: 'ana' }, refusal: { code: 'account_exists', account: 'ana' } },
      { change: { asset: 'BRL/3' }, refusal: { code: 'asset_scale_conflict' } },
    ],
  },
  ChangeAccount: {
    accepted: changed('rita', { creditLimit: { to: 10n }, maximumBalance: { to: 1_000n } }),
    faults: [
      lost,
      { change: { account: 'cash:BRL' }, refusal: system('cash:BRL') },
      { change: { account: 'ghost' }, refusal: noAccount('ghost') },
      { change: { version: 1 }, refusal: { code: 'version_conflict' } },
      { change: { account: 'shut' }, refusal: shut },
      { change: { creditLimit: { to: -1n } }, refusal: amountRange },
      { change: { creditLimit: { to: SAFE_MAX + 1n } }, refusal: amountRange },
      { change: { maximumBalance: { to: -1n } }, refusal: amountRange },
      { change: { maximumBalance: { to: SAFE_MAX + 1n } }, refusal: amountRange },
      { change: { account: 'rita', maximumBalance: { to: 10n } }, refusal: inUse('rita') },
      { change: { creditLimit: { to: SAFE_MAX } }, refusal: inUse('rita') },
      { change: { account: 'owing', creditLimit: { to: 9n } }, refusal: inUse('owing') },
    ],
  },
  FreezeAccount: {
    accepted: { type: 'FreezeAccount', account: 'rita', reason },
    faults: [
      lost,
      { change: { account: 'sold:tea' }, refusal: system('sold:tea') },
      { change: { account: 'ghost' }, refusal: noAccount('ghost') },
      { change: { account: 'frozen' }, refusal: frozen },
      { change: { account: 'shut' }, refusal: shut },
    ],
  },
  UnfreezeAccount: {
    accepted: { type: 'UnfreezeAccount', account: 'frozen', reason },
    faults: [
      lost,
      { change: { account: 'sold:tea' }, refusal: system('sold:tea') },
      { change: { account: 'ghost' }, refusal: noAccount('ghost') },
      { change: { account: 'ana' }, refusal: { code: 'account_not_frozen', account: 'ana' } },
      { change: { account: 'shut' }, refusal: { code: 'account_not_frozen', account: 'shut' } },
    ],
  },
  CloseAccount: {
    accepted: { type: 'CloseAccount', account: 'mill', reason },
    faults: [
      lost,
      { change: { account: 'sold:tea' }, refusal: system('sold:tea') },
      { change: { account: 'ghost' }, refusal: noAccount('ghost') },
      { change: { account: 'shut' }, refusal: shut },
      { change: { account: 'ana' }, refusal: { code: 'account_not_empty', account: 'ana' } },
      { change: { account: 'owing' }, refusal: { code: 'account_not_empty', account: 'owing' } },
      {
        change: { account: 'promised' },
        refusal: { code: 'account_not_empty', account: 'promised' },
      },
    ],
  },
  ReopenAccount: {
    accepted: { type: 'ReopenAccount', account: 'shut', reason },
    faults: [
      lost,
      { change: { account: 'sold:tea' }, refusal: system('sold:tea') },
      { change: { account: 'ghost' }, refusal: noAccount('ghost') },
      { change: { account: 'ana' }, refusal: { code: 'account_not_closed', account: 'ana' } },
      { change: { account: 'frozen' }, refusal: { code: 'account_not_closed', account: 'frozen' } },
    ],
  },
};

export const LEASE_CASES: Cases<'RequestLease' | 'RenewLease' | 'ReleaseLease'> = {
  RequestLease: {
    accepted: { type: 'RequestLease', id: 'n', account: 'rita', owner: 'robot', ttl: 30, wait: 0 },
    faults: [
      lost,
      { change: { account: 'stock:tea' }, refusal: system('stock:tea') },
      { change: { account: 'ghost' }, refusal: noAccount('ghost') },
      { change: { account: 'crowded' }, refusal: { code: 'lease_queue_full', account: 'crowded' } },
      { change: { account: 'leased' }, refusal: leased },
    ],
  },
  RenewLease: {
    accepted: { type: 'RenewLease', account: 'leased', lease: 'lease', ttl: 30 },
    faults: [
      lost,
      { change: { account: 'ghost' }, refusal: noLease },
      { change: { account: 'cash:BRL' }, refusal: noLease },
      { change: { account: 'ana' }, refusal: noLease },
      { change: { lease: 'ghost' }, refusal: noLease },
      { change: { lease: 'waiting' }, refusal: noLease },
      { change: { account: 'idle', lease: 'over' }, refusal: noLease },
    ],
  },
  ReleaseLease: {
    accepted: { type: 'ReleaseLease', account: 'leased', lease: 'lease' },
    faults: [
      lost,
      { change: { account: 'ghost' }, refusal: noLease },
      { change: { account: 'cash:BRL' }, refusal: noLease },
      { change: { account: 'ana' }, refusal: noLease },
      { change: { lease: 'ghost' }, refusal: noLease },
      { change: { account: 'idle', lease: 'over' }, refusal: noLease },
    ],
  },
};
