import type {
  CrossBankPending,
  OwnIdentity,
  PeerAnswer,
  PeerLimitRequest,
  PeerList,
  PeerPosition,
  PeerRequest,
  RotationRequest,
  SettlementAnswer,
  SettlementRequest,
} from '@lastro/contract';
import type { CallOptions, CommandOptions } from './options.ts';
import { pathOf, type Transport } from './transport.ts';

/** The banks that a bank deals with. Every method needs an admin key, and may be called again. */
export class PeersClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(options?: CallOptions): Promise<PeerList> {
    return this.#transport.read('/v1/peers', {}, options);
  }

  /** Reads in the register what is left out of address and keys. */
  add(peer: PeerRequest, options: CommandOptions = {}): Promise<PeerAnswer> {
    return this.#transport.keyedCommand('POST', '/v1/peers', peer, options);
  }

  /** Refused with `peer_in_use` while anything is owed or under way. */
  remove(bank: string, options: CommandOptions = {}): Promise<void> {
    return this.#transport.keyedCommand('DELETE', pathOf('v1', 'peers', bank), undefined, options);
  }

  setLimits(
    bank: string,
    change: PeerLimitRequest,
    options: CommandOptions = {},
  ): Promise<PeerPosition> {
    const path = pathOf('v1', 'peers', bank, 'limits');
    return this.#transport.keyedCommand('POST', path, change, options);
  }

  readPosition(bank: string, options?: CallOptions): Promise<PeerPosition> {
    return this.#transport.read(pathOf('v1', 'peers', bank, 'position'), {}, options);
  }

  /** Takes off the position with a peer what was paid outside; see `AcrossClient.transfer` of what is pending. */
  settle(
    bank: string,
    settlement: SettlementRequest,
    options: CommandOptions = {},
  ): Promise<SettlementAnswer | CrossBankPending> {
    const path = pathOf('v1', 'peers', bank, 'settlements');
    return this.#transport.command(path, settlement, options);
  }

  /** The new key signs a little later: `list` says when. */
  rotate(request: RotationRequest = {}, options: CommandOptions = {}): Promise<OwnIdentity> {
    return this.#transport.keyedCommand('POST', '/v1/peers/rotate', request, options);
  }
}
