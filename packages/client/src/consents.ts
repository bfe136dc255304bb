import type { ConsentAnswer, ConsentRequest } from '@lastro/contract';
import type { CallOptions, CommandOptions, ConsentFilter, Page, PageQuery } from './options.ts';
import { pathOf, type Transport } from './transport.ts';

/** By which the bank of an account lets another bank debit it. */
export class ConsentsClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Lets another bank debit an account of this one. */
  grant(consent: ConsentRequest, options: CommandOptions = {}): Promise<ConsentAnswer> {
    return this.#transport.command('/v1/consents', consent, options);
  }

  read(id: string, options?: CallOptions): Promise<ConsentAnswer> {
    return this.#transport.read(pathOf('v1', 'consents', id), {}, options);
  }

  /** Newest first. */
  list(query: ConsentFilter & PageQuery = {}, options?: CallOptions): Promise<Page<ConsentAnswer>> {
    return this.#transport.read('/v1/consents', { ...query }, options);
  }

  /** What was promised under it stays promised. */
  revoke(id: string, options: CommandOptions = {}): Promise<ConsentAnswer> {
    return this.#transport.keyedCommand('DELETE', pathOf('v1', 'consents', id), undefined, options);
  }
}
