import { Counter, type Registry } from 'prom-client';
import { DURATION_BOUNDS_SECONDS, type RouteTraffic, type Traffic } from '../../traffic.ts';
import type { HistogramFamily } from './exposition.ts';

/** Registers what was asked of every route; it is read when somebody scrapes. */
export function registerHttpMetrics(registry: Registry, traffic: Traffic): void {
  const requests = new Counter({
    name: 'lastro_http_requests_total',
    help: 'Answers by method, route pattern and class of status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
    collect() {
      requests.reset();
      for (const { method, route, byClass } of traffic.all()) {
        for (const [place, count] of byClass.entries()) {
          if (count > 0) requests.inc({ method, route, status: `${place}xx` }, count);
        }
      }
    },
  });
}

/** How long the answers of every route took that was asked at all. */
export function httpDurations(traffic: Traffic): HistogramFamily {
  return {
    name: 'lastro_http_request_duration_seconds',
    help: 'From the headers of the request until the answer was handed over.',
    bounds: DURATION_BOUNDS_SECONDS,
    series: traffic
      .all()
      .map(seriesOf)
      .filter(({ count }) => count > 0),
  };
}

function seriesOf({ method, route, byDuration, totalMs }: RouteTraffic) {
  let count = 0;
  const counts = Array.from(byDuration, (within) => (count += within));
  return { labels: { method, route }, counts: counts.slice(0, -1), count, sum: totalMs / 1_000 };
}
