import type { Registry } from 'prom-client';
import type { Engine } from '../../engine/engine.ts';
import type { Reads } from '../../store/reads.ts';
import type { Application } from '../application.ts';
import { registerErrorsPage } from './errors-page.ts';
import { registerExplorer } from './explorer.ts';
import { registerFrontPage } from './front-page.ts';
import { registerMetrics } from './metrics/metrics-route.ts';
import { registerProbes } from './probes.ts';
import { registerStatus } from './status.ts';

export interface OperationParts {
  readonly engine: Pick<
    Engine,
    'head' | 'isWriting' | 'pendingCount' | 'queueLength' | 'statistics'
  >;
  readonly reads: Reads;
  readonly bank: string;
  readonly version: string;
  /** Registers what is counted outside engine and HTTP. */
  readonly registerMetrics?: (registry: Registry) => void;
}

/** What operators and people look at: probes, status, metrics, the explorer and the pages. */
export function registerOperation(app: Application, parts: OperationParts): void {
  registerProbes(app, parts);
  registerStatus(app, parts);
  registerMetrics(app, parts);
  registerFrontPage(app, parts);
  registerErrorsPage(app);
  registerExplorer(app, parts);
}
