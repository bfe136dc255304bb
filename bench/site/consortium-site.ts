import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCOUNTS, MEMBERS } from '../lanes.ts';
import { ASSET, CREDIT_LIMIT } from '../generator/traffic.ts';
import { openBankSite, type BankSite, type Surroundings } from './bank-site.ts';

/** Banks that pay each other, each a process with a database of its own; the register beside them. */
export interface ConsortiumSite {
  readonly members: readonly BankSite[];
}

const PEERING_TIMEOUT_MS = 30_000;
const ASK_EVERY_MS = 100;
/** Payments under way with one peer: far more than the lane has. */
const IN_FLIGHT_MAX = 10_000;

/** Starts so many banks, fills them alike, and makes each a peer of each other one. */
export async function openConsortium(count: number, around: Surroundings): Promise<ConsortiumSite> {
  const registerUrl = await around.postgres.createDatabase('register');
  const keys = await mkdtemp(join(process.cwd(), '.lastro-bench-keys-'));
  around.cleanups.add(`removing ${keys}`, () => rm(keys, { recursive: true, force: true }));
  const names = MEMBERS.slice(0, count);
  const members: BankSite[] = [];
  for (const bank of names) {
    const membership = { bank, registerUrl, keyFile: join(keys, `${bank}.pem`) };
    const member = await openBankSite(bank, around, membership);
    await member.openAccounts(ACCOUNTS);
    members.push(member);
  }
  for (const [index, member] of members.entries()) {
    const peers = names.filter((_, other) => other !== index);
    for (const bank of peers) await addPeer(member, bank);
  }
  return { members };
}

/** A peer that stands in the register, with a limit that no run gets near. */
async function addPeer(member: BankSite, bank: string): Promise<void> {
  const limits = [{ asset: ASSET, exposure: CREDIT_LIMIT }];
  const peer = { bank, limits, inFlightMax: IN_FLIGHT_MAX };
  const end = performance.now() + PEERING_TIMEOUT_MS;
  for (;;) {
    try {
      await member.call('/v1/peers', peer);
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(ASK_EVERY_MS);
    }
  }
}
