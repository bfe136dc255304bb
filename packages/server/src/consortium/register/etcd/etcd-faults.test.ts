import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  isEtcdInstalled,
  startEtcdCluster,
  type EtcdCluster,
  type EtcdMember,
} from '../../../../../../tests/harness/etcd-cluster.ts';
import { eventually } from '../../../../../../tests/harness/eventually.ts';
import { serverOrSkip } from '../../../../../../tests/harness/require-server.ts';
import { startByteProxy } from '../../../../../../tests/faults/fixtures/byte-proxy.ts';
import { open, resultOf, textOf } from '../conformance.fixture.ts';
import {
  expectEndsUnavailable,
  expectLostAnswersAreSettled,
  LATE_VALUE,
  loseAnswersAfter,
  startContest,
} from '../faults.fixture.ts';

/** Quick to ask the next member, and patient on the whole. */
const QUICK_TRIES = { attemptTimeoutMs: 1_000 };
/** Of each key and value that a transaction puts; so what changes something can be told from a read. */
const CHANGE = Buffer.from('"request_put"');

describe.runIf(serverOrSkip('etcd', isEtcdInstalled()))('a cluster of three', () => {
  let cluster: EtcdCluster;
  let registers = 0;

  beforeAll(async () => {
    cluster = await startEtcdCluster();
  });

  afterAll(() => cluster.remove());

  function newAddress(members?: readonly EtcdMember[]): string {
    registers += 1;
    return cluster.address(`faults${registers}`, members);
  }

  async function restartAfterTest(members: readonly EtcdMember[]): Promise<void> {
    onTestFinished(async () => {
      await Promise.all(members.map((member) => member.start()));
    });
    await Promise.all(members.map((member) => member.kill('SIGKILL')));
  }

  it('goes on when a member is killed in the middle, the leader too', async () => {
    const address = newAddress();
    const contest = startContest(() => open(address, null, QUICK_TRIES));
    await contest.reached(20);
    const leader = await cluster.leader();
    await restartAfterTest([leader]);
    await contest.reached(60);
    const outcome = await contest.stop();
    expect(outcome.unavailable).toBe(0);
    await contest.expectOneDecisionEach(open(address, null, QUICK_TRIES));
  });

  it('is unavailable by each deadline when the majority is away, and comes back', async () => {
    const address = newAddress();
    const register = open(address);
    const created = await resultOf(register.create('key/ana', 'alfa'));
    if (created.kind === 'below_floor') throw new Error('no floor here');
    const two = cluster.members.slice(0, 2);
    await Promise.all(two.map((member) => member.kill('SIGKILL')));
    try {
      await expectEndsUnavailable(register, created.entry);
      await expectEndsUnavailable(open(address), created.entry);
    } finally {
      await Promise.all(two.map((member) => member.start()));
    }
    const after = await resultOf(register.create('key/ana', 'beta'));
    expect(after.kind).toBe('stands');
    expect(['alfa', LATE_VALUE]).toContain(textOf(after));
  });

  it('reads what is newest from a member that was behind', async () => {
    const address = newAddress();
    const leader = await cluster.leader();
    const [behind] = cluster.members.filter((member) => member !== leader);
    const others = cluster.members.filter((member) => member !== behind);
    const name = address.split('/').at(-1) ?? '';
    const reader = open(cluster.address(name, [behind!]));
    const writer = open(cluster.address(name, others));
    const created = await resultOf(writer.create('member/alfa', 'epoch 1'));
    if (created.kind === 'below_floor') throw new Error('no floor here');
    let { revision } = created.entry;
    await resultOf(reader.position());
    // Once it may have caught up before it looks.
    for (let epoch = 2; epoch < 12; epoch += 1) {
      behind!.freeze(true);
      let reading;
      try {
        const change = writer.replace('member/alfa', revision, `epoch ${epoch}`);
        revision = (await resultOf(change)).entry?.revision ?? revision;
        reading = resultOf(reader.read('member/alfa'));
      } finally {
        behind!.freeze(false);
      }
      expect((await reading)?.value.toString()).toBe(`epoch ${epoch}`);
    }
  });

  it('asks the next member when one stands still', async () => {
    const leader = await cluster.leader();
    const frozen = cluster.members.find((member) => member !== leader);
    const address = newAddress();
    const register = open(address, null, { attemptTimeoutMs: 300 });
    await resultOf(register.create('key/ana', 'alfa'));
    frozen!.freeze(true);
    onTestFinished(() => frozen!.freeze(false));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => resultOf(register.create(`key/${index}`, 'alfa'))),
    );
    expect(answers.every(({ kind }) => kind === 'created')).toBe(true);
    expect(await resultOf(register.read('key/ana'))).not.toBeNull();
  });

  it('settles a change whose answer was lost', async () => {
    const [first, ...others] = cluster.members;
    const proxy = await startByteProxy(Number(first!.address.split(':')[1]));
    onTestFinished(() => proxy.close());
    const name = newAddress().split('/').at(-1) ?? '';
    await expectLostAnswersAreSettled({
      through: `etcd://127.0.0.1:${proxy.port}/${name}`,
      beside: cluster.address(name, others),
      loseNextAnswer: () => loseAnswersAfter(proxy, CHANGE),
      admit: (yes) => proxy.admit(yes),
    });
  });
});

