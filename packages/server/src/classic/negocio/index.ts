export { createNegocio } from './negocio.ts';
