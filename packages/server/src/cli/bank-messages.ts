import process from 'node:process';
import type { ClassicSurface } from '../classic/surfaces.ts';

/** What a bank's process tells the one that started it, and the other way round, over Node's channel. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly url: string;
  readonly classics: readonly ClassicState[];
}

/** `url` is null where the port was taken. */
export interface ClassicState {
  readonly surface: ClassicSurface;
  readonly port: number;
  readonly url: string | null;
}

export interface FailedMessage {
  readonly type: 'failed';
  /** One sentence for a person. */
  readonly message: string;
}

export type BankMessage = ReadyMessage | FailedMessage;

export const stopMessage = { type: 'stop' } as const;

export function isStopMessage(message: unknown): boolean {
  return typeOf(message) === stopMessage.type;
}

export function isBankMessage(message: unknown): message is BankMessage {
  const type = typeOf(message);
  return type === 'ready' || type === 'failed';
}

function typeOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'type' in message
    ? message.type
    : undefined;
}

/** Tells the parent, if there is one that listens. */
export function tellParent(message: BankMessage): void {
  if (process.connected) process.send?.(message);
}
