import type { Application } from '../../packages/server/src/http/application.ts';

/** Listens on a free port of 127.0.0.1 and gives it. */
export async function listenLocally(app: Application): Promise<number> {
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return Number(new URL(url).port);
}
