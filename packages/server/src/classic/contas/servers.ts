/** Where another bank of the consortium serves `contas`. */
export interface ContasPeer {
  readonly bank: string;
  /** A name or an address; IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
}

/** Whom a client names by `servidor`. */
export type Server =
  | { readonly kind: 'own' }
  | { readonly kind: 'peer'; readonly peer: ContasPeer };

const HOST_AND_PORT = /^(?:http:\/\/)?(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253}):(\d{1,5})\/?$/i;

/** The names of this machine to itself: one server has all of them. */
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

const PORT_MAX = 65_535;

/** `host:port` as it is called; undefined for any other text. */
export function parseHostPort(text: string): { host: string; port: number } | undefined {
  const [, host, digits] = HOST_AND_PORT.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || port < 1 || port > PORT_MAX) return undefined;
  return { host: host.toLowerCase(), port };
}

/**
 * The servers that a client may name: this one and those of configured peers. What a client writes is
 * only looked up here, and what is called is the configured address.
 */
export class Servers {
  readonly #servers: ReadonlyMap<string, Server>;

  /** `peers`: may hold the own bank, so that every bank can be given one list. */
  constructor(own: ContasPeer, peers: readonly ContasPeer[]) {
    const serverOf = (peer: ContasPeer): Server =>
      peer.bank === own.bank ? { kind: 'own' } : { kind: 'peer', peer };
    this.#servers = new Map(
      [...peers, own].map((server) => [nameOf(server.host, server.port), serverOf(server)]),
    );
  }

  /** Undefined for an address of nobody here. */
  find(address: unknown): Server | undefined {
    const given = typeof address === 'string' ? parseHostPort(address) : undefined;
    return given && this.#servers.get(nameOf(given.host, given.port));
  }
}

function nameOf(host: string, port: number): string {
  const name = host.toLowerCase();
  return `${LOOPBACK.has(name) ? 'localhost' : name}:${port}`;
}
