/** One request of a bank to another, as far as whoever carries it can read it. */
export interface Letter {
  /** The bank that signed it; undefined: nobody did. */
  readonly from: string | undefined;
  readonly to: string;
  readonly method: string;
  readonly path: string;
  /** Names and values in turn, as they came. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** The batch of the protocol that it carries; empty: something else. */
  readonly messages: readonly CarriedMessage[];
}

export interface CarriedMessage {
  readonly type: string;
  /** Id of the cross-bank transaction that it is about. */
  readonly transaction: string;
}

const SIGNER = /;keyid="([a-z][a-z0-9-]*)#/;

/** Who signed, by the key that the signature names. It is not verified here: nobody carries that. */
export function signerOf(signatureInput: string | undefined): string | undefined {
  return SIGNER.exec(signatureInput ?? '')?.[1];
}

/** What a body carries, of a request or of its answer; empty for what is no batch. */
export function messagesIn(body: Buffer): readonly CarriedMessage[] {
  const messages = memberOf(parsed(body), 'messages');
  if (!Array.isArray(messages)) return [];
  return messages.map((message: unknown) => ({
    type: textOf(memberOf(message, 'type')),
    transaction: textOf(memberOf(message, 'id')),
  }));
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map(Object.entries(value)).get(name);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
