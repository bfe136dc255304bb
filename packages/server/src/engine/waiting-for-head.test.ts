import { describe, expect, it } from 'vitest';
import { NOBODY_WAITS } from './attempt.ts';
import { Engine } from './engine.ts';
import { COMMITTED, failed, startLane, until, type Sent, type World } from './lane.fixture.ts';
import type { EngineLimits } from './limits.ts';
import { opening } from './tickets.fixture.ts';

/** An engine on a lane whose head another process has: its own first command waits for it. */
async function startBehindAnother(limits: Partial<EngineLimits> = {}) {
  const world = startLane(limits);
  const { promise, resolve: letGo } = Promise.withResolvers<void>();
  world.head.turn = promise;
  const engine = new Engine({
    lane: world.lane,
    limits: world.limits,
    clock: () => world.clock.now,
    readFact: () => Promise.reject(new Error('nothing was settled before')),
    onAlarm: () => undefined,
  });
  engine.start();
  const submit = (account: string) => {
    const ticket = opening(account);
    if (ticket.kind !== 'command') throw new Error('it is a command');
    return engine.submit(ticket.envelope);
  };
  const first = submit('ana');
  await until(() => world.head.asked === 1);
  return { engine, world, submit, first, letGo };
}

async function answerNext({ nextSent }: World, result = COMMITTED): Promise<readonly string[]> {
  const sent = await nextSent();
  sent.answer(result);
  return openedIn(sent);
}

/** Of the accounts of these tests, those that the block opens. */
function openedIn({ statements }: Sent): readonly string[] {
  const texts = statements.flatMap(({ values }) => values).map(String);
  const has = (name: string) => texts.some((text) => text.includes(`"${name}"`));
  return ['ana', 'bia', 'caio', 'dora'].filter(has);
}

describe('what comes while another process has head', () => {
  it('goes along with the commands that wait for it', async () => {
    const { engine, world, submit, first, letGo } = await startBehindAnother();
    const others = ['bia', 'caio'].map(submit);
    letGo();
    expect(await answerNext(world)).toEqual(['ana', 'bia', 'caio']);
    const outcomes = await Promise.all([first, ...others]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['settled', 'settled', 'settled']);
    expect([world.sent.length, engine.pendingCount, engine.queueLength]).toEqual([1, 0, 0]);
    await engine.stop();
  });

  it('waits for another block where this one is full', async () => {
    const blockRowsMax = 2 * opening('ana').rows;
    const { engine, world, submit, first, letGo } = await startBehindAnother({ blockRowsMax });
    const others = ['bia', 'caio', 'dora'].map(submit);
    letGo();
    expect(await answerNext(world)).toEqual(['ana', 'bia']);
    expect(await answerNext(world)).toEqual(['caio', 'dora']);
    await Promise.all([first, ...others]);
    await engine.stop();
  });

  it('is tried again with them where the block was not written', async () => {
    const { engine, world, submit, first, letGo } = await startBehindAnother();
    const other = submit('bia');
    letGo();
    expect(await answerNext(world, failed('unavailable'))).toEqual(['ana', 'bia']);
    expect(await answerNext(world, failed('lost_race'))).toEqual(['ana', 'bia']);
    expect(await answerNext(world)).toEqual(['ana', 'bia']);
    await Promise.all([first, other]);
    await engine.stop();
  });

  it('is unknown with them, and nothing more joins as long as it is', async () => {
    const { engine, world, submit, first, letGo } = await startBehindAnother();
    const other = submit('bia');
    letGo();
    const hidden = await world.nextSent();
    const late = submit('caio');
    hidden.answer(failed('unknown'));
    expect(openedIn(hidden)).toEqual(['ana', 'bia']);
    expect(await answerNext(world)).toEqual(['ana', 'bia']);
    expect(await answerNext(world)).toEqual(['caio']);
    await Promise.all([first, other, late]);
    await engine.stop();
  });

  it('is given back as unknown when its block never gets an answer', async () => {
    const { engine, world, submit, first, letGo } = await startBehindAnother({
      commandTimeoutMs: 1_000,
    });
    const answers = Promise.allSettled([first, submit('bia')]);
    letGo();
    await world.nextSent();
    const given = await answers;
    const unknown = { status: 'rejected', reason: { code: 'outcome_unknown' } };
    expect(given).toMatchObject([unknown, unknown]);
    world.sent[0]!.answer(COMMITTED);
    await engine.stop();
  });

  it('is left where ids have to be looked up', async () => {
    const world = startLane();
    let asked = 0;
    const takeMore = () => {
      asked += 1;
      return [];
    };
    const waiting = { ...NOBODY_WAITS, takeMore };
    const { kind } = await world.lane.attempt([opening('ana')], 'careful', waiting);
    // Outcomes can't be looked up here.
    expect(kind).toBe('unavailable');
    expect(asked).toBe(0);
  });
});
