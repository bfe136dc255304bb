import { createHash } from 'node:crypto';

const PREFIX = 'conta:';
const HASHED_PREFIX = 'conta-sha256:';

/** With the prefix in front, what an account's id can say. */
const PLAIN_ID = /^[A-Za-z0-9._:@+-]{1,58}$/;

/** Clients choose any text; more than this is no name. */
const ID_LENGTH_MAX = 200;

/** Whether a client may call an account so: 1 to 200 characters, none of them a control character. */
export function isContaId(id: string): boolean {
  const isSized = id.length > 0 && id.length <= ID_LENGTH_MAX;
  return isSized && id.isWellFormed() && !/\p{Cc}/u.test(id);
}

/**
 * The account of a client's id: the id in a space of its own, or its SHA-256 where it is too long or
 * holds what an account's id can't. Two ids that differ are two accounts, at every bank the same two.
 */
export function accountOf(id: string): string {
  if (PLAIN_ID.test(id)) return PREFIX + id;
  return HASHED_PREFIX + createHash('sha256').update(id).digest('base64url');
}

/** The client's id of an account, or what stands for it; undefined: not an account of this surface. */
export function contaIdOf(account: string): string | undefined {
  if (account.startsWith(PREFIX)) return account.slice(PREFIX.length);
  return account.startsWith(HASHED_PREFIX) ? account : undefined;
}
