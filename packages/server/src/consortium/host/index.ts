export { createHost, type CreatedHost } from './create-host.ts';
export type { HostStatistics } from './host-statistics.ts';
export type { BankHost } from './host.ts';
export { HOST_LIMITS, type HostLimits } from './limits.ts';
