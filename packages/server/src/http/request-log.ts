import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { faultWithoutValues } from './request-fault.ts';
import type { RouteTraffic } from './traffic.ts';

/** A request that took longer is worth a look. */
const SLOW_MS = 1_000;

/** Lines about failed and slow requests in one second: a bank in trouble must not drown in its log. */
const LINES_PER_SECOND_MAX = 20;

/**
 * One line per request at debug, slow ones at warn, failed ones at error. Nothing that a client sent
 * is in a line but the method: no header, no body, no path or query, only the route's pattern.
 */
export class RequestLog {
  readonly #log: Logger;
  #windowEndsAt = 0;
  #lines = 0;
  #leftOut = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** `nowMs`: `performance.now()`. */
  record(
    request: FastifyRequest,
    reply: FastifyReply,
    { method, route }: RouteTraffic,
    nowMs: number,
  ): void {
    const { statusCode: status, elapsedTime } = reply;
    const isFailure = status >= 500;
    const isSlow = elapsedTime > SLOW_MS;
    if (!isFailure && !isSlow) {
      if (!this.#log.isLevelEnabled('debug')) return;
      this.#log.debug(lineOf(request, method, route, status, elapsedTime), 'request');
      return;
    }
    if (!this.#mayWrite(nowMs)) return;
    const line = {
      ...lineOf(request, method, route, status, elapsedTime),
      ...(request.fault === undefined ? {} : faultWithoutValues(request.fault)),
      ...this.#takeLeftOut(),
    };
    if (isFailure) this.#log.error(line, 'request failed');
    else this.#log.warn(line, 'request was slow');
  }

  #mayWrite(nowMs: number): boolean {
    if (nowMs >= this.#windowEndsAt) {
      this.#windowEndsAt = nowMs + 1_000;
      this.#lines = 0;
    }
    this.#lines += 1;
    if (this.#lines <= LINES_PER_SECOND_MAX) return true;
    this.#leftOut += 1;
    return false;
  }

  /** How many lines went unwritten before this one. */
  #takeLeftOut(): { readonly leftOut?: number } {
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return leftOut === 0 ? {} : { leftOut };
  }
}

function lineOf(
  request: FastifyRequest,
  method: string,
  route: string,
  status: number,
  elapsedTime: number,
) {
  const durationMs = Math.round(elapsedTime * 1_000) / 1_000;
  const { id: requestId, problem, principal } = request;
  return {
    requestId,
    method,
    route,
    status,
    durationMs,
    ...(problem === undefined ? {} : { code: problem }),
    ...(principal.id === '' ? {} : { principal: principal.id }),
  };
}
