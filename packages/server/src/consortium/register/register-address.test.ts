import { describe, expect, it } from 'vitest';
import { isOverTls, parseRegisterAddress } from './register-address.ts';
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
    ['etcds://a,b:443/pix', ['https://a:2379', 'https://b:443'], 'pix'],
  ])('names the members of a cluster: %s', (text, origins, name) => {
    const address = parseRegisterAddress(text);
    expect(address).toEqual({ home: 'etcd', origins, name, login: null });
    expect(isOverTls(address)).toBe(text.startsWith('etcds'));
  });

  it.each([
    ['etcds://alfa:secret@a,b/pix', 'alfa', 'secret'],
    ['etcds://a%40b%3Ac:%C3%A9%2F%25%20x:y+z@a', 'a@b:c', 'é/% x:y+z'],
    ['etcd://alfa:secret@localhost,127.0.0.2:1,[::1]', 'alfa', 'secret'],
  ])('says as whom the bank comes: %s', (text, user, password) => {
    expect(parseRegisterAddress(text)).toMatchObject({ login: { user, password } });
  });

  it('lets no password go in the clear to another machine', () => {
    for (const members of ['a', '10.0.0.1', '127.0.0.1,a', 'localhost.example', '[::2]']) {
      const error = refusalOf(`etcd://alfa:secret@${members}`);
      expect(error.message).toContain('etcds://');
      expect(error.message).not.toContain('secret');
    }
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
    'etcds://',
    'etcds://http://a',
    'etcds://alfa@a',
    'etcds://alfa:@a',
    'etcds://:secret@a',
    'etcds://alfa:secret%@a',
    'etcds://alfa:secret%ff@a',
    'etcds://alfa:sec/ret@a',
    'etcds://alfa:secret@beta:secret@a',
    'etcds://alfa:secret@',
    `etcd://${Array.from({ length: 10 }, (_, index) => `m${index}`).join(',')}`,
  ])('refuses "%s" with a code and without quoting it', (text) => {
    const error = refusalOf(text);
    expect(error.code).toBe('register_address_invalid');
    expect(error.message).toMatch(/^The address of the register can't be used: .+\.$/);
    expect(error.message).not.toContain('secret');
  });
});
