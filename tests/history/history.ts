import type { EventAnswer } from '@lastro/contract';
import type { Block } from '@lastro/core';
import type { Request } from './request.ts';

/** What a client got back. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Whether it says of itself that it was given before. */
  readonly isReplayed: boolean;
  readonly etag: string | null;
}

/** One request and what became of it. Times are milliseconds of one monotonic clock. */
export interface Invocation {
  readonly number: number;
  readonly principal: string;
  readonly request: Request;
  /** Of the leases under which it was sent. */
  readonly tokens: readonly number[];
  readonly start: number;
  readonly end: number;
  /** Null: the connection was cut or the time was up; it may have had its effect or not. */
  readonly answer: Answer | null;
}

/** All that was sent and answered, and the bank's own order as it stands when all is quiet. */
export interface History {
  readonly seed: number;
  readonly invocations: readonly Invocation[];
  /** Every page of `GET /v1/events`. */
  readonly events: readonly EventAnswer[];
  /** Every block of `GET /v1/journal/blocks/:block`, which say whose command an event settled. */
  readonly blocks: readonly Block[];
}
