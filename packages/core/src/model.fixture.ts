import type { Command, Envelope, TransferRequest } from './command.ts';
import * as accounts from './model-accounts.fixture.ts';
import { changeGood, createGood, order, restock } from './model-goods.fixture.ts';
import { givesTakenId, placesOf } from './model-names.fixture.ts';
import * as promises from './model-promises.fixture.ts';
import * as turns from './model-turns.fixture.ts';
import { codeOf, Pages, type Moment } from './notebook.fixture.ts';
import type { Refusal } from './refusal.ts';

export type { Move } from './notebook.fixture.ts';

// The rules once more, slow and obvious: a notebook of what happened, in which every question is
// answered by reading all of it. It shares nothing with `decide` and `apply` but the types of what
// is asked and refused. When the two differ, read DESIGN sections 2, 4 and 5 to see who is right.

interface Settled {
  readonly who: string;
  readonly id: string;
  readonly body: string;
}

export type Answer =
  | { readonly is: 'done' }
  | { readonly is: 'refused'; readonly because: Refusal }
  /** Settled before, as the command of this number, counted from 0. */
  | { readonly is: 'repeated'; readonly number: number }
  | { readonly is: 'reused' };

export class Notebook {
  readonly pages: Pages;
  readonly settled: Settled[] = [];

  constructor(amountMax: bigint) {
    this.pages = new Pages(amountMax);
  }

  answer(envelope: Envelope, moment: Moment): Answer {
    const { principal, id, hash, command } = envelope;
    const { pages } = this;
    const number = this.settled.findIndex((one) => one.who === principal && one.id === id);
    const earlier = this.settled[number];
    if (earlier !== undefined) {
      return earlier.body === hash ? { is: 'repeated', number } : { is: 'reused' };
    }
    this.settled.push({ who: principal, id, body: hash });
    pages.moment = moment;
    pages.tokens = envelope.leaseTokens;
    const unwrite = pages.keep();
    const isTaken = givesTakenId(pages, command);
    const because =
      this.lost(envelope) ??
      this.carryOut(command) ??
      (isTaken ? { code: 'id_taken' as const } : undefined);
    if (because === undefined) return { is: 'done' };
    unwrite();
    const isOrder = command.type === 'PlaceOrder' && because.code !== 'id_taken';
    if (isOrder && !pages.groupTaken(command.id)) {
      pages.groups.push(command.id);
      pages.purchases.push({ id: command.id, refused: true, paid: 0n });
    }
    return { is: 'refused', because };
  }

  /** A command that broke something: it has its answer and no effect. */
  give({ principal, id, hash }: Envelope): void {
    this.settled.push({ who: principal, id, body: hash });
  }

  /** What the bank does by itself, each under a number of its own from that of this moment on. */
  sweep(moment: Moment): readonly string[] {
    this.pages.moment = moment;
    const expired = promises.expire(this.pages);
    this.pages.moment = { ...moment, seq: moment.seq + expired.length };
    const called = turns.callAll(this.pages);
    return [...expired.map((id) => `expired ${id}`), ...called.map((name) => `passed ${name}`)];
  }

  /** Ends this promise; whether its time was over. */
  expire(hold: string, moment: Moment): boolean {
    this.pages.moment = moment;
    return promises.expire(this.pages, hold).length > 0;
  }

  /** Calls the next for this account; the turn that came, or undefined where nobody's could. */
  pass(account: string, moment: Moment): string | undefined {
    this.pages.moment = moment;
    return turns.call(this.pages, account) ? this.pages.turn(account)?.id : undefined;
  }

  /** Who writes under a lease must have it, on a place that the command is about. */
  private lost({ command, leaseTokens }: Envelope): Refusal | undefined {
    const held = placesOf(this.pages, command).map((name) => this.pages.turn(name)?.token);
    return leaseTokens.every((token) => held.includes(token)) ? undefined : { code: 'lease_lost' };
  }

  private carryOut(command: Command): Refusal | undefined {
    const { pages } = this;
    switch (command.type) {
      case 'OpenAccount':
        return accounts.open(pages, command);
      case 'ChangeAccount':
        return accounts.change(pages, command);
      case 'FreezeAccount':
      case 'UnfreezeAccount':
      case 'CloseAccount':
      case 'ReopenAccount':
        return accounts.changeState(pages, command);
      case 'PostTransfer':
        return this.transfer(command, null);
      case 'Deposit':
      case 'Withdraw':
        return this.overTheCounter(command);
      case 'PostTransaction': {
        for (const one of command.transfers) {
          const because = this.transfer(one, command.id);
          if (because) return because;
        }
        pages.groups.push(command.id);
        return undefined;
      }
      case 'PlaceHold':
        return promises.promise(pages, command);
      case 'CaptureHold':
        return promises.capture(pages, command);
      case 'ReleaseHold':
        return promises.release(pages, command.hold);
      case 'ExtendHold':
        return promises.extend(pages, command);
      case 'ReverseTransfer':
        return promises.takeBack(pages, command);
      case 'ReverseTransaction':
        return promises.takeAllBack(pages, command);
      case 'CancelOrder':
        return promises.takeOrderBack(pages, command);
      case 'CreateProduct':
        return createGood(pages, command);
      case 'ChangeProduct':
        return changeGood(pages, command);
      case 'ReceiveGoods':
      case 'AdjustGoods':
        return restock(pages, command);
      case 'PlaceOrder':
        return order(pages, command);
      case 'RequestLease':
        return turns.askForTurn(pages, command);
      case 'RenewLease':
        return turns.renewTurn(pages, command);
      case 'ReleaseLease':
        return turns.giveTurnBack(pages, command);
      case 'BeginCrossBank':
      case 'SetExposureLimit':
      case 'GrantConsent':
      case 'RevokeConsent':
        throw new Error('the model is of one bank');
    }
  }

  private transfer(asked: TransferRequest, group: string | null): Refusal | undefined {
    const { id, from, to, amount, condition } = asked;
    return (
      this.pages.unusable(from) ??
      this.pages.unusable(to) ??
      this.pages.badAmount(asked) ??
      this.pages.move({ id, from, to, amount, group }, condition)
    );
  }

  private overTheCounter(
    command: Extract<Command, { type: 'Deposit' | 'Withdraw' }>,
  ): Refusal | undefined {
    const { pages } = this;
    const { id, account, amount } = command;
    const because = pages.unusable(account) ?? pages.badAmount(command);
    if (because) return because;
    const till = `cash:${codeOf(pages.opening(account)?.unit ?? '')}`;
    return command.type === 'Deposit'
      ? pages.move({ id, from: till, to: account, amount, group: null })
      : pages.move({ id, from: account, to: till, amount, group: null });
  }
}
