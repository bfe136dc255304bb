import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isBankMessage, stopMessage, type ReadyMessage } from './bank-messages.ts';
import { CliError, exitCode } from './exit-code.ts';
import { SERVER_NODE_FLAGS } from './heap-growth.ts';
import type { Texts } from './texts.ts';

/** How a bank's process is started, and again when it dies. */
export interface BankProcessOptions {
  readonly bank: string;
  /** After `lastro serve`; no secrets. */
  readonly args: readonly string[];
  /** The whole environment; secrets go here. */
  readonly env: NodeJS.ProcessEnv;
  /** Takes what the process writes; begun anew past 10 MiB. */
  readonly logFile: string;
  readonly texts: Texts;
}

const logBytesMax = 10 * 1024 * 1024;
/** Three that start at once on a busy machine with two cores were seen to take 28 s. */
const readyTimeoutMs = 120_000;
/** The bank drains up to 10 s. */
const stopTimeoutMs = 20_000;

/** One run of `lastro serve` as a child of ours. It stops by itself when we are gone. */
export interface BankProcess {
  readonly ready: ReadyMessage;
  /** How it ended: `exit code 1` or `signal SIGKILL`. Never rejects. */
  readonly ended: Promise<string>;
  /** Asks it to drain and stop; kills it after 20 s. */
  stop(): Promise<void>;
  kill(): void;
}

/**
 * Starts a bank and waits until it is ready, 120 s at most. Rejects with `CliError`, or with the signal's reason; the
 * process has ended then.
 */
export async function startBankProcess(
  options: BankProcessOptions,
  signal: AbortSignal,
): Promise<BankProcess> {
  signal.throwIfAborted();
  const child = spawnBank(options);
  const ended = endOf(child);
  try {
    const ready = await readyOf(child, ended, options, signal);
    return { ready, ended, stop: () => stopChild(child, ended), kill: () => child.kill('SIGKILL') };
  } catch (error) {
    child.kill('SIGKILL');
    await ended;
    throw error;
  }
}

function spawnBank({ args, env, logFile }: BankProcessOptions): ChildProcess {
  const launcher = fileURLToPath(new URL('../../bin/lastro.mjs', import.meta.url));
  const log = openLog(logFile);
  try {
    return spawn(process.execPath, [...SERVER_NODE_FLAGS, launcher, 'serve', ...args], {
      env,
      stdio: ['ignore', log, log, 'ipc'],
      // Out of the terminal's process group: Ctrl-C comes to us, and we end things in order.
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logBytesMax) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
  });
}

async function readyOf(
  child: ChildProcess,
  ended: Promise<string>,
  { bank, logFile, texts }: BankProcessOptions,
  signal: AbortSignal,
): Promise<ReadyMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<ReadyMessage>();
  const fail = (sentence: string): void => reject(new CliError(exitCode.failed, sentence));
  const onAbort = (): void => reject(new Error('asked to stop'));
  const timer = setTimeout(() => fail(texts.bankTooSlow(bank, logFile)), readyTimeoutMs);
  child.on('message', (message) => {
    if (!isBankMessage(message)) return;
    if (message.type === 'ready') resolve(message);
    else fail(message.message);
  });
  const silentEnd = async (): Promise<void> => fail(texts.bankEnded(bank, await ended, logFile));
  // Messages sent before the end arrive before it is told.
  child.once('close', () => {
    silentEnd().catch(reject);
  });
  child.once('error', (error) => fail(texts.unexpected(error.message)));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.connected) child.send(stopMessage, () => {});
  else child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}
