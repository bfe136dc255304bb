import type { PeerLimit } from '@lastro/contract';
import type { FastifyRequest } from 'fastify';
import type { Engine } from '../../engine/engine.ts';
import { commandHash } from '../../http/command-id.ts';
import { ProblemError } from '../../http/problem.ts';
import { runCommand } from '../../http/run-command.ts';
import type { InFlightLimits } from './in-flight-bounds.ts';
import type { StoredPeers } from './stored-peers.ts';

export interface PeerLimitChange {
  readonly limits: readonly PeerLimit[];
  /** Undefined: as it is. */
  readonly inFlightMax: number | undefined;
}

/**
 * Sets the limits of a peer: exposure in the ledger, each by a command of its own, and what may be
 * under way in the directory. Throws a problem for the first that is refused; those before it stand.
 * @param id of the whole request; each asset's command has an id that follows from it
 */
export async function setPeerLimits(
  { engine, peers }: { readonly engine: Pick<Engine, 'submit'>; readonly peers: StoredPeers },
  request: FastifyRequest,
  bank: string,
  id: string,
  { limits, inFlightMax }: PeerLimitChange,
): Promise<void> {
  for (const { asset, exposure } of limits) {
    if (exposure === undefined) continue;
    const limit = exposure === null ? null : BigInt(exposure);
    const result = await runCommand(engine, {
      principal: request.principal.id,
      id: `${id}/exposure/${bank}/${asset}`,
      hash: commandHash(`POST /v1/peers/${bank}/limits`, { asset, exposure }),
      command: { type: 'SetExposureLimit', bank, asset, limit },
      leaseTokens: [],
    });
    if (result.kind === 'refused') throw new ProblemError(result.code, result.details);
  }
  if (inFlightMax === undefined && limits.every(({ inFlight }) => inFlight === undefined)) return;
  const change = await peers.setLimits(bank, (before) => changed(before, { limits, inFlightMax }));
  if (change.kind !== 'changed') throw new ProblemError('not_found');
}

function changed(before: InFlightLimits, { limits, inFlightMax }: PeerLimitChange): InFlightLimits {
  const valueMax = new Map(before.valueMax);
  for (const { asset, inFlight } of limits) {
    if (inFlight === undefined) continue;
    if (inFlight === null) valueMax.delete(asset);
    else valueMax.set(asset, BigInt(inFlight));
  }
  return { countMax: inFlightMax ?? before.countMax, valueMax };
}
