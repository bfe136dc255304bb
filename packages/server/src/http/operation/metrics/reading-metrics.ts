import { Counter, Gauge, type Registry } from 'prom-client';
import type { Reading } from '../../readings.ts';

/** Registers what other parts of the server count; it is read when somebody scrapes. */
export function registerReadings(registry: Registry, readings: readonly Reading[]): void {
  for (const { name, help, kind, read } of readings) {
    switch (kind) {
      case 'counter':
        registerCounter(registry, name, help, read);
        break;
      case 'gauge':
        registerGauge(registry, name, help, read);
        break;
    }
  }
}

function registerCounter(registry: Registry, name: string, help: string, read: () => number): void {
  const counter = new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      counter.reset();
      counter.inc(read());
    },
  });
}

function registerGauge(registry: Registry, name: string, help: string, read: () => number): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      gauge.set(read());
    },
  });
}
