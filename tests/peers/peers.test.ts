import type { PeerPosition } from '@lastro/contract';
import { describe, expect, it } from 'vitest';
import { startBankInProcess } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';
import { endOf } from '../harness/http-caller.ts';
import { add, introduce, online, peerWorld, stateOf } from './peer-world.ts';

/** 32 bytes that are a key. */
const SOME_KEY = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';

describe('a peer', () => {
  it('is added by what the register says of it, and shown with the fingerprint to compare', async () => {
    const world = await peerWorld();
    const [alfa, beta] = [await world.start('alfa'), await world.start('beta')];
    const added = await add(alfa, beta);
    const { self } = await beta.list();
    expect(added).toMatchObject({
      bank: 'beta',
      url: `http://${beta.gate.address}`,
      inFlight: { count: 0, max: 256, values: [] },
    });
    expect(added.keys.map(({ fingerprint }) => fingerprint)).toEqual(
      self.keys.map(({ fingerprint }) => fingerprint),
    );
    expect(added.keys[0]?.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    // Beta has not added alfa: it answers, but takes nothing from it.
    await stateOf(alfa, beta, 'offline');
    expect(await alfa.peer('beta')).toMatchObject({ trouble: 'not_accepted', lastContactAt: null });
    await add(beta, alfa);
    await online(alfa, beta);
    await online(beta, alfa);
    expect(await alfa.peer('beta')).toMatchObject({ trouble: null });
  });

  it('is offline after missed probes, while the other one goes on, and back by itself', async () => {
    const world = await peerWorld();
    const [alfa, beta] = [await world.start('alfa'), await world.start('beta')];
    await introduce(alfa, beta);
    beta.gate.shut();
    await stateOf(alfa, beta, 'offline');
    const away = await alfa.peer('beta');
    expect(away?.trouble).toMatch(/^peer_(?:cut|unreachable)$/);
    expect(away?.lastContactAt).not.toBeNull();
    // Beta still reaches alfa; that it calls is no proof that it can be called.
    expect((await beta.peer('alfa'))?.state).toBe('online');
    beta.gate.open();
    await online(alfa, beta);
  });

  it('is known to the other processes of the bank, and after a restart', async () => {
    const world = await peerWorld();
    const [alfa, beta] = [await world.start('alfa'), await world.start('beta')];
    await add(alfa, beta);
    const rows = await alfa.running.stop().then(() => alfa.databaseUrl);
    const again = await startBankInProcess({ bank: 'alfa', databaseUrl: rows });
    // Without a register it is in no consortium, whatever its table says.
    expect(endOf(await again.call('GET', '/v1/peers'))).toBe('no_consortium');
    await again.stop();
  });

  it('may owe so much, and have so much under way, as its limits say', async () => {
    const world = await peerWorld();
    const alfa = await world.start('alfa');
    const added = await alfa.call('POST', '/v1/peers', {
      bank: 'beta',
      url: 'http://127.0.0.1:9/',
      keys: [SOME_KEY],
      limits: [{ asset: 'BRL/2', exposure: 1_000 }],
    });
    expect([added.status, added.body['url']]).toEqual([201, 'http://127.0.0.1:9']);
    const limited = await alfa.call<PeerPosition>('POST', '/v1/peers/beta/limits', {
      limits: [
        { asset: 'BRL/2', exposure: 2_000, inFlight: 500 },
        { asset: 'USD/2', exposure: null },
      ],
      inFlightMax: 7,
    });
    expect(limited.status, limited.text).toBe(200);
    const nothing = { position: 0, promisedIn: 0, promisedOut: 0 };
    expect(limited.body).toMatchObject({
      bank: 'beta',
      positions: [
        { asset: 'BRL/2', exposureLimit: 2_000, available: 2_000, ...nothing },
        { asset: 'USD/2', exposureLimit: null, available: null, ...nothing },
      ],
      inFlight: [],
    });
    expect((await alfa.peer('beta'))?.inFlight).toEqual({
      count: 0,
      max: 7,
      values: [{ asset: 'BRL/2', value: 0, max: 500 }],
    });
    const read = await alfa.call('GET', '/v1/peers/beta/position');
    expect(read.body).toMatchObject({ positions: limited.body.positions });
    const again = await alfa.call('POST', '/v1/peers/beta/limits', {
      limits: [{ asset: 'BRL/2', inFlight: null }],
    });
    expect(again.status).toBe(200);
    expect((await alfa.peer('beta'))?.inFlight.values).toEqual([]);
  });

  it('set to the same limits under one id twice is set once', async () => {
    const world = await peerWorld();
    const alfa = await world.start('alfa');
    const headers = { 'idempotency-key': 'limits-of-beta' };
    const put = (exposure: number) =>
      alfa.call(
        'POST',
        '/v1/peers',
        { bank: 'beta', url: 'http://127.0.0.1:9', keys: [SOME_KEY], limits: [{ asset: 'BRL/2', exposure }] },
        { headers },
      );
    expect((await put(1)).status).toBe(201);
    await alfa.call('POST', '/v1/peers/beta/limits', { limits: [{ asset: 'BRL/2', exposure: 5 }] });
    expect((await put(1)).status).toBe(201);
    const { body } = await alfa.call<PeerPosition>('GET', '/v1/peers/beta/position');
    expect(body.positions).toMatchObject([{ exposureLimit: 5 }]);
    expect(endOf(await put(2))).toBe('id_reused');
  });

  it('is removed when nothing is owed, and unknown from then on', async () => {
    const world = await peerWorld();
    const [alfa, beta] = [await world.start('alfa'), await world.start('beta')];
    await introduce(alfa, beta);
    const removed = await alfa.call('DELETE', '/v1/peers/beta');
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await alfa.list()).data).toEqual([]);
    expect(endOf(await alfa.call('DELETE', '/v1/peers/beta'))).toBe('not_found');
    expect(endOf(await alfa.call('GET', '/v1/peers/beta/position'))).toBe('not_found');
    await stateOf(beta, alfa, 'offline');
    expect((await beta.peer('alfa'))?.trouble).toBe('not_accepted');
  });

  it('is refused where what is said of it can’t be', async () => {
    const world = await peerWorld();
    const alfa = await world.start('alfa');
    const ends: string[] = [];
    for (const body of [
      { bank: 'nobody' },
      { bank: 'alfa', url: 'http://127.0.0.1:9', keys: [SOME_KEY] },
      { bank: 'beta', url: 'http://127.0.0.1:9', keys: ['A'.repeat(42) + 'B'] },
      { bank: 'beta', url: 'http://127.0.0.1:9', keys: [SOME_KEY, SOME_KEY] },
      { bank: 'beta', url: 'ftp://127.0.0.1', keys: [SOME_KEY] },
      { bank: 'beta', url: 'http://user:x@127.0.0.1', keys: [SOME_KEY] },
      { bank: 'Beta', url: 'http://127.0.0.1:9', keys: [SOME_KEY] },
    ]) {
      ends.push(endOf(await alfa.call('POST', '/v1/peers', body)));
    }
    expect(ends).toEqual([
      'member_unknown',
      'peer_keys_refused',
      'peer_keys_refused',
      'peer_keys_refused',
      'invalid_request',
      'invalid_request',
      'invalid_request',
    ]);
    expect((await alfa.list()).data).toEqual([]);
  });
});

