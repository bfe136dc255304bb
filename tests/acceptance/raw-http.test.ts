import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { checkBooks, headSeqOf } from '../harness/books.ts';
import type { AnyBody } from '../harness/http-caller.ts';
import { openAccount } from '../harness/seeding.ts';
import { faultOfProblem } from './problem-document.ts';

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess();
  await openAccount(bank, 'a', 1_000);
  await openAccount(bank, 'b');
  return () => bank.stop();
});

/** Sends bytes as they are; everything that the bank says until it closes. */
async function exchange(...parts: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(bank.url);
  const socket = connect(Number(port), hostname);
  // The bank may close while we still send: what it said before counts.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const answer = text(socket);
  for (const part of parts) socket.write(part);
  return answer;
}

/** The same, when it is one answer. */
async function speak(...parts: readonly string[]) {
  const whole = await exchange(...parts);
  const [head = '', ...rest] = whole.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.split(':')[0]?.toLowerCase() ?? '',
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const body = rest.join('\r\n\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    text: body,
    body: JSON.parse(body === '' ? 'null' : body) as AnyBody,
  };
}

const transfer = '{"from":"a","to":"b","amount":1}';

function request(lines: readonly string[], body = ''): string {
  return [...lines, '', body].join('\r\n');
}

const post = () => [
  'POST /v1/transfers HTTP/1.1',
  'Host: bank',
  `Authorization: Bearer ${bank.adminKey}`,
  'Connection: close',
  'Content-Type: application/json',
];

const cases: readonly [string, () => string, number, string][] = [
  ['no HTTP at all', () => 'hello\r\n\r\n', 400, 'invalid_request'],
  [
    'an unknown method',
    () => request(['BREW /v1/transfers HTTP/1.1', 'Host: bank']),
    400,
    'invalid_request',
  ],
  ['a TLS greeting', () => '\u0016\u0003\u0001\u0002\u0000\u0001', 400, 'invalid_request'],
  [
    'huge headers',
    () => request([...post(), `X-Filler: ${'x'.repeat(100_000)}`]),
    431,
    'headers_too_large',
  ],
  [
    'a huge URL',
    () => request([`GET /v1/accounts?cursor=${'x'.repeat(100_000)} HTTP/1.1`, 'Host: bank']),
    431,
    'headers_too_large',
  ],
  [
    'thousands of headers',
    () =>
      request([...post(), ...Array.from({ length: 5_000 }, (_, index) => `x-${index}: ${index}`)]),
    431,
    'headers_too_large',
  ],
  [
    'two lengths',
    () => request([...post(), 'Content-Length: 5', 'Content-Length: 32'], transfer),
    400,
    'invalid_request',
  ],
  [
    'length and chunks',
    () => request([...post(), 'Content-Length: 32', 'Transfer-Encoding: chunked'], transfer),
    400,
    'invalid_request',
  ],
  [
    'a length that is no number',
    () => request([...post(), 'Content-Length: -1'], transfer),
    400,
    'invalid_request',
  ],
  [
    'a chunk that is none',
    () => request([...post(), 'Transfer-Encoding: chunked'], `zz\r\n${transfer}`),
    400,
    'invalid_request',
  ],
  [
    'a header with a control character',
    () => request([...post(), 'X-Bad: a\u0001b']),
    400,
    'invalid_request',
  ],
  [
    'a header folded over two lines',
    () => request([...post(), 'X-Bad: a', ' b: c\u0000']),
    400,
    'invalid_request',
  ],
  [
    'a length that promises 1 GB',
    () => request([...post(), 'Content-Length: 1073741824'], transfer),
    413,
    'body_too_large',
  ],
  [
    'no Content-Type',
    () => request([...post().slice(0, -1), `Content-Length: ${transfer.length}`], transfer),
    415,
    'unsupported_media_type',
  ],
  ['no body and no length', () => request(post()), 400, 'invalid_json'],
];

describe('what is hardly HTTP', () => {
  it.each(cases)('%s gets a problem document', async (_, bytes, status, code) => {
    const before = await headSeqOf(bank);
    const reply = await speak(bytes());
    expect(faultOfProblem(reply, status, [code], [bank.adminKey])).toBeUndefined();
    expect(await headSeqOf(bank)).toBe(before);
  });

  it('chunks of more than 1 MiB together are refused', async () => {
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const chunks = Array.from({ length: 40 }, () => chunk);
    const reply = await speak(
      request([...post(), 'Transfer-Encoding: chunked']),
      ...chunks,
      '0\r\n\r\n',
    );
    expect(faultOfProblem(reply, 413, ['body_too_large'])).toBeUndefined();
  });

  it('two Authorization headers are one too many, in whatever order', async () => {
    const good = `Authorization: Bearer ${bank.adminKey}`;
    const read = ['GET /v1/accounts/a HTTP/1.1', 'Host: bank', 'Connection: close'];
    for (const lines of [
      [good, 'Authorization: Bearer wrong'],
      ['Authorization: Bearer wrong', good],
    ]) {
      const reply = await speak(request([...read, ...lines]));
      expect(faultOfProblem(reply, 401, ['unauthorized'], [bank.adminKey])).toBeUndefined();
    }
  });

  it('a client that hangs up in the middle of its body changes nothing', async () => {
    const before = await headSeqOf(bank);
    const { hostname, port } = new URL(bank.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.end(request([...post(), 'Content-Length: 100'], transfer));
    await text(socket);
    expect(await headSeqOf(bank)).toBe(before);
    expect((await bank.call('GET', '/livez')).status).toBe(200);
  });

  it('two requests sent at once on one connection are answered in their order', async () => {
    const kept = post().filter((line) => !line.startsWith('Connection'));
    const whole = await exchange(
      request([...kept, `Content-Length: ${transfer.length}`], transfer),
      request(['GET /livez HTTP/1.1', 'Host: bank', 'Connection: close']),
    );
    expect(whole.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 201', 'HTTP/1.1 200']);
  });
});

it('says its errors in Portuguese to who asks for it', async () => {
  const reply = await bank.call('GET', '/v1/accounts/nobody', undefined, {
    headers: { 'accept-language': 'pt-BR,pt;q=0.9' },
  });
  expect(reply.body).toMatchObject({ title: 'Não encontrado', code: 'not_found' });
});

it('leaves sound books and no complaint', async () => {
  await checkBooks(bank);
  expect(bank.complaints).toEqual([]);
});
