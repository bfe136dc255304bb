import { randomUUID } from 'node:crypto';
import type { EventAnswer, LeaseAnswer, LeaseList, Problem } from '@lastro/contract';
import { expect } from 'vitest';
import type { TestBank } from '../harness/bank-in-process.ts';
import type { Reply } from '../harness/http-caller.ts';

type Called = Pick<TestBank, 'call'>;

export interface Wanted {
  readonly id?: string;
  readonly owner?: string;
  readonly ttl?: number;
  readonly wait?: number;
}

/** What a lease or its refusal looks like to a test. */
export type LeaseReply = Reply<LeaseAnswer & Partial<Problem>>;

export function leasesOf(account: string): string {
  return `/v1/accounts/${encodeURIComponent(account)}/leases`;
}

export function ask(bank: Called, account: string, wanted: Wanted = {}): Promise<LeaseReply> {
  return bank.call('POST', leasesOf(account), { owner: 'test', ...wanted });
}

/** The lease that is granted, at once or after its wait. */
export async function lease(bank: Called, account: string, wanted: Wanted = {}) {
  const reply = await ask(bank, account, wanted);
  expect(reply.status, reply.text).toBe(201);
  return reply.body;
}

export function release(bank: Called, account: string, id: string) {
  return bank.call<Partial<Problem>>('POST', `${leasesOf(account)}/${id}/release`);
}

export function renew(bank: Called, account: string, id: string, ttl: number) {
  return bank.call<LeaseAnswer & Partial<Problem>>('POST', `${leasesOf(account)}/${id}/renew`, {
    ttl,
  });
}

export async function queueOf(bank: Called, account: string): Promise<LeaseList['data']> {
  const { status, text, body } = await bank.call<LeaseList>('GET', leasesOf(account));
  expect(status, text).toBe(200);
  return body.data;
}

/** Moves 1 from one account to the other, under the lease of this token when there is one. */
export function pay(bank: Called, from: string, to: string, token?: number) {
  return bank.call<Partial<Problem> & { readonly id?: string }>(
    'POST',
    '/v1/transfers',
    { id: randomUUID(), from, to, amount: 1 },
    token === undefined ? {} : { headers: { 'lastro-lease': String(token) } },
  );
}

/** Everything that happened, in the bank's one order. */
export async function allEvents(bank: Called): Promise<readonly EventAnswer[]> {
  const events: EventAnswer[] = [];
  for (;;) {
    const after = events.at(-1)?.seq ?? -1;
    const { status, body, text } = await bank.call<{ data: readonly EventAnswer[] }>(
      'GET',
      `/v1/events?limit=1000&after=${after}`,
    );
    expect(status, text).toBe(200);
    if (body.data.length === 0) return events;
    events.push(...body.data);
  }
}
