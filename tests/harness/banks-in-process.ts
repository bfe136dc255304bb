import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AGREE_WITHIN_MAX,
  type CrossBankTransactionAnswer,
  type CrossBankTransactionList,
  type PeerList,
} from '@lastro/contract';
import { expect } from 'vitest';
import {
  parsePeerAddress,
  type PeerAddress,
} from '../../packages/server/src/consortium/messages/peer-address.ts';
import { parseRegisterAddress } from '../../packages/server/src/consortium/register/register-address.ts';
import { startBankInProcess, type BankInProcess } from './bank-in-process.ts';
import { balanceOf } from './books.ts';
import { eventually } from './eventually.ts';
import type { AnyBody, CallOptions, Reply } from './http-caller.ts';
import { freePort } from './free-port.ts';
import { abandonDatabase, createDatabase } from './postgres.ts';

export interface NamedBank extends BankInProcess {
  readonly name: string;
}

/** Banks of one consortium in this process, each with a database of its own. */
export interface BanksInProcess {
  readonly all: readonly NamedBank[];
  bank(name: string): NamedBank;
  /** Waits until each of the banks has done what was decided; the transaction as each shows it. */
  decided(id: string, names: readonly string[]): Promise<readonly CrossBankTransactionAnswer[]>;
  /** Waits until nothing is undecided anywhere. */
  quiet(): Promise<void>;
  /** What a bank owes another one, in centavos. */
  position(bank: string, peer: string): Promise<bigint>;
  /** What a bank raised an alarm for. */
  alarmsOf(bank: NamedBank): readonly string[];
  stop(): Promise<void>;
}

/** Often, so that a test need not wait for them. */
const PROBES = { everyMs: 200 };
const EXPOSURE = 1_000_000_000;
const ONLINE_DEADLINE_MS = 30_000;
const SETTLED_DEADLINE_MS = 60_000;

/** Starts the banks and makes each of them a peer of each other one. */
export async function startBanksInProcess(names: readonly string[]): Promise<BanksInProcess> {
  const registerUrl = await createDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'lastro-banks-'));
  const all: NamedBank[] = [];
  // One after the other: compiling the routes of one takes the whole process for a while.
  for (const name of names) {
    const started = await startBankInProcess({
      bank: name,
      consortium: (url) => ({
        register: parseRegisterAddress(registerUrl),
        ownAddress: addressOf(url),
        keyFile: join(folder, `${name}.pem`),
        probes: PROBES,
      }),
    });
    all.push({ name, ...started });
  }
  await introduce(all);
  const bank = (name: string) => {
    const found = all.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no bank is called ${name}`);
    return found;
  };
  return {
    all,
    bank,
    decided: (id, at) => Promise.all(at.map((name) => decidedAt(bank(name), id))),
    async quiet() {
      await Promise.all(all.map((each) => untilQuiet(each)));
    },
    position: (name, peer) => balanceOf(bank(name), `peer:${peer}:BRL`),
    alarmsOf: ({ complaints }) => complaints.filter((line) => line.includes('"alarm"')),
    async stop() {
      await Promise.all(all.map((each) => each.stop()));
      await abandonDatabase(registerUrl);
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * Asks a bank for something that other banks have a part in, and asks again until the answer is
 * definite: how long that takes is of the machine. The answer of the last time.
 */
export function settled<Body = AnyBody>(
  bank: NamedBank,
  path: string,
  body: AnyBody,
  options: CallOptions = {},
): Promise<Reply<Body>> {
  const identity = options.headers === undefined ? { id: randomUUID() } : {};
  const sent = { ...identity, within: AGREE_WITHIN_MAX, ...body };
  return eventually(
    `${bank.name} settles ${JSON.stringify(sent)}`,
    async () => {
      const reply = await bank.call<Body>('POST', path, sent, options);
      return reply.status === 202 || reply.status >= 500 ? undefined : reply;
    },
    SETTLED_DEADLINE_MS,
  );
}

/** Adds a peer of which nobody listens, and waits until that is noticed. */
export async function addSilentPeer(bank: NamedBank, name: string): Promise<void> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { publicKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'jwk' }).x;
  const added = await bank.call('POST', '/v1/peers', { bank: name, url, keys: [key] });
  expect(added.status, added.text).toBe(201);
  await eventually(`${bank.name} sees that ${name} is away`, async () => {
    const { body } = await bank.call<PeerList>('GET', '/v1/peers');
    return body.data.some((peer) => peer.bank === name && peer.state === 'offline');
  });
}

function addressOf(url: string): PeerAddress {
  const address = parsePeerAddress(url);
  if (address === null) throw new Error(`${url} is no address`);
  return address;
}

/** By what each has written of itself in the register; then waits until all have heard of all. */
async function introduce(all: readonly NamedBank[]): Promise<void> {
  const pairs = all.flatMap((bank) =>
    all.filter((one) => one !== bank).map((peer) => ({ bank, peer })),
  );
  const limits = [{ asset: 'BRL/2', exposure: EXPOSURE }];
  for (const { bank, peer } of pairs) {
    await eventually(`${bank.name} finds ${peer.name} in the register`, async () => {
      const added = await bank.call('POST', '/v1/peers', { bank: peer.name, limits });
      expect(added.status, added.text).toBe(201);
      return true;
    });
  }
  for (const bank of all) {
    await eventually(
      `${bank.name} sees every peer`,
      async () => {
        const { body } = await bank.call<PeerList>('GET', '/v1/peers');
        return body.data.every(({ state }) => state === 'online');
      },
      ONLINE_DEADLINE_MS,
    );
  }
}

function decidedAt(bank: NamedBank, id: string): Promise<CrossBankTransactionAnswer> {
  return eventually(
    `${id} is decided at ${bank.name}`,
    async () => {
      const path = `/v1/transactions/${id}`;
      const { body } = await bank.call<CrossBankTransactionAnswer>('GET', path);
      return body.decidedAt !== null && body.decidedAt !== undefined ? body : undefined;
    },
    SETTLED_DEADLINE_MS,
  );
}

/** A promise of which no bank tells any more is over: nothing is prepared, and all know that. */
async function untilQuiet(bank: NamedBank): Promise<void> {
  await eventually(
    `nothing is undecided at ${bank.name}`,
    async () => {
      const path = '/v1/transactions?state=prepared';
      const { body } = await bank.call<CrossBankTransactionList>('GET', path);
      return body.data.length === 0;
    },
    SETTLED_DEADLINE_MS,
  );
}
