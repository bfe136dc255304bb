/** A request from one bank to another, complete. */
export interface BankRequest {
  readonly method: 'POST';
  /** The receiver's configured public address with the path: what the sender calls and signs. */
  readonly targetUri: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

export interface BankResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Headers as they came, repeated ones apart: `headersDistinct` of Node, `headers` of undici. */
export type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ReceivedRequest {
  readonly method: string;
  /** The receiver's own configured address with the path as it came; never the Host header. */
  readonly targetUri: string;
  readonly headers: ReceivedHeaders;
  readonly body: Uint8Array;
}

export interface ReceivedResponse {
  readonly status: number;
  readonly headers: ReceivedHeaders;
  readonly body: Uint8Array;
}

/** The headers that a signature needs, by their names in lower case. */
export interface SignedHeaders {
  readonly 'content-type': string;
  readonly 'content-digest': string;
  readonly 'signature-input': string;
  readonly signature: string;
}
