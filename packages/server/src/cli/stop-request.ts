import process from 'node:process';
import { isStopMessage } from './bank-messages.ts';

const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** A second signal within this time is the same wish told twice (a terminal and a launcher). */
const sameWishMs = 1_000;

/** Tells when this process is asked to stop. */
export interface StopRequest {
  /** Aborted once somebody asked. */
  readonly signal: AbortSignal;
  /** Resolves once somebody asked. */
  readonly asked: Promise<void>;
  dispose(): void;
}

/**
 * Listens for SIGTERM, SIGINT and SIGHUP, and to the parent where there is one: its word, or its end. A second signal
 * more than a second after the first ends this process at once, after `onHurry`.
 */
export function listenForStop(onHurry: () => void = () => {}): StopRequest {
  const abort = new AbortController();
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let askedAt: number | undefined;
  const ask = (): void => {
    askedAt ??= performance.now();
    abort.abort(new Error('asked to stop'));
    resolve();
  };
  const onSignal = (name: (typeof stopSignals)[number]): void => {
    if (askedAt !== undefined && performance.now() - askedAt > sameWishMs) {
      onHurry();
      process.exit(128 + signalNumbers[name]);
    }
    ask();
  };
  const onMessage = (message: unknown): void => {
    if (isStopMessage(message)) ask();
  };
  for (const name of stopSignals) process.on(name, onSignal);
  if (hasParentChannel()) {
    process.on('message', onMessage);
    process.on('disconnect', ask);
    // It may have closed while this program was loading.
    if (!process.connected) ask();
  }
  return {
    signal: abort.signal,
    asked,
    dispose() {
      for (const name of stopSignals) process.off(name, onSignal);
      process.off('message', onMessage);
      process.off('disconnect', ask);
    },
  };
}

/** Whether this process was started with a channel to its parent; also true after it closed. */
function hasParentChannel(): boolean {
  return process.send !== undefined;
}
