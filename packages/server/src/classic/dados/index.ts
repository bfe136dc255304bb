export { createDados } from './dados.ts';
export { DEFAULT_TOKENS } from './tokens.ts';
