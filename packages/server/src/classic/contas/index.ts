export { createContas } from './contas.ts';
export type { ContasPeer } from './servers.ts';
