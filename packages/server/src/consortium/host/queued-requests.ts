import type { consortium, CrossBankOrder } from '@lastro/core';
import { EngineError } from '../../engine/engine-error.ts';
import type { BeginRequest } from '../../http/cross-bank-host.ts';
import { describeFault } from '../../store/database-error.ts';
import type { Parameter, Reads } from '../../store/reads.ts';

// A client that was told "queued" may rely on it: what it asked for survives the process that said so.
// Several processes of a bank may wait for the same peer with the same request. Each statement here is
// one row's own transaction, so one of them begins it, and nobody says "refused" while another begins.

type Envelope = BeginRequest['envelope'];

/** What waits, and until when; milliseconds since 1970. */
export interface QueuedRequest {
  readonly request: Pick<BeginRequest, 'envelope' | 'legs' | 'order'>;
  readonly deadline: number;
}

/** Where a page begins: behind this one. */
export type QueuePlace = Pick<QueuedRequest, 'deadline'> & Pick<Envelope, 'principal' | 'id'>;

interface Row {
  principal: string;
  id: string;
  hash: Buffer;
  legs: readonly LegText[];
  pending_order: OrderText | null;
  lease_tokens: readonly string[];
  deadline: number;
}

type LegText = Omit<consortium.Leg, 'amount'> & { readonly amount: string };
type OrderText = Omit<CrossBankOrder, 'lines' | 'total'> & {
  readonly lines: readonly { readonly sku: string; readonly quantity: string }[];
  readonly total: string;
};

const THIS = 'principal = $1 and id = $2 and hash = $3';

/** A claim is worth nothing when its process has not come back to it by then, tries included: it died. */
const UNCLAIMED = `(claimed_at is null or claimed_at < now() - interval '45 s')`;

/** Every call rejects with `outcome_unknown` where the database does not answer. */
export class QueuedRequests {
  readonly #reads: Reads;

  constructor(reads: Reads) {
    this.#reads = reads;
  }

  /**
   * Durable once this resolves: until when it waits, which the first of its repeats has said. Undefined:
   * another request waits under this id.
   */
  async put({ request, deadline }: QueuedRequest): Promise<number | undefined> {
    const { envelope, legs, order } = request;
    const { principal, id, hash, leaseTokens } = envelope;
    const [row] = await this.#ask<{ hash: Buffer; deadline: number }>(
      `insert into queued_request
         (principal, id, hash, legs, pending_order, lease_tokens, deadline)
       values ($1, $2, $3, $4, $5, $6::bigint[], $7)
       on conflict (principal, id) do update set deadline = queued_request.deadline
       returning hash, deadline`,
      [
        principal,
        id,
        Buffer.from(hash, 'hex'),
        textOf(legs),
        order === null ? null : textOf(order),
        leaseTokens.map(String),
        new Date(deadline).toISOString(),
      ],
    );
    return row?.hash.toString('hex') === hash ? row.deadline : undefined;
  }

  /** Before it is begun. False: another process begins it, or it is gone. */
  async claim(envelope: Envelope): Promise<boolean> {
    const rows = await this.#ask(
      `update queued_request set claimed_at = now()
        where ${THIS} and ${UNCLAIMED} returning id`,
      keyOf(envelope),
    );
    return rows.length > 0;
  }

  /** It could not be begun now, and may be tried again. */
  async unclaim(envelope: Envelope): Promise<void> {
    await this.#ask(`update queued_request set claimed_at = null where ${THIS}`, keyOf(envelope));
  }

  /** Before it is refused with nothing begun. False: a process begins it. */
  async giveUp(envelope: Envelope): Promise<boolean> {
    const rows = await this.#ask(
      `delete from queued_request
        where ${THIS} and ${UNCLAIMED} returning id`,
      keyOf(envelope),
    );
    if (rows.length > 0) return true;
    const left = await this.#ask(`select id from queued_request where ${THIS}`, keyOf(envelope));
    return left.length === 0;
  }

  /** Whoever claimed it is through with it. */
  async remove(envelope: Envelope): Promise<void> {
    await this.#ask(`delete from queued_request where ${THIS}`, keyOf(envelope));
  }

  async has(principal: string, id: string): Promise<boolean> {
    const rows = await this.#ask('select id from queued_request where principal = $1 and id = $2', [
      principal,
      id,
    ]);
    return rows.length > 0;
  }

  /** The next ones in the order of their deadlines, behind `after`. */
  async page(after: QueuePlace | null, limit: number): Promise<readonly QueuedRequest[]> {
    const { deadline, principal, id } = after ?? { deadline: 0, principal: '', id: '' };
    const rows = await this.#reads.rows<Row>(
      `select principal, id, hash, legs, pending_order, lease_tokens, deadline from queued_request
        where (deadline, principal, id) > ($1, $2, $3)
        order by deadline, principal, id limit $4`,
      [new Date(deadline).toISOString(), principal, id, limit],
    );
    return rows.map(requestOf);
  }

  async #ask<Answer extends object>(
    text: string,
    values: readonly Parameter[],
  ): Promise<readonly Answer[]> {
    try {
      return await this.#reads.rows<Answer>(text, values);
    } catch (error) {
      throw new EngineError('outcome_unknown', describeFault(error), { cause: error });
    }
  }
}

function keyOf({ principal, id, hash }: Envelope): readonly Parameter[] {
  return [principal, id, Buffer.from(hash, 'hex')];
}

/** As JSON, with integers as texts: those of money have more digits than numbers of JSON keep. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? String(member) : member,
  );
}

function requestOf(row: Row): QueuedRequest {
  const { principal, id, deadline, pending_order: order } = row;
  return {
    request: {
      envelope: {
        principal,
        id,
        hash: row.hash.toString('hex'),
        leaseTokens: row.lease_tokens.map(Number),
      },
      legs: row.legs.map((leg) => ({ ...leg, amount: BigInt(leg.amount) })),
      order:
        order === null
          ? null
          : {
              ...order,
              lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity: BigInt(quantity) })),
              total: BigInt(order.total),
            },
    },
    deadline,
  };
}
