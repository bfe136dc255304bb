export { createContas, type ContasConsortium } from './contas.ts';
export type { ContasPeer } from './servers.ts';
