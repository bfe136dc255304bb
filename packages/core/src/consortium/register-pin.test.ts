import { expect, test } from 'vitest';
import { reopenedRegister, seenRegister, type RegisterPin } from './register-pin.ts';

const PIN: RegisterPin = { generation: 'g1', revision: 10, isClosed: false };

test('the revision rises with what is seen', () => {
  expect(seenRegister(PIN, { generation: 'g1', revision: 12 }, 10).revision).toBe(12);
});

test('an answer that was overtaken is no sign of going back', () => {
  expect(seenRegister(PIN, { generation: 'g1', revision: 9 }, 8)).toEqual(PIN);
});

test('a lower revision than was known when the question left closes it', () => {
  expect(seenRegister(PIN, { generation: 'g1', revision: 9 }, 10).isClosed).toBe(true);
});

test('another generation closes it, and only reopening opens it', () => {
  const closed = seenRegister(PIN, { generation: 'g2', revision: 50 }, 10);
  expect(closed).toEqual({ ...PIN, isClosed: true });
  expect(seenRegister(closed, { generation: 'g1', revision: 60 }, 10)).toEqual(closed);
  expect(reopenedRegister({ generation: 'g2', revision: 50 })).toEqual({
    generation: 'g2',
    revision: 50,
    isClosed: false,
  });
});
