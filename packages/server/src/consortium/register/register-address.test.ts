import { describe, expect, it } from 'vitest';
import { parseRegisterAddress } from './register-address.ts';
import { RegisterSetupError } from './register-setup-error.ts';

function refusalOf(text: string): RegisterSetupError {
  try {
    parseRegisterAddress(text);
  } catch (error) {
    if (error instanceof RegisterSetupError) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
}

describe('LASTRO_REGISTER', () => {
  it.each([
    'postgres://ana:x@db.example:5433/register',
    'postgresql://db/register?sslmode=require',
  ])('names a database: %s', (url) => {
    expect(parseRegisterAddress(url)).toEqual({ home: 'postgres', url });
  });

  it.each([
    ['etcd://a', ['http://a:2379'], 'lastro'],
    [
      'etcd://10.0.0.1:1,b.example, c-3:80/pix',
      ['http://10.0.0.1:1', 'http://b.example:2379', 'http://c-3:80'],
      'pix',
    ],
    ['etcd://[::1],[::2]:9,[::1]', ['http://[::1]:2379', 'http://[::2]:9'], 'lastro'],
  ])('names the members of a cluster: %s', (text, origins, name) => {
    expect(parseRegisterAddress(text)).toEqual({ home: 'etcd', origins, name });
  });

  it.each([
    '',
    'redis://a',
    'http://a:2379',
    'postgres://',
    'postgres://db',
    'postgres://db:port/register',
    'etcd://',
    'etcd://a,,b',
    'etcd://a:99999',
    'etcd://a?x=1',
    'etcd://http://a',
    'etcd://a/b/c',
    'etcd://a/B',
    'etcd://user:secret@a',
    `etcd://${Array.from({ length: 10 }, (_, index) => `m${index}`).join(',')}`,
  ])('refuses "%s" with a code and without quoting it', (text) => {
    const error = refusalOf(text);
    expect(error.code).toBe('register_address_invalid');
    expect(error.message).toMatch(/^The address of the register can't be used: .+\.$/);
    expect(error.message).not.toContain('secret');
  });
});
