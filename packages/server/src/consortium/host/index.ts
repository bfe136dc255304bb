import type { consortium } from '@lastro/core';
import type { CrossBankHost } from '../../http/cross-bank-host.ts';
import type { Nonce } from '../messages/nonces.ts';

export type {
  BankVote,
  BeginAnswer,
  BeginRefusal,
  BeginRequest,
  CrossBankHost,
  CrossBankOrder,
  CrossBankView,
} from '../../http/cross-bank-host.ts';

/** A message and the transaction that it is about. */
export interface Addressed {
  readonly id: string;
  readonly message: consortium.Message;
}

/** The consortium's side of one bank: it drives the protocol, and is what peers call. */
export interface Host extends CrossBankHost {
  /**
   * Handles what a peer certainly said, and gives what answers it; what takes too long is sent later.
   * The nonce rides in the block of the first effect.
   */
  receive(from: string, batch: readonly Addressed[], nonce: Nonce): Promise<readonly Addressed[]>;
  /** Takes up everything unfinished, in slices; resolves when that is under way. */
  start(): Promise<void>;
  /** Before the engine stops: begins nothing, lets go of whoever waits, sends nothing more. */
  stop(): Promise<void>;
}
