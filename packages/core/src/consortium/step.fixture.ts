import type { CrossBankTransaction } from './cross-bank-transaction.ts';
import { isLedgerEffect, type Effect, type LedgerEffect, type Step } from './effect.ts';
import type { HashedBody, Message } from './message.ts';
import type { ProtocolEvent } from './protocol-event.ts';
import type { Standpoint } from './protocol-settings.ts';
import { unknownTransaction, type TransactionState } from './protocol-state.ts';
import { step } from './step.ts';

/** Alfa coordinates; alfa and beta pay gama. Times are small numbers. */
export const ID = 'alfa/00000000-0000-7000-8000-000000000001';
export const HASH = 'hash of the body';
export const DECIDE_BY = 10_000;
export const GRACE_MS = 2_000;

export const BODY: CrossBankTransaction = {
  id: ID,
  legs: ['alfa', 'beta'].map((bank) => ({
    from: { bank, account: 'ana' },
    to: { bank: 'gama', account: 'shop' },
    amount: 5n,
    asset: 'BRL/2',
    consent: null,
  })),
  decideBy: DECIDE_BY,
  generation: 'g1',
};

export const SUBJECT: HashedBody = { body: BODY, hash: HASH };

export const COMMIT = {
  is: 'commit',
  hash: HASH,
  yes: ['alfa', 'beta', 'gama'].map((bank) => ({ bank, signature: `${bank}: yes` })),
} as const;

export const APPLY_COMMIT: Message = { type: 'apply', decision: { ...COMMIT, body: BODY } };
export const APPLY_ABORT: Message = { type: 'apply', decision: { is: 'abort' } };
export const PREPARE: Message = { type: 'prepare', ...SUBJECT };

export function at(bank: string, changes: Partial<Standpoint> = {}): Standpoint {
  return {
    bank,
    settings: {
      decideByAheadMaxMs: 60_000,
      graceMs: GRACE_MS,
      askMs: 500,
      resendMs: 100,
      resendMaxMs: 1_000,
      heldRetryMs: 400,
      removalAfterMs: 1_000_000,
    },
    register: { generation: 'g1', is: 'open' },
    reconciling: false,
    floors: new Map(),
    ...changes,
  };
}

/** One bank's side, as the durable state and the effects of the last event. */
export class Side {
  state: TransactionState = unknownTransaction(ID);
  effects: readonly Effect[] = [];
  readonly here: Standpoint;

  constructor(here: Standpoint) {
    this.here = here;
  }

  /** The event, and then the ledger's verdict if it is asked for one. */
  take(event: ProtocolEvent, ledger: 'held' | 'funds_held' | 'insufficient_funds' = 'held'): this {
    let done: Step = step(this.here, this.state, event);
    const effects = [...done.effects];
    if (effects.some(({ type }) => type === 'hold')) {
      done = step(this.here, done.state, verdict(ledger, event.now));
      effects.push(...done.effects);
    }
    this.state = done.state;
    this.effects = effects;
    return this;
  }

  begin(now = 0, ledger: 'held' | 'funds_held' | 'insufficient_funds' = 'held'): this {
    const signature = `${this.here.bank}: yes`;
    return this.take({ type: 'begin', now, signature, ...SUBJECT }, ledger);
  }

  hear(
    from: string,
    message: Message,
    now = 0,
    ledger: 'held' | 'funds_held' | 'insufficient_funds' = 'held',
  ): this {
    const signature = `${this.here.bank}: yes`;
    return this.take({ type: 'message', now, from, message, signature }, ledger);
  }

  hearYes(from: string, now = 0): this {
    const vote = { is: 'yes', signature: `${from}: yes` } as const;
    return this.hear(from, { type: 'vote', hash: HASH, vote }, now);
  }

  get is(): string {
    return this.state.durable.is;
  }

  get ledger(): readonly LedgerEffect['type'][] {
    return this.effects.filter(isLedgerEffect).map(({ type }) => type);
  }

  /** `prepare to beta`, `alarm other_hash`, … of what leaves the bank; without timers. */
  get said(): readonly string[] {
    return this.effects.flatMap(saidBy);
  }

  get wakesAt(): number | undefined {
    return this.effects.findLast((effect) => effect.type === 'wake')?.at;
  }
}

function saidBy(effect: Effect): readonly string[] {
  switch (effect.type) {
    case 'send':
      return [`${wordOf(effect.message)} to ${effect.to}`];
    case 'register.create':
      return [`create ${effect.decision.is}`];
    case 'register.read':
      return ['read'];
    case 'answer':
      return [`answer ${effect.answer.is}`];
    case 'alarm':
      return [`alarm ${effect.alarm}`];
    case 'hold':
    case 'capture':
    case 'release':
    case 'post':
    case 'wake':
      return [];
  }
}

function wordOf(message: Message): string {
  switch (message.type) {
    case 'vote':
      return message.vote.is === 'yes' ? 'yes' : `no (${message.vote.reason.code})`;
    case 'apply':
      return `apply ${message.decision.is}`;
    case 'prepare':
    case 'acknowledge':
    case 'ask':
    case 'report':
      return message.type;
  }
}

function verdict(ledger: 'held' | 'funds_held' | 'insufficient_funds', now: number): ProtocolEvent {
  switch (ledger) {
    case 'held':
      return { type: 'held', now };
    case 'funds_held':
      return { type: 'not_held', now, refusal: 'funds_held' };
    case 'insufficient_funds':
      return { type: 'not_held', now, refusal: { code: ledger, account: 'ana' } };
  }
}
