export { startFeed } from './feed.ts';
export { createPedidos } from './pedidos.ts';
