import type { FastifyInstance } from 'fastify';

/** Why a server can't listen: one sentence that a person can act on. */
export class ListenError extends Error {
  readonly code: 'port_taken' | 'host_unavailable';

  constructor(code: 'port_taken' | 'host_unavailable', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ListenError';
    this.code = code;
  }
}

/** Resolves to where it is found; port 0 takes any free one. Rejects with `ListenError`. */
export async function listen(
  app: Pick<FastifyInstance, 'listen' | 'addresses'>,
  host: string,
  port: number,
  scheme: 'http' | 'https' = 'http',
): Promise<string> {
  try {
    // The listener itself doesn't know what it speaks.
    const listenTextResolver = (address: string) =>
      `Server listening at ${address.replace(/^http:/, `${scheme}:`)}`;
    await app.listen({ host, port, listenTextResolver });
    const [address] = app.addresses();
    return urlOf(scheme, host, typeof address === 'object' ? address.port : port);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      const message = `Port ${port} on ${host} is taken: stop what uses it or choose another with --port.`;
      throw new ListenError('port_taken', message, { cause: error });
    }
    const message = `Can't listen on ${host}:${port}: ${String(error)}`;
    throw new ListenError('host_unavailable', message, { cause: error });
  }
}

/** Where a server that listens there is found. */
export function urlOf(scheme: 'http' | 'https', host: string, port: number): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
