import { expect, test } from 'vitest';
import { decodeEvent } from './journal-reader.ts';

test.each([
  '{"code":"no_such_code"}',
  '{"code":"toString"}',
  '{"code":"insufficient_funds"}',
  '{"code":"condition_failed","condition":"ifRain"}',
  '{"code":"hold_ended","state":"pending"}',
  '{"code":"part_of","owner":"bank","id":"x"}',
  '{"code":"order_not_completed","status":"completed"}',
  '{"code":"amount_exceeded","remaining":"many"}',
  '{"code":"amount_exceeded","remaining":"0x3"}',
  '{"code":"amount_exceeded","remaining":3}',
])('a refusal %s is none', (data) => {
  const line = `{"seq":1,"type":"command.refused","data":${data}}`;
  expect(() => decodeEvent(line)).toThrow(SyntaxError);
});
