import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';

/** Certificate chain and private key in PEM. */
export interface TlsCredentials {
  readonly cert: string;
  readonly key: string;
}

/** A server that speaks TLS 1.2 or newer; the bounds of its connections are set here. */
export function createTlsServer(
  { cert, key }: TlsCredentials,
  handler: RequestListener,
  bounds: { readonly requestTimeoutMs: number; readonly keepAliveTimeoutMs: number },
): Server {
  const server = createServer({ cert, key, minVersion: 'TLSv1.2' }, handler);
  server.requestTimeout = bounds.requestTimeoutMs;
  server.keepAliveTimeout = bounds.keepAliveTimeoutMs;
  return server;
}
