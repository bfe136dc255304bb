import type { OwnIdentity } from '@lastro/contract';
import { expect, test } from 'vitest';
import { eventually } from '../harness/eventually.ts';
import { introduce, online, peerWorld, stateOf, type MemberBank } from './peer-world.ts';

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
  const { status, text } = await bank.call<OwnIdentity>('POST', '/v1/peers/rotate');
  expect(status, text).toBe(200);
}

test('a new key is announced under the old one, signs when the peers take it, and both are valid', async () => {
  const world = await peerWorld();
  const [alfa, beta] = [await world.start('alfa'), await world.start('beta')];
  await introduce(alfa, beta);
  const first = await signingKeyOf(alfa);
  await rotate(alfa);
  const second = await eventually('the new key signs', async () => {
    const signing = await signingKeyOf(alfa);
    return signing !== first && signing;
  });
  expect(await rolesOf(alfa)).toEqual(['signing', 'previous']);
  expect(await pinnedOf(beta, 'alfa')).toEqual({ [first]: 'valid', [second]: 'valid' });
  await online(beta, alfa);
  expect((await alfa.peer('beta'))?.state).toBe('online');

  // The next rotation gives the first one up, for ever.
  await rotate(alfa);
  const third = await eventually('the third key signs', async () => {
    const signing = await signingKeyOf(alfa);
    return signing !== second && signing;
  });
  expect(await pinnedOf(beta, 'alfa')).toEqual({
    [first]: 'revoked',
    [second]: 'valid',
    [third]: 'valid',
  });
  expect((await alfa.call('POST', '/v1/peers/rotate', { retire: true })).status).toBe(200);
  await eventually(
    'beta takes the third key alone',
    async () => (await pinnedOf(beta, 'alfa'))[second] === 'revoked',
  );
  expect(await rolesOf(alfa)).toEqual(['signing']);
});

test('a peer that was away during the rotation learns the new key when it is back', async () => {
  const world = await peerWorld();
  const [alfa, beta] = [await world.start('alfa'), await world.start('beta')];
  await introduce(alfa, beta);
  const first = await signingKeyOf(alfa);
  beta.gate.shut();
  alfa.gate.shut();
  await stateOf(alfa, beta, 'offline');
  await rotate(alfa);
  await eventually('the new key signs', async () => (await signingKeyOf(alfa)) !== first);
  expect(await pinnedOf(beta, 'alfa')).toEqual({ [first]: 'valid' });
  beta.gate.open();
  alfa.gate.open();
  await online(alfa, beta);
  await online(beta, alfa);
  expect(await pinnedOf(beta, 'alfa')).toEqual({
    [first]: 'valid',
    [await signingKeyOf(alfa)]: 'valid',
  });
});

test('a key waits for a peer that is there and has not answered, but not for ever', async () => {
  const world = await peerWorld();
  const [alfa, beta] = [await world.start('alfa', { announceMs: 1 }), await world.start('beta')];
  await introduce(alfa, beta);
  const first = await signingKeyOf(alfa);
  await rotate(alfa);
  await eventually('the new key signs', async () => (await signingKeyOf(alfa)) !== first);
});

test('the register says the new keys', async () => {
  const world = await peerWorld();
  const [alfa, beta] = [await world.start('alfa'), await world.start('beta')];
  await introduce(alfa, beta);
  await rotate(alfa);
  const gama = await world.start('gama');
  await eventually('gama finds both keys in the register', async () => {
    await gama.call('POST', '/v1/peers', { bank: 'alfa' });
    const pinned = await pinnedOf(gama, 'alfa');
    const own = (await alfa.list()).self.keys.map(({ keyId }) => keyId);
    return own.length === 2 && own.every((keyId) => pinned[keyId] === 'valid');
  });
});
