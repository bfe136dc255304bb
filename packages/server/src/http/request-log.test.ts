import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApplication, type Application } from './application.ts';

type Line = Readonly<Record<string, unknown>>;

let lines: Line[];
let app: Application;

async function startApplication(level: string): Promise<void> {
  lines = [];
  const log = pino({ level }, { write: (line: string) => lines.push(JSON.parse(line) as Line) });
  const authenticator = { authenticate: () => ({ id: 'tester', scope: 'admin' }) as const };
  app = await createApplication({ log, authenticator, bank: 'test', version: '0' });
  const config = { scope: 'read' } as const;
  app.get('/v1/things/:id', { config }, () => ({ ok: true }));
  app.get('/v1/slow/:id', { config }, () => sleep(1_050, { ok: true }));
  app.get('/v1/broken/:id', { config }, () => {
    throw new Error('it broke');
  });
  await app.ready();
}

const get = (url: string) => app.inject({ url, headers: { authorization: 'Bearer whoever' } });

beforeEach(() => startApplication('debug'));
afterEach(() => app.close());

it('writes one line per request at debug, by the pattern of its route', async () => {
  const { headers } = await get('/v1/things/my-thing?secret=1');
  expect(lines).toEqual([
    expect.objectContaining({
      level: 20,
      method: 'GET',
      route: '/v1/things/:id',
      status: 200,
      requestId: headers['x-request-id'],
      principal: 'tester',
      durationMs: expect.any(Number) as number,
    }),
  ]);
});

it('writes nothing about what went well at info', async () => {
  await app.close();
  await startApplication('info');
  await get('/v1/things/1');
  await get('/v1/nothing');
  expect(lines).toEqual([]);
});

it('writes what failed at error, with the request id that the client got', async () => {
  const answer = await get('/v1/broken/1');
  const { code, requestId } = answer.json<{ code: string; requestId: string }>();
  expect(code).toBe('internal_error');
  expect(answer.headers['x-request-id']).toBe(requestId);
  expect(lines).toEqual([
    expect.objectContaining({ level: 50, requestId, code, status: 500, fault: 'Error: it broke' }),
  ]);
  expect(lines[0]?.['stack']).toMatch(/^\s+at .*request-log\.test\.ts/);
});

it('writes what was slow at warn', async () => {
  await get('/v1/slow/1');
  expect(lines).toEqual([
    expect.objectContaining({ level: 40, msg: 'request was slow', route: '/v1/slow/:id' }),
  ]);
});

it('writes at most twenty failures in a second, and how many it left out', async () => {
  const failures = 100;
  await Promise.all(Array.from({ length: failures }, () => get('/v1/broken/1')));
  expect(lines.length).toBeLessThan(failures);
  let sent = failures;
  const end = performance.now() + 5_000;
  while (!lines.some((line) => 'leftOut' in line) && performance.now() < end) {
    await get('/v1/broken/1');
    sent += 1;
  }
  const leftOut = lines.reduce((sum, line) => sum + Number(line['leftOut'] ?? 0), 0);
  expect(lines.length + leftOut).toBe(sent);
});
