import type { ApiKeyList, ApiKeyRequest, NewApiKeyAnswer } from '@lastro/contract';
import { LastroError } from './lastro-error.ts';
import type { CallOptions } from './options.ts';
import { pathOf, type Transport } from './transport.ts';

/** The keys by which programs are let in. Every method needs an admin key. */
export class ApiKeysClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The only answer that shows the key. It is not recorded, so a repeat would make a second key. */
  create(request: ApiKeyRequest, options: CallOptions = {}): Promise<NewApiKeyAnswer> {
    return this.#transport.once('POST', '/v1/api-keys', request, options);
  }

  list(options?: CallOptions): Promise<ApiKeyList> {
    return this.#transport.read('/v1/api-keys', {}, options);
  }

  /** Refused with `not_found` when there is none; a repeat that finds it gone has done its work. */
  async revoke(id: string, options: CallOptions = {}): Promise<void> {
    const path = pathOf('v1', 'api-keys', id);
    try {
      await this.#transport.keyedCommand('DELETE', path, undefined, options);
    } catch (error) {
      const isGone = error instanceof LastroError && error.status === 404 && error.tries > 1;
      if (!isGone) throw error;
    }
  }
}
