import { describe, expect, it } from 'vitest';
import { readOrderRequest } from './order-request.ts';

describe('the body of an order', () => {
  it.each(['', ' \r\n'])('%j asks for a random order', (text) => {
    expect(readOrderRequest(text)).toEqual({ kind: 'random' });
  });

  it('names customer and products by their numbers', () => {
    const text = '{"cliente_id":3,"itens":[{"produto_id":7,"quantidade":2}],"origem":"site"}';
    const choice = { customer: 'cliente:3', lines: [{ sku: 'produto:7', quantity: 2n }] };
    expect(readOrderRequest(text)).toEqual({ kind: 'given', choice });
  });

  const line = '{"produto_id":1,"quantidade":1}';
  it.each([
    '{}',
    '[]',
    'null',
    '1',
    '"x"',
    '{"cliente_id":1',
    'cliente_id=1',
    '{"cliente_id":1}',
    `{"itens":[${line}]}`,
    '{"cliente_id":1,"itens":[]}',
    '{"cliente_id":1,"itens":{}}',
    `{"cliente_id":"1","itens":[${line}]}`,
    `{"cliente_id":0,"itens":[${line}]}`,
    `{"cliente_id":1.5,"itens":[${line}]}`,
    `{"cliente_id":null,"itens":[${line}]}`,
    '{"cliente_id":1,"itens":[null]}',
    '{"cliente_id":1,"itens":[[1,1]]}',
    '{"cliente_id":1,"itens":[{"produto_id":1}]}',
    '{"cliente_id":1,"itens":[{"quantidade":1}]}',
    '{"cliente_id":1,"itens":[{"produto_id":1,"quantidade":0}]}',
    '{"cliente_id":1,"itens":[{"produto_id":1,"quantidade":-1}]}',
    '{"cliente_id":1,"itens":[{"produto_id":1,"quantidade":1.0}]}',
    '{"cliente_id":1,"itens":[{"produto_id":1,"quantidade":"1"}]}',
    '{"cliente_id":1,"itens":[{"produto_id":1,"quantidade":1e400}]}',
    '{"cliente_id":1,"itens":[{"produto_id":1,"quantidade":1000000000001}]}',
    `{"cliente_id":1,"itens":[${Array.from({ length: 101 }, () => line).join()}]}`,
  ])('%s is bad, and says why', (text) => {
    const request = readOrderRequest(text);
    expect(request).toMatchObject({ kind: 'bad', erro: expect.stringMatching(/.{10}/) });
  });
});
