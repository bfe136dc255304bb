import type { consortium, OwnCommand } from '@lastro/core';

/**
 * What the block must do that makes a step durable; undefined: nothing of the step is.
 * @param newTransferId a new random UUIDv7, should something be posted
 */
export function ownCommandOf(
  before: consortium.TransactionState,
  after: consortium.TransactionState,
  newTransferId: () => string,
): OwnCommand | undefined {
  const { holding } = after.memory;
  if (holding !== null) return { type: 'PrepareShare', ...holding };
  const [from, to] = [before.durable, after.durable];
  if (from === to) return undefined;
  const { id } = after;
  switch (to.is) {
    case 'absent':
    case 'prepared':
      throw new Error(`${id}: no step leads from ${from.is} to ${to.is}`);
    case 'in_doubt':
      return { type: 'DoubtShare', body: to.body, hash: to.hash };
    case 'committed': {
      if (from.is === to.is) return { type: 'SettleShare', id };
      const { body, hash, yes, rebuilt } = to;
      const transferId = newTransferId();
      return {
        type: 'CommitShare',
        id,
        from: undecided(id, from),
        yes,
        body,
        hash,
        rebuilt,
        transferId,
      };
    }
    case 'aborted': {
      if (from.is === to.is) return { type: 'SettleShare', id };
      return { type: 'AbortShare', id, from: undecided(id, from), because: to.because };
    }
  }
}

function undecided(id: string, { is }: consortium.Durable): 'absent' | 'prepared' | 'in_doubt' {
  if (is === 'committed' || is === 'aborted') throw new Error(`${id} was decided: ${is}`);
  return is;
}

/** The state with the time of the block in which it was decided. */
export function decidedAt(
  state: consortium.TransactionState,
  at: number,
): consortium.TransactionState {
  const { durable } = state;
  switch (durable.is) {
    case 'absent':
    case 'prepared':
    case 'in_doubt':
      return state;
    case 'committed':
    case 'aborted':
      return { ...state, durable: { ...durable, at } };
  }
}
