import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROUTES_WITH_BODY } from '../acceptance/every-route.ts';
import { eventually } from '../harness/eventually.ts';
import { dropDatabase } from '../harness/postgres.ts';
import { openAccount } from '../harness/seeding.ts';
import { startRecordingBank, type RecordingBank } from './recording-bank.ts';

const SECRETS = {
  metadata: 'metadata-that-nobody-may-read',
  query: 'query-that-nobody-may-read',
  wrongKey: 'key-that-nobody-may-read',
  scheme: 'scheme-that-nobody-may-read',
  body: 'body-that-nobody-may-read',
} as const;

let bank: RecordingBank;
let newKeyText: string;

beforeAll(async () => {
  bank = await startRecordingBank();
});
afterAll(() => bank.stop());

/** Every request whose answer could tempt a log to quote what was sent. */
async function sendSecrets(): Promise<void> {
  const { call } = bank;
  const metadata = { note: SECRETS.metadata };
  const transfer = { from: 'alice', to: 'bob', amount: 5, metadata };
  await call('POST', '/v1/transfers', transfer);
  await call('POST', '/v1/transfers', { ...transfer, amount: 10_000_000 });
  await call('POST', '/v1/transfers/batch', { transfers: [transfer] });
  await call('POST', '/v1/transfers', { ...transfer, [SECRETS.body]: SECRETS.body });
  await call('GET', `/v1/transfers?account=${SECRETS.query}`);
  await call('GET', `/v1/transfers?cursor=${SECRETS.query}&x=${SECRETS.query}`);
  await call('GET', `/v1/reports/orders?from=${SECRETS.query}`);
  await call('GET', `/v1/nothing/${SECRETS.query}?key=${SECRETS.query}`);
  await call('GET', `/%zz/${SECRETS.query}`);
  await call('GET', '/v1/accounts', undefined, { key: SECRETS.wrongKey });
  await call('GET', '/v1/accounts', undefined, { headers: { cookie: SECRETS.body } });
  for (const { method, path } of ROUTES_WITH_BODY) {
    await call(method, path, undefined, {
      raw: `{"x": ${SECRETS.body}`,
      headers: { 'content-type': 'application/json' },
    });
    await call(method, path, undefined, {
      raw: SECRETS.body,
      headers: { 'content-type': `text/${SECRETS.scheme}` },
    });
  }
  const created = await call<{ key: string }>('POST', '/v1/api-keys', { name: 'x', scope: 'read' });
  newKeyText = created.body.key;
  await call('GET', '/v1/accounts', undefined, { key: newKeyText });
}

it('logs nothing secret, however a request ends', async () => {
  await openAccount(bank, 'alice', 500);
  await openAccount(bank, 'bob');
  await sendSecrets();
  // The database goes: what fails now is logged with its fault.
  await dropDatabase(bank.databaseUrl);
  await sendSecretsIntoTheVoid();
  const failure = await eventually('a failed request is logged', () =>
    bank.lines.find((line) => line.includes('"request failed"') && line.includes('fault')),
  );
  expect(JSON.parse(failure)).toMatchObject({ status: 503, code: 'database_unavailable' });
  expect(bank.lines.length).toBeGreaterThan(20);

  const logged = bank.lines.join('');
  expect(logged).toContain('/v1/transfers');
  const { password, search, pathname } = new URL(bank.databaseUrl);
  const forbidden = [
    bank.adminKey,
    newKeyText,
    bank.databaseUrl,
    ...(password === '' ? [] : [password]),
    ...(search === '' ? [] : [search]),
    ...Object.values(SECRETS),
    'authorization',
    'Bearer',
    '"err":',
    '"body":',
    '"headers":',
  ];
  expect(pathname).toMatch(/^\/test_/);
  for (const secret of forbidden) {
    expect(logged.toLowerCase(), secret).not.toContain(secret.toLowerCase());
  }
});

async function sendSecretsIntoTheVoid(): Promise<void> {
  const metadata = { note: SECRETS.metadata };
  await bank.call('GET', `/v1/transfers?account=${SECRETS.query}`);
  await bank.call('GET', '/v1/accounts', undefined, { key: SECRETS.wrongKey });
  await bank.call('POST', '/v1/transfers', { from: 'alice', to: 'bob', amount: 5, metadata });
}

it('gives every answer the id that its lines in the log carry', async () => {
  const answers = [
    await bank.call('GET', '/livez'),
    await bank.call('GET', '/v1/nothing'),
    await bank.call('GET', '/v1/accounts', undefined, { key: null }),
    await bank.call('GET', '/v1/accounts?limit=x'),
    await bank.call('GET', '/v1/transfers'),
  ];
  const ids = answers.map(({ headers }) => String(headers['x-request-id']));
  expect(new Set(ids).size).toBe(answers.length);
  for (const [place, { status, body, headers }] of answers.entries()) {
    expect(headers['x-content-type-options']).toBe('nosniff');
    if (status >= 400) expect(body['requestId']).toBe(ids[place]);
    await eventually('its line is logged', () =>
      bank.lines.some((line) => line.includes(`"requestId":"${ids[place]}"`)),
    );
  }
  const malformed = await bank.call('GET', '/%zz');
  expect(malformed.body['requestId']).toBe(malformed.headers['x-request-id']);
});

it('logs the alarms of the engine at error, and counts them', async () => {
  await eventually('an alarm is logged', () =>
    bank.lines.some((line) => line.includes('"alarm":') && line.includes('"level":50')),
  );
  const { text } = await bank.call('GET', '/metrics');
  expect(Number(/^lastro_alarms_total (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
});
