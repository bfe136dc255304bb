export { startFeed, type Feed, type FeedOptions } from './feed.ts';
export { createPedidos, type Pedidos, type PedidosParts } from './pedidos.ts';
