export { EmbeddedPostgresError } from './embedded-postgres-error.ts';
export { startEmbeddedPostgres } from './embedded-postgres.ts';
export type { EmbeddedPostgres } from './embedded-postgres.ts';
export { urlOfRunningCluster } from './running-cluster.ts';
