/** Bounds of one answer of a feed. */
export interface FeedBounds {
  readonly timeoutMs: number;
  /** After decompression. */
  readonly bytesMax: number;
}

/** A feed's URL without its user and password, which travel in the header that they stand for. */
export interface FeedAddress {
  readonly url: URL;
  readonly authorization: string | undefined;
}

/** Throws where a feed can't be asked there; the message holds nothing of the URL. */
export function readFeedAddress(text: string): FeedAddress {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error('The URL of a feed begins with http:// or https://.');
  }
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  if (username === '' && password === '') return { url, authorization: undefined };
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** The text of one answer. Rejects for anything but a 200 of bounded size in bounded time. */
export async function requestFeed(
  { url, authorization }: FeedAddress,
  { timeoutMs, bytesMax }: FeedBounds,
  signal: AbortSignal,
): Promise<string> {
  const response = await fetch(url, {
    headers: {
      accept: 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  return readText(response, bytesMax);
}

async function readText(response: Response, bytesMax: number): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> = response.body;
  // Leaving the loop cancels the rest of the answer.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > bytesMax) throw new Error(`the answer is larger than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}
