import { CommandAnswer } from '@lastro/contract';
import type { Fact } from '@lastro/core';
import { Type } from 'typebox';
import type { Application } from '../http/application.ts';
import { answers } from '../http/answers.ts';
import { readEvent } from '../store/read-event.ts';
import type { LedgerParts } from './routes.ts';

export function registerCommands(app: Application, { reads, crossBank }: LedgerParts): void {
  app.get(
    '/v1/commands/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'What became of a command of this key',
        description:
          '`unknown` is no answer: the command may still be on its way. Sending it again with the ' +
          'same id is what settles it. `queued`: it waits for a bank that is away, until its deadline.',
        tags: ['commands'],
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 300 }) }),
        response: answers(200, CommandAnswer, [400, 401, 503]),
      },
    },
    async ({ params, principal }): Promise<CommandAnswer> => {
      const { id } = params;
      // What PostgreSQL's text can't hold can't be an id.
      if (id.includes('\0')) return { id, status: 'unknown' };
      // Asked first: what leaves the queue by being begun is recorded by then.
      const isQueued = (await crossBank?.isQueued(principal.id, id)) ?? false;
      const [row] = await reads.rows<{ seq: bigint; code: string | null }>(
        'select seq, code from outcome where principal = $1 and id = $2',
        [principal.id, id],
      );
      if (row === undefined) return { id, status: isQueued ? 'queued' : 'unknown' };
      if (row.code !== null) return { id, status: 'refused', code: row.code };
      const found = await readEvent(reads, Number(row.seq));
      const resource = found === undefined ? undefined : resourceOf(found.event.fact);
      return { id, status: 'accepted', ...(resource === undefined ? {} : { resource }) };
    },
  );
}

/** The path under which what a fact made is read. */
function resourceOf(fact: Fact): string | undefined {
  switch (fact.type) {
    case 'account.opened':
    case 'account.changed':
    case 'account.frozen':
    case 'account.unfrozen':
    case 'account.closed':
    case 'account.reopened':
      return `/v1/accounts/${encodeURIComponent(fact.account)}`;
    case 'hold.placed':
      return `/v1/holds/${fact.id}`;
    case 'hold.captured':
    case 'hold.released':
    case 'hold.expired':
    case 'hold.extended':
      return `/v1/holds/${fact.hold}`;
    case 'lease.requested':
    case 'lease.renewed':
    case 'lease.released':
    case 'lease.passed':
      return `/v1/accounts/${encodeURIComponent(fact.account)}/leases`;
    case 'order.cancelled':
      return `/v1/orders/${fact.order}`;
    case 'transfer.posted':
    case 'transfer.reversed':
      return `/v1/transfers/${fact.transfer.id}`;
    case 'transaction.posted':
    case 'transaction.reversed':
      return `/v1/transactions/${fact.id}`;
    case 'product.created':
    case 'product.changed':
    case 'goods.received':
    case 'goods.adjusted':
      return `/v1/products/${encodeURIComponent(fact.sku)}`;
    case 'order.completed':
    case 'order.refused':
      return `/v1/orders/${fact.id}`;
    case 'crossbank.prepared':
    case 'crossbank.committed':
    case 'crossbank.aborted':
    case 'crossbank.doubted':
    case 'crossbank.settled':
      return `/v1/transactions/${fact.id}`;
    case 'consent.granted':
    case 'consent.revoked':
      return `/v1/consents/${fact.id}`;
    case 'peer.limited':
      return `/v1/peers/${fact.bank}/position`;
    case 'bank.opened':
    case 'command.refused':
    case 'command.failed':
      return undefined;
  }
}
