import pg from 'pg';
import { expect, test } from 'vitest';
import { faultOf } from './database-error.ts';

function failure(severity: string, code: string): pg.DatabaseError {
  const error = new pg.DatabaseError('said the server', 0, 'error');
  error.severity = severity;
  error.code = code;
  return error;
}

test.each([
  ['ERROR', 'LH001', 'lost_race'],
  ['ERROR', '23505', 'duplicate'],
  ['ERROR', '23514', 'poison'],
  ['ERROR', '22P02', 'poison'],
  ['ERROR', '53100', 'unavailable'],
  ['ERROR', '25006', 'unavailable'],
  ['ERROR', '57014', 'unavailable'],
  ['FATAL', '57P01', 'unknown'],
  ['PANIC', '53100', 'unknown'],
])('%s %s is %s', (severity, code, fault) => {
  expect(faultOf(failure(severity, code))).toBe(fault);
});

test('a server that speaks another language is understood by its codes', () => {
  expect(faultOf(failure('ERRO', 'LH001'))).toBe('lost_race');
  expect(faultOf(failure('ERRO', '23505'))).toBe('duplicate');
  expect(faultOf(failure('ERRO', '23514'))).toBe('poison');
  // Not known to leave the session alive, so not known to be without effect.
  expect(faultOf(failure('ERRO', '53100'))).toBe('unknown');
});

test('what is no answer of the server says nothing about the effect', () => {
  expect(faultOf(new Error('Connection terminated unexpectedly'))).toBe('unknown');
});
