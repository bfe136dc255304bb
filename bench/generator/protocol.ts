import type { Traffic } from './traffic.ts';

/** One run of the load generator: warm-up, window, drain; or a fixed number of requests. */
export interface LoadRun {
  /** Connections are spread over them evenly. */
  readonly targets: readonly Target[];
  readonly traffic: Traffic;
  readonly connections: number;
  /** Requests under way at once, over all connections. */
  readonly inFlightMax: number;
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** Open loop: requests are due at this rate, whatever becomes of those before. null: closed loop. */
  readonly ratePerSecond: number | null;
  /** Ends the window after so many requests instead of after its time. */
  readonly requestsMax: number | null;
}

export interface Target {
  readonly host: string;
  readonly port: number;
  /** API key that it knows. */
  readonly key: string;
}

export interface LoadResult {
  /** Of the whole run: warm-up, window and drain. To be found in the ledger again. */
  readonly effects: number;
  /** Of the whole run, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Effects answered within the window, and how long it was. */
  readonly windowEffects: number;
  readonly windowMs: number;
  /** Latencies of the window's requests: the buckets of `LatencyHistogram`. */
  readonly latencies: readonly number[];
  /** The same of an open loop, by when the requests were due. */
  readonly slices: readonly Slice[];
}

export const SLICE_MS = 100;

/** The requests that were due within `SLICE_MS`. */
export interface Slice {
  /** Milliseconds since 1970. */
  readonly from: number;
  /** The buckets of `LatencyHistogram`. */
  readonly counts: readonly number[];
}

export type GeneratorCommand =
  | { readonly kind: 'run'; readonly run: LoadRun }
  | { readonly kind: 'stop' };

export type GeneratorReport =
  | { readonly kind: 'ready' }
  /** The measured window begins or ends now: the moment to read what processes have used. */
  | { readonly kind: 'opened' | 'closed' }
  | { readonly kind: 'done'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly message: string };

export function isGeneratorCommand(message: unknown): message is GeneratorCommand {
  return isKind(message, ['run', 'stop']);
}

export function isGeneratorReport(message: unknown): message is GeneratorReport {
  return isKind(message, ['ready', 'opened', 'closed', 'done', 'failed']);
}

function isKind(message: unknown, kinds: readonly string[]): boolean {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  return typeof message.kind === 'string' && kinds.includes(message.kind);
}
