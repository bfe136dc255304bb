import type { Application } from '../../http/application.ts';
import {
  registerSignedEndpoint,
  type SignedAnswer,
  type SignedEndpointParts,
  type SignedRequest,
} from '../messages/signed-endpoint.ts';
import { signedAt } from '../messages/signature-profile.ts';
import {
  decodeEnvelope,
  ENVELOPE_BYTES_MAX,
  type Envelope,
  type EnvelopeRefusal,
} from './envelope.ts';
import { MESSAGES_PATH, type Exchange } from './exchange.ts';
import type { BankHost } from './host.ts';
import { encodeMessage, type Addressed } from './message-text.ts';

export interface MessagesEndpointParts {
  readonly signed: SignedEndpointParts;
  readonly exchange: Exchange;
  readonly host: BankHost;
  /** Takes what an answer has no room for. */
  readonly push: (to: string, addressed: Addressed) => void;
  readonly heard: (bank: string) => void;
}

/** Where peers post their messages; what answers them travels back at once. */
export async function registerMessages(
  app: Application,
  parts: MessagesEndpointParts,
): Promise<void> {
  await registerSignedEndpoint(app, MESSAGES_PATH, parts.signed, (request) =>
    answer(parts, request),
  );
}

async function answer(
  parts: MessagesEndpointParts,
  { from, nonce, body }: SignedRequest,
): Promise<SignedAnswer> {
  const { exchange, host, heard } = parts;
  const { statistics } = host;
  statistics.requestsReceived += 1;
  if (!host.isReady) return { status: 503, body: Buffer.from('{}') };
  heard(from);
  const envelope = read(body);
  const refused =
    envelope === undefined
      ? 'malformed'
      : await exchange.judge(from, envelope, signedAt(nonce.keepUntil));
  if (envelope === undefined || refused !== null) {
    statistics.requestsRefused += 1;
    return refuse(exchange, from, refused ?? 'malformed');
  }
  const { wanted, messages } = envelope;
  const told = wanted === null ? undefined : await host.reports(from, wanted);
  const answers = await host.receive(from, messages, nonce);
  const texts = fitting([...(told?.messages ?? []), ...answers], (addressed) =>
    parts.push(from, addressed),
  );
  const said = exchange.write(from, texts, { next: told?.next ?? null });
  return { status: 200, body: Buffer.from(said, 'utf8') };
}

function read(body: Buffer): Envelope | undefined {
  try {
    return decodeEnvelope(body);
  } catch {
    return undefined;
  }
}

function refuse(exchange: Exchange, from: string, refused: EnvelopeRefusal): SignedAnswer {
  const body = Buffer.from(exchange.write(from, [], { refused }), 'utf8');
  return { status: refused === 'malformed' ? 400 : 409, body };
}

const FRAME_BYTES = 4 * 1024;

/** As many as an answer holds; the others go by the lane. */
function fitting(
  messages: readonly Addressed[],
  overflow: (addressed: Addressed) => void,
): readonly string[] {
  const texts: string[] = [];
  let bytes = FRAME_BYTES;
  for (const addressed of messages) {
    const text = encodeMessage(addressed);
    bytes += text.length;
    if (bytes > ENVELOPE_BYTES_MAX) overflow(addressed);
    else texts.push(text);
  }
  return texts;
}
