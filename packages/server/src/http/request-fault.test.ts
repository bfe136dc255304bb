import pg from 'pg';
import { expect, it } from 'vitest';
import { faultWithoutValues } from './request-fault.ts';

function databaseError(code: string, message: string): pg.DatabaseError {
  const error = new pg.DatabaseError(message, message.length, 'error');
  error.code = code;
  return error;
}

it('leaves out the message of a data exception, which quotes the value', () => {
  const message = 'invalid input syntax for type uuid: "my secret"';
  const described = faultWithoutValues(databaseError('22P02', message));
  expect(JSON.stringify(described)).not.toContain('secret');
  expect(described.fault).toContain('22P02');
});

it('keeps the message of any other error of the database', () => {
  const described = faultWithoutValues(databaseError('42P01', 'relation "head" does not exist'));
  expect(described.fault).toBe('42P01: relation "head" does not exist');
});

it('leaves out what a parser quotes', () => {
  const described = faultWithoutValues(new SyntaxError('Unexpected token: "my secret"'));
  expect(JSON.stringify(described)).not.toContain('secret');
});

it('keeps the frames of the stack without the message that leads it', () => {
  const { fault, stack } = faultWithoutValues(new Error('first\nsecond'));
  expect(fault).toBe('Error: first\nsecond');
  expect(stack).toMatch(/^\s+at /);
  expect(stack).not.toContain('second');
});
