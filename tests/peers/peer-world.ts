import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PeerAnswer, PeerList } from '@lastro/contract';
import { onTestFinished } from 'vitest';
import { parsePeerAddress } from '../../packages/server/src/consortium/messages/peer-address.ts';
import type { ProbeLimits } from '../../packages/server/src/consortium/peers/prober.ts';
import { parseRegisterAddress } from '../../packages/server/src/consortium/register/register-address.ts';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';
import { eventually as within } from '../harness/eventually.ts';
import { abandonDatabase, createDatabase } from '../harness/postgres.ts';
import { openGate, type Gate } from './gate.ts';

/** Quick enough for a test that waits for several of them. */
const PROBES = { everyMs: 100, timeoutMs: 5_000, missedMax: 3, announceMs: 60_000 };

export interface MemberBank extends BankInProcess {
  readonly id: string;
  /** What lies between the other banks and this one. */
  readonly gate: Gate;
  list(): Promise<PeerList>;
  /** Undefined: it is no peer. */
  peer(bank: string): Promise<PeerAnswer | undefined>;
}

export interface StartOptions extends Partial<ProbeLimits> {
  /** Of another process of the same bank. */
  readonly databaseUrl?: string;
}

export interface PeerWorld {
  readonly registerUrl: string;
  /** Starts a bank of this consortium; it is stopped with the test. */
  start(id: string, options?: StartOptions): Promise<MemberBank>;
}

/** Far from what a busy machine takes: no deadline decides a test. */
const DEADLINE_MS = 60_000;

export function eventually<Value>(
  what: string,
  condition: () => Value | Promise<Value>,
): Promise<Exclude<Value, false | undefined | null>> {
  return within(what, condition, DEADLINE_MS);
}

/** A register of its own, and banks that find each other in it. Goes with the test. */
export async function peerWorld(registerAddress?: string): Promise<PeerWorld> {
  const database = await createDatabase();
  const registerUrl = registerAddress ?? database;
  const folder = await mkdtemp(join(tmpdir(), 'lastro-peers-'));
  onTestFinished(async () => {
    await abandonDatabase(database);
    await rm(folder, { recursive: true });
  });
  return {
    registerUrl,
    async start(id, { databaseUrl, ...probes } = {}) {
      const gate = await openGate(() => Number(new URL(bank.url).port));
      const bank = await startBankInProcess({
        bank: id,
        ...(databaseUrl === undefined ? {} : { databaseUrl }),
        consortium: () => ({
          register: parseRegisterAddress(registerUrl),
          ownAddress: addressOf(`http://${gate.address}`),
          keyFile: join(folder, `${id}.consortium.pem`),
          probes: { ...PROBES, ...probes },
        }),
      });
      onTestFinished(async () => {
        await bank.stop();
        await gate.close();
      });
      const list = async () => (await bank.call<PeerList>('GET', '/v1/peers')).body;
      const peer = async (other: string) => (await list()).data.find((one) => one.bank === other);
      return { ...bank, id, gate, list, peer };
    },
  };
}

function addressOf(url: string) {
  const address = parsePeerAddress(url);
  if (address === null) throw new Error(`no address: ${url}`);
  return address;
}

/** Adds each bank to the other, by what the register says of it, and waits until both are online. */
export async function introduce(one: MemberBank, other: MemberBank): Promise<void> {
  await add(one, other);
  await add(other, one);
  await online(one, other);
  await online(other, one);
}

/** Adds a bank as soon as it stands in the register. */
export async function add(bank: MemberBank, peer: MemberBank): Promise<PeerAnswer> {
  return eventually(`${bank.id} finds ${peer.id} in the register`, async () => {
    const { status, body } = await bank.call<PeerAnswer>('POST', '/v1/peers', { bank: peer.id });
    return status === 201 && body;
  });
}

export async function online(bank: MemberBank, peer: MemberBank): Promise<void> {
  await stateOf(bank, peer, 'online');
}

export async function stateOf(
  bank: MemberBank,
  peer: MemberBank,
  state: PeerAnswer['state'],
): Promise<void> {
  await eventually(
    `${peer.id} is ${state} at ${bank.id}`,
    async () => (await bank.peer(peer.id))?.state === state,
  );
}
