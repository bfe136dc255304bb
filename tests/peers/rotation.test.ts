import type { OwnIdentity } from '@lastro/contract';
import { expect, test, vi } from 'vitest';
import { endOf } from '../harness/http-caller.ts';
import {
  eventually,
  introduce,
  online,
  peerWorld,
  stateOf,
  type MemberBank,
} from './peer-world.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const rolesOf = async (bank: MemberBank) => (await bank.list()).self.keys.map(({ role }) => role);

async function signingKeyOf(bank: MemberBank): Promise<string> {
  const { self } = await bank.list();
  return self.keys.find(({ role }) => role === 'signing')?.keyId ?? '';
}

/** Of `peer` as `bank` has pinned them: id and state. */
async function pinnedOf(bank: MemberBank, peer: string): Promise<Record<string, string>> {
  const found = await bank.peer(peer);
  return Object.fromEntries((found?.keys ?? []).map(({ keyId, state }) => [keyId, state]));
}

async function rotate(bank: MemberBank): Promise<void> {
  const { status, text, body } = await bank.call<OwnIdentity>('POST', '/v1/peers/rotate');
  expect(status, text).toBe(200);
  expect(body.keys.map(({ role }) => role)).toEqual(['signing', 'next']);
}

/** Waits until another key signs than before; its id. */
function untilOtherThan(bank: MemberBank, before: string): Promise<string> {
  return eventually('another key signs', async () => {
    const signing = await signingKeyOf(bank);
    return signing !== before && signing;
  });
}

test('a new key is announced under the old one, and both are valid', async () => {
  const world = await peerWorld();
  const [alfa, beta] = [await world.start('alfa'), await world.start('beta')];
  await introduce(alfa, beta);
  const first = await signingKeyOf(alfa);
  await rotate(alfa);
  const second = await untilOtherThan(alfa, first);
  expect(await rolesOf(alfa)).toEqual(['signing', 'previous']);
  expect(await pinnedOf(beta, 'alfa')).toEqual({ [first]: 'valid', [second]: 'valid' });

  // The next rotation gives the first one up, for ever; what was promised under it still counts.
  await rotate(alfa);
  const third = await untilOtherThan(alfa, second);
  expect(await pinnedOf(beta, 'alfa')).toEqual({
    [first]: 'superseded',
    [second]: 'valid',
    [third]: 'valid',
  });
  await online(beta, alfa);

  // A peer that is away meanwhile learns of it when it is back.
  beta.gate.shut();
  alfa.gate.shut();
  await stateOf(alfa, beta, 'offline');
  await rotate(alfa);
  const fourth = await untilOtherThan(alfa, third);
  expect(Object.keys(await pinnedOf(beta, 'alfa'))).not.toContain(fourth);
  // Another one would lock it out: beta would know neither.
  const early = await alfa.call('POST', '/v1/peers/rotate');
  expect([endOf(early), early.body['bank']]).toEqual(['key_unheard', 'beta']);
  beta.gate.open();
  alfa.gate.open();
  await online(alfa, beta);
  await online(beta, alfa);
  expect(await pinnedOf(beta, 'alfa')).toMatchObject({ [third]: 'valid', [fourth]: 'valid' });

  expect((await alfa.call('POST', '/v1/peers/rotate', { retire: true })).status).toBe(200);
  await eventually(
    'beta takes the newest key alone',
    async () => (await pinnedOf(beta, 'alfa'))[third] === 'revoked',
  );
  expect(await rolesOf(alfa)).toEqual(['signing']);

  // The register says the same to whoever comes now.
  const gama = await world.start('gama');
  await eventually('gama finds the newest key in the register', async () => {
    await gama.call('POST', '/v1/peers', { bank: 'alfa' });
    return (await pinnedOf(gama, 'alfa'))[fourth] === 'valid';
  });
});

test('a new key does not wait for ever for a peer of which nothing is known', async () => {
  const world = await peerWorld();
  const alfa = await world.start('alfa', { missedMax: 1_000_000, announceMs: 300 });
  const keys = ['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'];
  await alfa.call('POST', '/v1/peers', { bank: 'beta', url: 'http://127.0.0.1:9', keys });
  const first = await signingKeyOf(alfa);
  await rotate(alfa);
  expect(await untilOtherThan(alfa, first)).not.toBe(first);
});
