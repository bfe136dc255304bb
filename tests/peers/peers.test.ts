import type { PeerPosition } from '@lastro/contract';
import { describe, expect, it, vi } from 'vitest';
import { startBankInProcess } from '../harness/bank-in-process.ts';
import { endOf } from '../harness/http-caller.ts';
import { add, eventually, online, peerWorld, stateOf } from './peer-world.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** 32 bytes that are a key. */
const SOME_KEY = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const SOMEWHERE = { bank: 'beta', url: 'http://127.0.0.1:9/', keys: [SOME_KEY] };

describe('two banks', () => {
  it('find each other in the register, miss each other, and part', async () => {
    const world = await peerWorld();
    const [alfa, beta] = [await world.start('alfa'), await world.start('beta')];

    const added = await add(alfa, beta);
    const { self } = await beta.list();
    expect(added).toMatchObject({
      bank: 'beta',
      url: `http://${beta.gate.address}`,
      inFlight: { count: 0, max: 256, values: [] },
    });
    // What the operators compare.
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
    await eventually('no trouble is left', async () => (await alfa.peer('beta'))?.trouble === null);

    beta.gate.shut();
    await stateOf(alfa, beta, 'offline');
    const away = await alfa.peer('beta');
    expect(away?.trouble).toMatch(/^peer_(?:cut|unreachable)$/);
    expect(away?.lastContactAt).not.toBeNull();
    // Beta still reaches alfa; that it calls is no proof that it can be called.
    await online(beta, alfa);
    expect((await alfa.peer('beta'))?.state).toBe('offline');
    beta.gate.open();
    await online(alfa, beta);

    const removed = await alfa.call('DELETE', '/v1/peers/beta');
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await alfa.list()).data).toEqual([]);
    expect(endOf(await alfa.call('DELETE', '/v1/peers/beta'))).toBe('not_found');
    expect(endOf(await alfa.call('GET', '/v1/peers/beta/position'))).toBe('not_found');
    await stateOf(beta, alfa, 'offline');
    expect((await beta.peer('alfa'))?.trouble).toBe('not_accepted');
  });
});

describe('a peer', () => {
  it('has limits, in every process of the bank', async () => {
    const world = await peerWorld();
    const alfa = await world.start('alfa');
    const twin = await world.start('alfa', { databaseUrl: alfa.databaseUrl });

    const headers = { 'idempotency-key': 'limits-of-beta' };
    const put = (exposure: number) =>
      alfa.call(
        'POST',
        '/v1/peers',
        { ...SOMEWHERE, limits: [{ asset: 'BRL/2', exposure }] },
        { headers },
      );
    const added = await put(1_000);
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
    const bounds = { count: 0, max: 7, values: [{ asset: 'BRL/2', value: 0, max: 500 }] };
    expect((await alfa.peer('beta'))?.inFlight).toEqual(bounds);
    await eventually('the other process knows', async () => {
      expect((await twin.peer('beta'))?.inFlight).toEqual(bounds);
      return true;
    });
    expect((await twin.list()).self.keys).toEqual((await alfa.list()).self.keys);

    // The same request again sets nothing back; another one under its id is none.
    expect((await put(1_000)).status).toBe(201);
    const read = await alfa.call<PeerPosition>('GET', '/v1/peers/beta/position');
    expect(read.body.positions).toMatchObject([{ exposureLimit: 2_000 }, { exposureLimit: null }]);
    expect(endOf(await put(2))).toBe('id_reused');

    const again = await alfa.call('POST', '/v1/peers/beta/limits', {
      limits: [{ asset: 'BRL/2', inFlight: null }],
    });
    expect(again.status).toBe(200);
    expect((await alfa.peer('beta'))?.inFlight.values).toEqual([]);
    const nobody = await alfa.call('POST', '/v1/peers/gama/limits', { inFlightMax: 1 });
    expect(endOf(nobody)).toBe('not_found');

    const ends: string[] = [];
    for (const body of [
      { bank: 'nobody' },
      { ...SOMEWHERE, bank: 'alfa' },
      { ...SOMEWHERE, keys: [`${'A'.repeat(42)}B`] },
      { ...SOMEWHERE, keys: [SOME_KEY, SOME_KEY] },
      { ...SOMEWHERE, url: 'ftp://127.0.0.1' },
      { ...SOMEWHERE, url: 'http://user:x@127.0.0.1' },
      { ...SOMEWHERE, bank: 'Beta' },
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
  });
});

describe('a bank whose register is away', () => {
  it('starts, takes peers that are described to it, and complains once', async () => {
    const closed = await peerWorld('postgres://127.0.0.1:9/register');
    const alfa = await closed.start('alfa');
    expect(endOf(await alfa.call('POST', '/v1/peers', { bank: 'beta' }))).toBe(
      'register_unavailable',
    );
    expect((await alfa.call('POST', '/v1/peers', SOMEWHERE)).status).toBe(201);
    const about = 'the own entry is not in the register';
    await eventually('it complains', () => alfa.complaints.some((line) => line.includes(about)));
  });
});

describe('a bank in no consortium', () => {
  it('says so on every route of it', async () => {
    const bank = await startBankInProcess();
    const routes = [
      ['GET', '/v1/peers', undefined],
      ['POST', '/v1/peers', { bank: 'beta' }],
      ['DELETE', '/v1/peers/beta', undefined],
      ['POST', '/v1/peers/beta/limits', { inFlightMax: 1 }],
      ['GET', '/v1/peers/beta/position', undefined],
      ['POST', '/v1/peers/rotate', undefined],
    ] as const;
    for (const [method, path, body] of routes) {
      expect(endOf(await bank.call(method, path, body)), `${method} ${path}`).toBe('no_consortium');
    }
    await bank.stop();
  });
});