describe.runIf(serverOrSkip('etcd', isEtcdInstalled()))('a cluster that is full', () => {
  it('is the register being away for changes, until it is compacted and disarmed', async () => {
    const cluster = await startEtcdCluster({ flags: ['--quota-backend-bytes', '2097152'] });
    onTestFinished(() => cluster.remove());
    const register = open(cluster.address('full'));
    await resultOf(register.create('key/ana', 'alfa'));
    const created = await resultOf(register.create('member/alfa', Buffer.alloc(60_000)));
    if (created.kind === 'below_floor') throw new Error('no floor here');
    let { revision } = created.entry;
    const full = await eventually(
      'the quota is reached',
      async () => {
        const answer = await register.replace('member/alfa', revision, Buffer.alloc(60_000));
        if (answer.kind === 'answered') revision = answer.result.entry?.revision ?? revision;
        // A slow disk may let a try run out of time before the quota is reached.
        const isFull = answer.kind === 'register_unavailable' && answer.reason.includes('space');
        return isFull && answer;
      },
      30_000,
    );
    expect(full.reason).toContain('space exceeded');
    const refused = await register.create('key/bia', 'alfa');
    // The transaction that fills a member is carried out, and yet answered so.
    expect(refused).toMatchObject({ kind: 'register_unavailable', effect: 'unknown' });
    expect((await resultOf(register.read('key/ana')))?.value.toString()).toBe('alfa');

    await compactAndDisarm(cluster);
    const after = await resultOf(register.create('key/bia', 'alfa'));
    expect(after.kind).toBe('created');
    expect(textOf(await resultOf(register.create('key/ana', 'beta')))).toBe('alfa');
  });
});

/** What an operator does, as `docs/operating/register.md` says. */
async function compactAndDisarm(cluster: EtcdCluster): Promise<void> {
  const [member] = cluster.members;
  const { header } = (await member!.call('/v3/kv/range', { key: 'YQ==' })) as {
    header: { revision: string };
  };
  await member!.call('/v3/kv/compaction', { revision: header.revision, physical: true });
  for (const each of cluster.members) await each.call('/v3/maintenance/defragment', {});
  const { alarms } = (await member!.call('/v3/maintenance/alarm', { action: 'GET' })) as {
    alarms: { memberID: string }[];
  };
  for (const { memberID } of alarms) {
    await member!.call('/v3/maintenance/alarm', {
      action: 'DEACTIVATE',
      memberID,
      alarm: 'NOSPACE',
    });
  }
}
