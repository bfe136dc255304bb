import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResponseParser, UnreadableAnswerError, type Answer } from './response-parser.ts';

const created =
  'HTTP/1.1 201 Created\r\ncontent-length: 11\r\nconnection: keep-alive\r\n\r\n{"id":"ab"}';
const refused =
  'HTTP/1.1 422 Unprocessable Entity\r\nContent-Length:2\r\nidempotency-replayed: true\r\n\r\n{}';
const empty = 'HTTP/1.1 200 OK\r\nx: content-length: 5\r\ncontent-length: 0\r\n\r\n';

function read(chunks: readonly string[]): Answer[] {
  const answers: Answer[] = [];
  const parser = new ResponseParser((answer) => answers.push(answer));
  for (const chunk of chunks) parser.push(chunk);
  return answers;
}

describe('the reader of answers', () => {
  it('reads status, head and body of answers that arrive together', () => {
    const answers = read([created + refused + empty]);
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [201, '{"id":"ab"}'],
      [422, '{}'],
      [200, ''],
    ]);
    expect(answers[1]?.head).toContain('idempotency-replayed: true');
  });

  it('reads the same however the bytes are cut', () => {
    const whole = created + refused + empty;
    const cuts = fc.array(fc.nat(whole.length), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (places) => {
        const sorted = [0, ...places.toSorted((left, right) => left - right), whole.length];
        const chunks = sorted.slice(1).map((end, index) => whole.slice(sorted[index], end));
        expect(read(chunks)).toEqual(read([whole]));
      }),
    );
  });

  it('waits for the rest of an answer', () => {
    expect(read([created.slice(0, -1)])).toEqual([]);
  });

  it('counts bytes, not characters', () => {
    const body = Buffer.from('{"nome":"João"}', 'utf8');
    const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body.toString('latin1')}`;
    expect(read([answer + created]).map(({ status }) => status)).toEqual([200, 201]);
  });

  it.each([
    ['no HTTP', 'SSH-2.0\r\ncontent-length: 0\r\n\r\n'],
    ['an answer without a length', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['headers that never end', `HTTP/1.1 200 OK\r\n${'x'.repeat(20_000)}`],
  ])('refuses %s', (_what, text) => {
    expect(() => read([text])).toThrow(UnreadableAnswerError);
  });
});
