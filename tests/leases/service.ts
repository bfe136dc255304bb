import type { EventAnswer } from '@lastro/contract';

/** The life of one ticket, as the journal tells it. */
export interface TicketLife {
  readonly id: string;
  readonly ticket: number;
  readonly ttl: number;
  readonly askedAt: number;
  /** `seq` of the event that granted it; undefined: never. */
  token?: number;
  grantedAt?: number;
  /** When the grant ends at the latest, renewals included. */
  expiresAt?: number;
  /** When it was given back, or given up while it waited. */
  releasedAt?: number;
  releasedSeq?: number;
}

/** Every ticket of an account in the order in which the bank took them. Times in milliseconds. */
export function ticketsOf(events: readonly EventAnswer[], account: string): TicketLife[] {
  const lives = new Map<string, TicketLife>();
  for (const { seq, type, at, data } of events) {
    if (!type.startsWith('lease.') || data['account'] !== account) continue;
    const time = Date.parse(at);
    const id = String(data['id']);
    const life = lives.get(id);
    if (type === 'lease.requested') {
      lives.set(id, { id, ticket: seq, ttl: Number(data['ttl']) * 1_000, askedAt: time });
    } else if (type === 'lease.renewed' && life !== undefined) {
      life.expiresAt = Date.parse(String(data['expiresAt']));
    } else if (type === 'lease.released' && life !== undefined) {
      life.releasedAt = time;
      life.releasedSeq = seq;
    }
    const granted = lives.get(String(data['granted']));
    if (granted === undefined) continue;
    if (granted.token !== undefined) throw new Error(`${granted.id} was granted twice`);
    granted.token = seq;
    granted.grantedAt = time;
    granted.expiresAt = time + granted.ttl;
  }
  return [...lives.values()];
}

/** Until when a granted lease kept others out. */
export function endOf({ expiresAt = 0, releasedAt = Infinity }: TicketLife): number {
  return Math.min(expiresAt, releasedAt);
}

/** Whoever was served, in the order of service. */
export function servedOf(
  lives: readonly TicketLife[],
): (TicketLife & { token: number; grantedAt: number })[] {
  return lives
    .flatMap((life) => {
      const { token, grantedAt } = life;
      return token === undefined || grantedAt === undefined ? [] : [{ ...life, token, grantedAt }];
    })
    .toSorted((one, other) => one.token - other.token);
}
