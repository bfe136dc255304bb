import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { ConsentAnswer, PeerPosition, SettlementAnswer } from '@lastro/contract';
import { expect, test, vi } from 'vitest';
import { endOf } from '../harness/http-caller.ts';
import { openAccount } from '../harness/seeding.ts';
import { eventually, introduce, peerWorld, type MemberBank } from './peer-world.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const LAUNCHER = join(import.meta.dirname, '../../packages/server/bin/lastro.mjs');
const ASSET = 'BRL/2';
const PAYMENT = { from: 'ana', to: 'beta/bruno', amount: 300, asset: ASSET };

async function positionOf(bank: MemberBank, peer: string): Promise<unknown> {
  const { body } = await bank.call<PeerPosition>('GET', `/v1/peers/${peer}/position`);
  return body.positions.find(({ asset }) => asset === ASSET)?.position;
}

async function balanceOf(bank: MemberBank, account: string): Promise<unknown> {
  return (await bank.call('GET', `/v1/accounts/${account}`)).body['balance'];
}

/** Centavos, from one `settlement` account to the other. */
function settle(bank: MemberBank, peer: string, amount: number, more: object = {}) {
  const accounts = { account: 'settlement', peerAccount: 'settlement' };
  const body = { asset: ASSET, amount, ...accounts, ...more };
  return bank.call<SettlementAnswer>('POST', `/v1/peers/${peer}/settlements`, body);
}

/** What the command line says to the operator of this bank. */
async function lastro(bank: MemberBank, words: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-settlement-'));
  const keyFile = join(folder, 'admin-key');
  try {
    await writeFile(keyFile, bank.adminKey, { mode: 0o600 });
    const { stdout } = await promisify(execFile)(process.execPath, [LAUNCHER, ...words], {
      env: { ...process.env, LANG: 'en', LASTRO_URL: bank.url, LASTRO_KEY_FILE: keyFile },
      timeout: 120_000,
    });
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a position is paid off against itself, and a peer leaves when nothing is owed', async () => {
  const world = await peerWorld();
  const [alfa, beta] = [await world.start('alfa'), await world.start('beta')];
  await introduce(alfa, beta);
  const limits = [{ asset: ASSET, exposure: 10_000 }];
  expect((await beta.call('POST', '/v1/peers/alfa/limits', { limits })).status).toBe(200);
  await openAccount(alfa, 'ana', 1_000);
  await openAccount(beta, 'bruno');
  await openAccount(alfa, 'settlement');
  await openAccount(beta, 'settlement', 300);

  // Not more than this may be under way.
  const bound = [{ asset: ASSET, inFlight: 299 }];
  await alfa.call('POST', '/v1/peers/beta/limits', { limits: bound });
  const tooMuch = await alfa.call('POST', '/v1/transfers', PAYMENT);
  expect([endOf(tooMuch), tooMuch.body['bank']]).toEqual(['peer_busy', 'beta']);
  await alfa.call('POST', '/v1/peers/beta/limits', { limits: [{ asset: ASSET, inFlight: 300 }] });

  const early = await settle(beta, 'alfa', 1);
  expect(endOf(early)).toBe('no_position');
  const paid = await alfa.call('POST', '/v1/transfers', PAYMENT);
  expect(paid.status, paid.text).toBe(201);
  await eventually('both books have it', async () => (await positionOf(beta, 'alfa')) === -300);
  expect(await positionOf(alfa, 'beta')).toBe(300);
  expect(endOf(await alfa.call('DELETE', '/v1/peers/beta'))).toBe('peer_in_use');
  expect(endOf(await beta.call('DELETE', '/v1/peers/alfa'))).toBe('peer_in_use');

  const { text: metrics } = await alfa.call('GET', '/metrics');
  expect(metrics).toContain('lastro_peer_online{bank="beta"} 1');
  expect(metrics).toMatch(/^lastro_cross_bank_committed_total 1$/m);

  // The creditor has seen the money, and gives up its claim.
  expect(endOf(await settle(beta, 'alfa', 301))).toBe('position_smaller');
  const id = randomUUID();
  const settled = await settle(beta, 'alfa', 200, { id });
  expect(settled.status, settled.text).toBe(201);
  expect(settled.body).toMatchObject({
    id,
    bank: 'alfa',
    asset: ASSET,
    amount: 200,
    position: -100,
  });
  expect(settled.body.transaction).toMatch(/^beta\//);
  await eventually('alfa has it', async () => (await positionOf(alfa, 'beta')) === 100);
  expect([await balanceOf(alfa, 'settlement'), await balanceOf(beta, 'settlement')]).toEqual([
    200, 100,
  ]);

  // The debtor may begin, too, as far as the creditor lets it.
  expect(endOf(await settle(alfa, 'beta', 100))).toBe('consent_required');
  const granted = await beta.call<ConsentAnswer>('POST', '/v1/consents', {
    account: 'settlement',
    bank: 'alfa',
    amount: 100,
    uses: 'once',
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  expect(granted.status, granted.text).toBe(201);
  const rest = await lastro(alfa, [
    'peers',
    'settle',
    'beta',
    'BRL/2=100',
    '--consent',
    granted.body.id,
  ]);
  expect(rest).toBe('BRL/2 100 settled with beta; nothing is owed any more.\n');
  await eventually('beta has it', async () => (await positionOf(beta, 'alfa')) === 0);

  // Sent again, it is the same settlement, though nothing is owed any more.
  const again = await settle(beta, 'alfa', 200, { id });
  expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
  expect(again.body.transaction).toBe(settled.body.transaction);
  expect(endOf(await settle(beta, 'gama', 1))).toBe('not_found');

  await eventually('nothing is under way', async () => {
    expect((await alfa.call('DELETE', '/v1/peers/beta')).status).toBe(204);
    return true;
  });
  expect((await beta.call('DELETE', '/v1/peers/alfa')).status).toBe(204);
});
