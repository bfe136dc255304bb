import type { Guard } from './guard.ts';

const core = (file: string) => `packages/core/src/${file}.ts`;
const engine = (file: string) => `packages/server/src/engine/${file}.ts`;
const depth = 'packages/server/src/store/migrations/0004-depth.sql';

const oneBlock = (title: string) => ({ path: 'tests/faults/one-block.test.ts', title });
const expiry = (title: string) => ({ path: 'tests/faults/hold-expiry.test.ts', title });
const forged = (title: string) => ({ path: 'tests/tamper/forged.test.ts', title });
const checks = { path: 'tests/faults/ledger-checks.test.ts' };
const posted = { path: 'tests/faults/serving-role.test.ts' };

/** One text that goes, or becomes another. */
const guard = (
  name: string,
  path: string,
  from: string,
  to: string,
  test: Guard['test'],
): Guard => ({ name, replacements: [{ path, from, to }], test });

/** The guards of holds, corrections, limits and leases. */
export const depthGuards: readonly Guard[] = [
  guard(
    'what one transfer of a hold promises is gone for the next',
    core('scratch'),
    'accounts.set(from.id, promised(from, leg.amount));',
    '',
    oneBlock('place a group of two'),
  ),
  guard(
    'promised credits count in the upper bound',
    core('movement'),
    'account.creditsPosted + account.creditsPending + amount',
    'account.creditsPosted + amount',
    oneBlock('limit what an account may have'),
  ),
  guard(
    'a limit is not set below what is in use',
    core('decide-account'),
    "if (isInUse) return { code: 'limit_in_use', account: id };",
    '',
    oneBlock('limit what an account may have'),
  ),
  guard(
    'the database itself refuses more than the maximum balance',
    // Where it was last put anew, when accounts that were rebuilt were let through.
    'packages/server/src/store/migrations/0007-consortium.sql',
    'credits_posted - debits_posted + credits_pending <= maximum_balance',
    'credits_posted >= 0',
    checks,
  ),
  guard(
    'from its expiry on a hold only expires',
    core('decide-hold'),
    'const state = holdState(hold, at);',
    "const state = hold.end?.state ?? 'pending';",
    expiry('can not be recorded'),
  ),
  guard(
    'what is due is released before the commands of a block',
    engine('housekeeping'),
    'if (!mayBeDue(cache, at) && !isSweep) return [];',
    'if (!isSweep) return [];',
    expiry('free for the commands'),
  ),
  guard(
    'an idle process looks for what others left due',
    engine('housekeeping'),
    'if (!mayBeDue(cache, at) && !isSweep) return [];',
    'if (!mayBeDue(cache, at)) return [];',
    expiry('a process that is gone'),
  ),
  guard(
    'an expiry that can not be written waits, and no command with it',
    engine('block-lane'),
    "if (fault === 'poison') this.#pauseChores();",
    '',
    expiry('can not be recorded'),
  ),
  guard(
    'a row of the bank’s own that stands already is not a command’s fault',
    engine('block-lane'),
    "if (fault === 'duplicate' && isOfChores(draft, mode)) {",
    "if (fault === 'duplicate' && draft.block < 0) {",
    expiry('stands already'),
  ),
  guard(
    'no hold expires before its time',
    core('apply-hold'),
    'if (hold.expiresAt === null || at < hold.expiresAt) {',
    'if (hold.expiresAt === null) {',
    forged('before its time'),
  ),
  guard(
    'the database itself lets a hold end once',
    depth,
    'create table hold_end (\n  hold_seq bigint primary key,',
    'create table hold_end (\n  hold_seq bigint,',
    checks,
  ),
  guard(
    'how a hold ended stays',
    depth,
    'create trigger hold_end_stays before update or delete or truncate',
    'create trigger hold_end_stays before insert',
    posted,
  ),
  guard(
    'reversals in sum never more than what was moved',
    core('decide-correction'),
    'if (amount > remaining || remaining === 0n) return',
    'if (remaining < 0n) return',
    oneBlock('post, reverse a part'),
  ),
  guard(
    'reversals of the same block count',
    engine('block-corrections'),
    'return inBlock === 0n ? found : {',
    'return inBlock >= 0n ? found : {',
    oneBlock('post, reverse a part'),
  ),
  guard(
    'what is part of a whole is corrected with it',
    core('decide-correction'),
    "if (partOf !== null) return { code: 'part_of', ...partOf };",
    '',
    oneBlock('post a transaction'),
  ),
  guard(
    'a transaction of an order is corrected by the order alone',
    core('decide-correction'),
    "if (found.partOf !== null) return { code: 'part_of', ...found.partOf };",
    '',
    oneBlock('place an order, reverse'),
  ),
  guard(
    'an order is cancelled once',
    core('decide-correction'),
    "if (found.state !== 'completed') return",
    "if (found.state === 'refused') return",
    oneBlock('place an order, cancel it'),
  ),
  guard(
    'a forged reversal is held against what was posted',
    'packages/server/src/ledger/journal/verify/verify-database.ts',
    'await judgeCorrections(client, verifier);',
    '',
    forged('reverses more than was moved'),
  ),
  guard(
    'nothing leaves a frozen account',
    core('movement'),
    "if (account.status === 'frozen') return { code: 'account_frozen', account: account.id };",
    '',
    oneBlock('freeze, pay'),
  ),
  guard(
    'nothing arrives on a closed account',
    core('movement'),
    `creditRefusal(account: Account, amount: bigint, terms: Terms): Refusal | undefined {
  if (account.status === 'closed') return { code: 'account_closed', account: account.id };`,
    'creditRefusal(account: Account, amount: bigint, terms: Terms): Refusal | undefined {',
    oneBlock('promise to an empty account'),
  ),
  guard(
    'only an empty account is closed',
    core('decide-account'),
    'if (balance(account) !== 0n || debitsPending !== 0n || creditsPending !== 0n) {',
    'if (balance(account) !== 0n) {',
    oneBlock('promise to an empty account'),
  ),
  guard(
    'who has no lease does not write a leased account',
    core('movement'),
    'return !leaseTokens.includes(leaseToken);',
    'return leaseTokens.length > leaseToken;',
    oneBlock('ask for a lease'),
  ),
  guard(
    'an old token never writes',
    core('decide'),
    'return leaseTokens.every((token) => held.has(token));',
    'return leaseTokens.every((token) => token > held.size);',
    { path: 'tests/faults/lease-tokens.test.ts' },
  ),
  guard(
    'no lease is granted out of turn',
    core('apply-lease'),
    'if ((granted?.id ?? null) !== fact.granted) {',
    "if (granted?.id === '') {",
    forged('lease that is held|who waits'),
  ),
  guard(
    'the database itself has one holder of a lease at most',
    depth,
    'create unique index lease_one_holder',
    'create index lease_one_holder',
    checks,
  ),
];
