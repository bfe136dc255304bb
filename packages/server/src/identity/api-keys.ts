import { hash, randomBytes } from 'node:crypto';
import type { ApiKeyAnswer, NewApiKeyAnswer, Scope } from '@lastro/contract';
import type { Authenticator, Principal } from '../http/principal.ts';
import type { Reads } from '../store/reads.ts';

/** A key that is valid while this process runs, without being in the database. */
export interface StandingKey {
  readonly principal: string;
  readonly key: string;
}

/** Bits of chance in a key. */
const KEY_BYTES = 24;

/** How long a process trusts what it looked up: a revoked key is refused everywhere after this. */
const TRUST_MS = 500;
const REMEMBERED_MAX = 10_000;

interface Remembered {
  readonly principal: Principal | undefined;
  /** `performance.now()` milliseconds. */
  readonly until: number;
}

/** API keys of the bank: random, kept as their SHA-256, revoked in every process within a second. */
export class ApiKeys implements Authenticator {
  readonly #reads: Reads;
  readonly #standing: ReadonlyMap<string, Principal>;
  readonly #remembered = new Map<string, Remembered>();
  /** Look-ups on their way: the requests of a busy key wait for one, not for one each. */
  readonly #lookUps = new Map<string, Promise<Principal | undefined>>();

  constructor(reads: Reads, standing: readonly StandingKey[]) {
    this.#reads = reads;
    this.#standing = new Map(
      standing.map(({ principal, key }) => [digest(key), { id: principal, scope: 'admin' }]),
    );
  }

  authenticate(key: string): Principal | undefined | Promise<Principal | undefined> {
    const digested = digest(key);
    const standing = this.#standing.get(digested);
    if (standing !== undefined) return standing;
    const remembered = this.#remembered.get(digested);
    if (remembered !== undefined && remembered.until > performance.now()) {
      return remembered.principal;
    }
    const underWay = this.#lookUps.get(digested);
    if (underWay !== undefined) return underWay;
    const lookUp = this.#lookUp(digested).finally(() => this.#lookUps.delete(digested));
    this.#lookUps.set(digested, lookUp);
    return lookUp;
  }

  async create(name: string, scope: Scope): Promise<NewApiKeyAnswer> {
    const id = `key_${randomBytes(9).toString('base64url')}`;
    const key = `lastro_${randomBytes(KEY_BYTES).toString('base64url')}`;
    const [row] = await this.#reads.inTransaction((change) =>
      change.rows<{ created_at: number }>(
        'insert into api_key (id, name, scope, hash) values ($1, $2, $3, $4) returning created_at',
        [id, name, scope, Buffer.from(digest(key), 'hex')],
      ),
    );
    return { id, name, scope, createdAt: toTime(row?.created_at), key };
  }

  async list(): Promise<ApiKeyAnswer[]> {
    const rows = await this.#reads.rows<{
      id: string;
      name: string;
      scope: Scope;
      created_at: number;
    }>('select id, name, scope, created_at from api_key order by created_at desc, id limit 1000');
    return rows.map(({ id, name, scope, created_at }) => ({
      id,
      name,
      scope,
      createdAt: toTime(created_at),
    }));
  }

  /** False when there is no such key. */
  async delete(id: string): Promise<boolean> {
    const rows = await this.#reads.inTransaction((change) =>
      change.rows<{ hash: Buffer }>('delete from api_key where id = $1 returning hash', [id]),
    );
    for (const row of rows) this.#remembered.delete(row.hash.toString('hex'));
    return rows.length > 0;
  }

  async #lookUp(digested: string): Promise<Principal | undefined> {
    const [row] = await this.#reads.rows<Principal>(
      'select id, scope from api_key where hash = $1',
      [Buffer.from(digested, 'hex')],
    );
    if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear();
    this.#remembered.set(digested, { principal: row, until: performance.now() + TRUST_MS });
    return row;
  }
}

function digest(key: string): string {
  return hash('sha256', key, 'hex');
}

function toTime(milliseconds: number | undefined): string {
  return new Date(milliseconds ?? 0).toISOString();
}
