export { createNegocio, openBusinessLog } from './negocio.ts';
