import { randomUUID } from 'node:crypto';
import { localTransactionId, NO_METADATA, type HoldState } from '@lastro/core';
import { expect, test } from 'vitest';
import { readHolds } from '../../packages/server/src/ledger/hold-queries.ts';
import { query } from '../harness/postgres.ts';
import { envelope, wordFor } from './fixtures/engine-world.ts';
import { abort, begin, bodyOf, commit } from './fixtures/share-steps.ts';
import { expectSound, startWorld } from './fixtures/share-world.ts';

test('what is promised is listed among the holds, by state and by account, in pages', async () => {
  const world = await startWorld();
  const { engine, database } = world;
  const out = Array.from({ length: 9 }, () => bodyOf('test', 'test/ana beta/zoe 5'));
  for (const body of out) await wordFor(engine.submit(envelope(begin(body))));
  const own = randomUUID();
  const seven = { from: 'ana', to: 'bia', amount: 7n, metadata: NO_METADATA, condition: null };
  await wordFor(
    engine.submit(
      envelope({ type: 'PlaceHold', id: own, transfers: [seven], expiry: { ttl: 3_600_000 } }),
    ),
  );
  for (const body of out.slice(0, 3)) await engine.settle(commit(body));
  for (const body of out.slice(3, 5)) await engine.settle(abort(body.id));
  const holdOf = ({ id }: (typeof out)[number]) => localTransactionId(id, null);
  const expected = {
    any: [own, ...out.toReversed().map(holdOf)],
    pending: [own, ...out.slice(5).toReversed().map(holdOf)],
    captured: out.slice(0, 3).toReversed().map(holdOf),
    released: out.slice(3, 5).toReversed().map(holdOf),
    expired: [],
  };
  for (const account of [undefined, 'ana']) {
    for (const [name, ids] of Object.entries(expected)) {
      const state = name === 'any' ? undefined : (name as HoldState);
      const listed: string[] = [];
      let before: number | undefined;
      for (;;) {
        const page = await readHolds(database.reads, { account, state }, before, 2);
        listed.push(...page.map(({ id }) => id));
        before = page.at(-1)?.seq;
        if (page.length < 2) break;
      }
      expect(listed, `${name} of ${account ?? 'all'}`).toEqual(ids);
    }
  }
  const ofPeer = await readHolds(
    database.reads,
    { account: 'peer:beta:BRL', state: 'captured' },
    undefined,
    10,
  );
  expect(ofPeer.map(({ id }) => id)).toEqual(expected.captured);
  await expectSound(world);
});

test('a promise without its legs, or of what was decided once, is found or refused', async () => {
  const world = await startWorld();
  const { engine, url } = world;
  const out = bodyOf('test', 'test/ana beta/zoe 300');
  await wordFor(engine.submit(envelope(begin(out))));
  const triggers = (verb: string) =>
    query(url, `alter table hold_leg ${verb} trigger hold_leg_stays`);
  await triggers('disable');
  await query(url, 'update hold_leg set hold_seq = -hold_seq');
  const broken = await world.brokenInvariants();
  await query(url, 'update hold_leg set hold_seq = -hold_seq');
  await triggers('enable');
  expect(broken.join()).toContain('I7');
  await expectSound(world);
  await engine.settle(commit(out));
  const changes = [
    `state = 'aborted'`,
    'decided_seq = decided_seq + 1',
    `decided_at = decided_at + interval '1 day'`,
    'rebuilt = true',
    `yes = '[]'`,
    'seq = seq + 1',
    `body = '{}'`,
  ].map((change) => `update cross_transaction set ${change}`);
  for (const one of [...changes, 'delete from cross_transaction', 'truncate cross_transaction']) {
    await expect(query(url, one), one).rejects.toMatchObject({ code: 'LH002' });
  }
  await query(url, 'update cross_transaction set settled = true');
  await expect(query(url, 'update cross_transaction set settled = false')).rejects.toThrow('stays');
  await query(
    url,
    `set session_replication_role = replica; update cross_transaction set settled = false`,
  );
  await expectSound(world);
});
