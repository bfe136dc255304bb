/** Another bank's configured address, like `https://beta.example/lastro`, without a slash at its end. */
export interface PeerAddress {
  readonly origin: string;
  /** Empty, or begins with a slash. */
  readonly prefix: string;
}

/** Plain, without dots in a row: what is signed is sent as it is, byte by byte. */
const PATH = /^\/(?!.*\.\.)[A-Za-z0-9._~:@=&?/-]*$/;

/** Null for anything but http or https with a host and at most a path. */
export function parsePeerAddress(text: string): PeerAddress | null {
  if (!URL.canParse(text)) return null;
  const { protocol, username, password, search, hash, origin, pathname } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return null;
  if (username !== '' || password !== '' || search !== '' || hash !== '') return null;
  const prefix = pathname.replace(/\/+$/, '');
  return prefix === '' || PATH.test(prefix) ? { origin, prefix } : null;
}

/** Whether a path can be called below a peer's address. */
export function isPeerPath(path: string): boolean {
  return PATH.test(path);
}

/**
 * What a request to this address signs as its target. The receiver makes it from its own configured
 * address and the path as it came.
 */
export function targetUriAt({ origin, prefix }: PeerAddress, path: string): string {
  return `${origin}${prefix}${path}`;
}
