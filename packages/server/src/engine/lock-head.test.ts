import { describe, expect, it } from 'vitest';
import type { Head, StoredAccount } from '../store/row-types.ts';
import type { Writer } from '../store/writer.ts';
import { keepBehindHead, lockHead } from './lock-head.ts';
import { createRowCache } from './row-cache.ts';
import { opened } from './stored-account.fixture.ts';
import { moving } from './tickets.fixture.ts';

const HEAD: Head = { block: 7, seq: 30, hash: 'a'.repeat(64), at: 1, accounts: 9, bank: 'test' };

/** A writer that notes what it is asked, and answers nothing before all was asked. */
function startWriter(found: readonly StoredAccount[]) {
  const asked: unknown[] = [];
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const answer = async <Value>(question: unknown, value: Value): Promise<Value> => {
    asked.push(question);
    await released;
    return value;
  };
  const writer: Pick<Writer, 'begin' | 'lockHead' | 'loadAccounts' | 'readNextExpiry'> = {
    begin: () => answer('begin', undefined),
    lockHead: () => answer('head', HEAD),
    loadAccounts: (ids) => answer(ids, found),
    readNextExpiry: (at) => answer(at, 5_000),
  };
  return { writer, asked, release };
}

describe('locking head', () => {
  it('asks for the accounts that the tickets name in the same round trip, behind head', async () => {
    const { writer, asked, release } = startWriter([opened(3, 'ana')]);
    const tickets = [moving('ana', 'bia'), moving('bia', 'caio')];
    const locked = lockHead(writer, tickets, 'test');
    expect(asked).toEqual(['begin', 'head', ['ana', 'bia', 'caio'], 0]);
    release();
    const behind = await locked;
    const cache = createRowCache(10);
    keepBehindHead(cache, behind);
    expect([cache.head, cache.nextExpiry]).toEqual([HEAD, 5_000]);
    const known = ['ana', 'bia', 'caio', 'dora'].map((id) => cache.accounts.get(id));
    expect(known).toEqual([opened(3, 'ana'), 'absent', 'absent', undefined]);
  });

  it('names no accounts where the bank is not known yet', async () => {
    const { writer, asked, release } = startWriter([]);
    release();
    await lockHead(writer, [moving('ana', 'bia')], undefined);
    expect(asked).toEqual(['begin', 'head', 0]);
  });

  it('drops every row as of an earlier head', () => {
    const cache = createRowCache(10);
    cache.accounts.set('old', opened(1, 'old'));
    cache.products.set('tea', 'absent');
    const accounts = { asked: ['ana'], found: [] };
    keepBehindHead(cache, { head: HEAD, accounts, nextExpiry: null });
    expect(cache.accounts.get('old')).toBeUndefined();
    expect(cache.products.get('tea')).toBeUndefined();
    expect(cache.accounts.get('ana')).toBe('absent');
  });
});
