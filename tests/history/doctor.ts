import { encodeData, type Event } from '@lastro/core';
import { startBankInProcess } from '../harness/bank-in-process.ts';
import { eventually } from '../harness/eventually.ts';
import { createCallers } from './callers.ts';
import { checkHistory } from './check-history.ts';
import type { Answer, History, Invocation } from './history.ts';
import { readAllBlocks, readAllEvents } from './read-journal.ts';
import { Recorder } from './recorder.ts';
import { chosenId, isRead, type CommandRequest, type Request } from './request.ts';
import { BEGINNING, LEFT } from './small-world.ts';

const WAIT_TIMEOUT_MS = 20_000;

/** A true history, and copies of it with one lie in each. */
export class Doctor<Name extends string> {
  readonly truth: History;
  readonly #script: Readonly<Record<Name, Request>>;

  constructor(script: Readonly<Record<Name, Request>>, truth: History) {
    this.#script = script;
    this.truth = truth;
  }

  /** Has a real bank answer the script, one after the other; who waits for a lease waits aside. */
  static async record<Name extends string>(
    script: Readonly<Record<Name, Request>>,
  ): Promise<Doctor<Name>> {
    const bank = await startBankInProcess();
    const recorder = new Recorder([bank.url], await createCallers(bank));
    const send = (request: Request) => recorder.send('admin', request, { server: 0 });
    try {
      for (const request of BEGINNING) await send(request);
      await eventually(
        'what expires by itself has done so',
        async () => {
          const read = await send({ resource: 'hold', id: LEFT.brief });
          return isIn(read?.answer, '"state":"expired"');
        },
        WAIT_TIMEOUT_MS,
      );
      const aside: Promise<unknown>[] = [];
      for (const request of Object.values<Request>(script)) {
        await eventually('its tokens are told', () => isTold(recorder, request), WAIT_TIMEOUT_MS);
        if (request.resource !== 'leases' || request.body.wait === undefined) {
          await send(request);
          continue;
        }
        aside.push(send(request));
        const { account: id, body } = request;
        await eventually(
          'it waits',
          async () => isIn((await send({ resource: 'lease list', id }))?.answer, `${body.id}`),
          WAIT_TIMEOUT_MS,
        );
      }
      await Promise.all(aside);
      const [events, blocks] = [await readAllEvents(bank), await readAllBlocks(bank)];
      return new Doctor(script, { seed: 1, invocations: recorder.invocations, events, blocks });
    } finally {
      await recorder.close();
      await bank.stop();
    }
  }

  invocationOf(name: Name): Invocation {
    const found = this.truth.invocations.find(({ request }) => request === this.#script[name]);
    if (found === undefined) throw new Error(`${name} was not sent`);
    return found;
  }

  answerOf(name: Name): Answer {
    const { answer } = this.invocationOf(name);
    if (answer === null) throw new Error(`${name} was not answered`);
    return answer;
  }

  eventOf(name: Name): Event {
    const request = this.#script[name];
    const id = isRead(request) ? null : chosenId(request as CommandRequest);
    const events = this.truth.blocks.flatMap((block) => block.events);
    const found = events.find(({ command }) => command !== null && command.id === id);
    if (found === undefined) throw new Error(`${name} has no event`);
    return found;
  }

  /** The truth, with one invocation changed. */
  withChanged(name: Name, change: Partial<Invocation>): History {
    const found = this.invocationOf(name);
    const place = this.truth.invocations.indexOf(found);
    const invocations = this.truth.invocations.with(place, { ...found, ...change });
    return { ...this.truth, invocations };
  }

  /** The truth, with members of one answer’s body changed. */
  withBody(name: Name, change: object): History {
    const answer = this.answerOf(name);
    const body = { ...(answer.body as object), ...change };
    return this.withChanged(name, { answer: { ...answer, body } });
  }

  /** The truth, with another fact at the place of an event. */
  withFact(seq: number, fact: Event['fact']): History {
    const data = JSON.parse(encodeData(fact)) as Record<string, unknown>;
    return {
      ...this.truth,
      events: this.truth.events.map((event) =>
        event.seq === seq ? { ...event, type: fact.type, data } : event,
      ),
      blocks: this.truth.blocks.map(({ header, events }) => ({
        header,
        events: events.map((event) => (event.seq === seq ? { ...event, fact } : event)),
      })),
    };
  }

  /** The truth, with an event of the bank’s own at the place of another one. */
  withOwn(seq: number, fact: Event['fact']): History {
    const doctored = this.withFact(seq, fact);
    const blocks = doctored.blocks.map(({ header, events }) => ({
      header,
      events: events.map((event) => (event.seq === seq ? { ...event, command: null } : event)),
    }));
    return { ...doctored, blocks };
  }

  /** The truth without its last event. */
  withoutLast(): History {
    const { events, blocks } = this.truth;
    return { ...this.truth, events: events.slice(0, -1), blocks: blocks.slice(0, -1) };
  }
}

/** The rules that a history breaks. */
export function rulesBrokenIn(history: History): readonly string[] {
  return checkHistory(history).violations.map(({ rule }) => rule);
}

/** Whether the leases under which it is sent were answered. */
function isTold({ invocations }: Recorder, request: Request): boolean {
  const under = isRead(request) ? [] : (request.under ?? []);
  const answered = invocations.flatMap(({ request: sent }) =>
    sent.resource === 'leases' ? [sent.body.id] : [],
  );
  return under.every((lease) => answered.includes(lease));
}

function isIn(answer: Answer | null | undefined, text: string): boolean {
  return JSON.stringify(answer?.body ?? null).includes(text);
}
