import { describe, expect, it } from 'vitest';
import { effectsOf } from './effects.ts';

const head = 'HTTP/1.1 …';

describe('what counts as an effect', () => {
  it('is a 201', () => {
    expect(effectsOf('transfers', { status: 201, head, body: '{}' }).count).toBe(1);
  });

  it('is not a refusal, whose code is told', () => {
    const body = '{"status":422,"code":"insufficient_funds"}';
    expect(effectsOf('transfers', { status: 422, head, body })).toEqual({
      count: 0,
      refused: ['422 insufficient_funds'],
    });
  });

  it('is not a replay', () => {
    const replayed = { status: 201, head: `${head}\r\nIdempotency-Replayed: true`, body: '{}' };
    expect(effectsOf('orders', replayed)).toEqual({ count: 0, refused: ['replayed'] });
  });

  it('is each posted result of a batch', () => {
    const results = [{ id: 'x', status: 'posted' }, { id: 'y', code: 'overloaded' }, {}, null];
    const answer = { status: 200, head, body: JSON.stringify({ results }) };
    expect(effectsOf('batches', answer)).toEqual({
      count: 1,
      refused: ['overloaded', 'unknown', 'unknown'],
    });
  });

  it('is nothing of a batch that was refused as a whole', () => {
    expect(effectsOf('batches', { status: 503, head, body: 'no JSON' })).toEqual({
      count: 0,
      refused: ['503'],
    });
  });
});
