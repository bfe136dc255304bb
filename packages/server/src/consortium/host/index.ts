export { createHost, type CreatedHost, type CreateHostParts } from './create-host.ts';
export type { BankHost } from './host.ts';
export type { HostStatistics } from './host-statistics.ts';
export { HOST_LIMITS, type HostLimits } from './limits.ts';
