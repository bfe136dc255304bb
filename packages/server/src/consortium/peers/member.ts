import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Register, RegisterFailure } from '../register/register.ts';

/** What a bank says of itself in the register, for those who want to deal with it. */
const Member = Type.Object({
  url: Type.String({ minLength: 1, maxLength: 500 }),
  /** 32 bytes each in base64url; the one that signs first. */
  keys: Type.Array(Type.String(), { minItems: 1, maxItems: 2 }),
});
export type Member = Static<typeof Member>;

export type MemberFound =
  | { readonly kind: 'found'; readonly member: Member }
  /** Nobody has written it, or what stands there is none. */
  | { readonly kind: 'unknown' }
  | RegisterFailure;

/** An operator waits for it. */
const FIND_TIMEOUT_MS = 2_000;

export function memberKey(bank: string): string {
  return `member/${bank}`;
}

/** The same bytes for the same member, so that an entry is only written when it changes. */
export function encodeMember({ url, keys }: Member): string {
  return JSON.stringify({ url, keys });
}

export async function findMember(
  register: Pick<Register, 'read'>,
  bank: string,
): Promise<MemberFound> {
  const answer = await register.read(memberKey(bank), { timeoutMs: FIND_TIMEOUT_MS });
  if (answer.kind !== 'answered') return answer;
  const member = answer.result === null ? undefined : decode(answer.result.value);
  return member === undefined ? { kind: 'unknown' } : { kind: 'found', member };
}

function decode(value: Buffer): Member | undefined {
  try {
    const read: unknown = JSON.parse(value.toString('utf8'));
    return Value.Check(Member, read) ? read : undefined;
  } catch {
    return undefined;
  }
}
