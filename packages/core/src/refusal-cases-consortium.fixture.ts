import { SAFE_MAX } from './bounds.ts';
import type { CrossBankTransaction } from './consortium/cross-bank-transaction.ts';
import { begin, bodyOf, idOf, leg, uuidOf } from './cross-bank.fixture.ts';
import {
  amountRange,
  frozen,
  leased,
  lost,
  mismatch,
  noAccount,
  outOfRange,
  poor,
  shut,
  system,
  taken,
  type Cases,
} from './refusal-case.fixture.ts';
import { BLOCK_TIME } from './town.fixture.ts';

const DAYS_366 = 366 * 24 * 60 * 60 * 1_000;

/** A transaction of one leg that the town coordinates. */
function moving(text: string, asset = 'BRL/2'): { readonly body: CrossBankTransaction } {
  return { body: bodyOf(idOf('town'), leg(text, null, asset)) };
}

export const CONSORTIUM_CASES: Cases<
  'BeginCrossBank' | 'SetExposureLimit' | 'GrantConsent' | 'RevokeConsent'
> = {
  BeginCrossBank: {
    accepted: begin(bodyOf(idOf('town'), 'town/rita beta/zoe 145', 'beta/zoe town/nina 20')),
    faults: [
      lost,
      { change: { body: bodyOf(idOf('town', 99), 'town/ana beta/zoe 1') }, refusal: taken },
      { change: moving('town/ana beta/zoe 1001'), refusal: amountRange },
      { change: moving('town/ghost beta/zoe 1'), refusal: noAccount('ghost') },
      { change: moving('town/cash:BRL beta/zoe 1'), refusal: system('cash:BRL') },
      { change: moving('town/peer:beta:BRL beta/zoe 1'), refusal: system('peer:beta:BRL') },
      { change: moving('beta/zoe town/ghost 1'), refusal: noAccount('ghost') },
      { change: moving('town/ana beta/zoe 1', 'USD/2'), refusal: mismatch },
      { change: moving('town/frozen beta/zoe 1'), refusal: frozen },
      { change: moving('town/shut beta/zoe 1'), refusal: shut },
      { change: moving('town/leased beta/zoe 1'), refusal: leased },
      { change: moving('beta/zoe town/leased 1'), refusal: leased },
      { change: moving('beta/zoe town/full 1'), refusal: outOfRange('full') },
      { change: moving('town/rita beta/zoe 157'), refusal: poor('rita') },
      {
        change: moving('beta/zoe town/nina 21'),
        refusal: { code: 'exposure_exceeded', account: 'peer:beta:BRL' },
      },
      {
        change: moving('town/rita beta/zoe 146'),
        refusal: { code: 'funds_held', account: 'rita' },
      },
      {
        change: { body: bodyOf(`town/${uuidOf(98)}`, 'town/ana beta/zoe 1') },
        refusal: taken,
      },
    ],
  },
  SetExposureLimit: {
    accepted: { type: 'SetExposureLimit', bank: 'beta', asset: 'BRL/2', limit: 10n },
    faults: [
      lost,
      { change: { asset: 'sku:tea/0' }, refusal: { code: 'asset_not_allowed' } },
      { change: { limit: -1n }, refusal: amountRange },
      { change: { limit: SAFE_MAX + 1n }, refusal: amountRange },
      { change: { asset: 'BRL/3' }, refusal: { code: 'asset_scale_conflict' } },
      {
        change: { bank: 'alfa', limit: 4n },
        refusal: { code: 'limit_in_use', account: 'peer:alfa:BRL' },
      },
    ],
  },
  GrantConsent: {
    accepted: {
      type: 'GrantConsent',
      id: 'n',
      account: 'ana',
      bank: 'beta',
      amount: 1n,
      uses: 'total',
      expiresAt: BLOCK_TIME + DAYS_366,
    },
    faults: [
      lost,
      { change: { account: 'cash:BRL' }, refusal: system('cash:BRL') },
      { change: { account: 'ghost' }, refusal: noAccount('ghost') },
      { change: { account: 'shut' }, refusal: shut },
      { change: { amount: 0n }, refusal: amountRange },
      { change: { amount: 1_001n }, refusal: amountRange },
      { change: { expiresAt: BLOCK_TIME }, refusal: { code: 'expiry_out_of_range' } },
      {
        change: { expiresAt: BLOCK_TIME + DAYS_366 + 60_000 },
        refusal: { code: 'expiry_out_of_range' },
      },
      { change: { id: 'consent' }, refusal: taken },
    ],
  },
  RevokeConsent: {
    accepted: { type: 'RevokeConsent', consent: 'consent' },
    faults: [
      lost,
      { change: { consent: 'ghost' }, refusal: { code: 'consent_not_found' } },
      { change: { consent: 'revoked' }, refusal: { code: 'consent_revoked' } },
    ],
  },
};
