import { randomUUID } from 'node:crypto';
import { eventually } from '../harness/eventually.ts';
import type { Invocation } from './history.ts';
import type { Recorder } from './recorder.ts';
import type { DepthRequest, Request } from './request.ts';
import { LEFT } from './small-world.ts';

// What is sent when the random clients are done and nothing is harmed any more.

const UNSTEADY = ['bia', 'caio', 'eva', 'rui', 'lia'];
const END_TIMEOUT_MS = 20_000;

/** Brings the accounts back to what they were in the beginning: open, and nobody's alone. */
export async function bringBack(recorder: Recorder): Promise<void> {
  for (const account of UNSTEADY) {
    const listed = await send(recorder, { resource: 'lease list', id: account });
    const { data = [] } = bodyOf<{ data: readonly { readonly id: string }[] }>(listed);
    // From the last who waits to the one who has it, so that nobody gets it meanwhile.
    for (const { id: lease } of data.toReversed()) {
      await send(recorder, plain({ resource: 'give back', account, lease, body: {} }));
    }
    const read = await send(recorder, { resource: 'account', id: account });
    const { status } = bodyOf<{ status: string }>(read);
    const change = status === 'frozen' ? 'unfreeze' : status === 'closed' ? 'reopen' : undefined;
    if (change === undefined) continue;
    await send(recorder, plain({ resource: change, account, body: {} }));
  }
}

/** Lets time end what only time ends: a hold, a lease that somebody waits for, and a wait. */
export async function letTimeEnd(recorder: Recorder): Promise<void> {
  const ask = (account: string, ttl: number, wait: number) =>
    send(recorder, {
      resource: 'leases',
      account,
      body: { id: randomUUID(), owner: 'last', ttl, wait },
      key: null,
      flaw: null,
    });
  const held = await ask('keep', 1, 0);
  if (held.answer?.status !== 201) throw new Error('nobody has the account, and it is not leased');
  const [passed, waited] = await Promise.all([ask('keep', 1, 20), ask('let', 1, 1)]);
  if (passed.answer?.status !== 201) throw new Error('a lease ran out, and nobody got the next');
  if (waited.answer?.status !== 423) throw new Error('a lease was granted that another one has');
  await eventually(
    'a hold has expired',
    async () => {
      const read = await send(recorder, { resource: 'hold', id: LEFT.brief });
      return bodyOf<{ state: string }>(read).state === 'expired';
    },
    END_TIMEOUT_MS,
  );
}

function plain(request: DepthRequest): Request {
  return { ...request, key: randomUUID(), flaw: null };
}

function bodyOf<Body>({ answer }: Invocation): Partial<Body> {
  return answer?.body ?? {};
}

async function send(recorder: Recorder, request: Request): Promise<Invocation> {
  const sent = await recorder.send('admin', request, { server: 0 });
  if (sent === undefined) throw new Error('the bank is away after the run');
  return sent;
}