describe('a bank whose register is away', () => {
  it('starts, takes peers that are described to it, and stands in the register as soon as it can', async () => {
    const closed = await peerWorld('postgres://127.0.0.1:9/register');
    const alfa = await closed.start('alfa');
    expect(endOf(await alfa.call('POST', '/v1/peers', { bank: 'beta' }))).toBe(
      'register_unavailable',
    );
    const described = { bank: 'beta', url: 'http://127.0.0.1:9', keys: [SOME_KEY] };
    expect((await alfa.call('POST', '/v1/peers', described)).status).toBe(201);
    await eventually('it complains once', () =>
      alfa.complaints.some((line) => line.includes('the own entry is not in the register')),
    );
  });
});

describe('a bank in no consortium', () => {
  it('says so on every route of it', async () => {
    const bank = await startBankInProcess();
    const routes = [
      ['GET', '/v1/peers', undefined],
      ['POST', '/v1/peers', { bank: 'beta' }],
      ['DELETE', '/v1/peers/beta', undefined],
      ['POST', '/v1/peers/beta/limits', {}],
      ['GET', '/v1/peers/beta/position', undefined],
      ['POST', '/v1/peers/rotate', undefined],
    ] as const;
    for (const [method, path, body] of routes) {
      expect(endOf(await bank.call(method, path, body)), `${method} ${path}`).toBe('no_consortium');
    }
    await bank.stop();
  });
});
