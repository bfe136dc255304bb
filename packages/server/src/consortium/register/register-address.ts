import { isLoopback } from '../../http/is-loopback.ts';
import { RegisterSetupError } from './register-setup-error.ts';

/** As which user of an etcd cluster the bank comes. */
export interface RegisterLogin {
  readonly user: string;
  readonly password: string;
}

export interface EtcdAddress {
  readonly home: 'etcd';
  /** The members' client addresses: all of `https:`, or all of `http:`. */
  readonly origins: readonly string[];
  /** Of the register, where a cluster holds several. */
  readonly name: string;
  /** Null where the cluster asks for none. */
  readonly login: RegisterLogin | null;
}

/** Where the consortium's register is. May hold a password. */
export type RegisterAddress = { readonly home: 'postgres'; readonly url: string } | EtcdAddress;

const ETCD_PORT = 2379;
const ETCD_NAME = 'lastro';
const MEMBERS_MAX = 9;

const MEMBER = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const NAME = /^[a-z][a-z0-9-]{0,62}$/;
/** What else has a meaning in an address is percent-encoded (RFC 3986, 3.2.1). */
const LOGIN = /^([^:@/?#[\]\s]+):([^@/?#[\]\s]+)$/;

/**
 * Reads `LASTRO_REGISTER`: `postgres://user:password@host/database`, or `etcds://user:password@a,b,c` with
 * ports where they are not 2379 and, after a slash, the register's name where it is not `lastro`;
 * `etcd://` is the same without TLS, where a login may go to this machine alone.
 * Throws `RegisterSetupError` with `register_address_invalid`; the text is never quoted, for it may
 * hold a password.
 */
export function parseRegisterAddress(text: string): RegisterAddress {
  if (/^postgres(?:ql)?:\/\//.test(text)) return postgresAddress(text);
  const [, scheme, rest] = /^(etcds?):\/\/(.*)$/s.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) {
    throw invalid('it begins with postgres://, etcd:// or etcds://');
  }
  return etcdAddress(scheme === 'etcds', rest);
}

/** Whether TLS of the register is ours to set up; PostgreSQL's is in its own address. */
export function isOverTls(address: RegisterAddress): boolean {
  return address.home === 'etcd' && address.origins.every((origin) => origin.startsWith('https:'));
}

function postgresAddress(text: string): RegisterAddress {
  if (!URL.canParse(text))
    throw invalid('after postgres:// stands user:password@host:port/database');
  const { hostname, pathname } = new URL(text);
  if (hostname === '' && !new URL(text).searchParams.has('host'))
    throw invalid('the host is missing');
  if (pathname.length < 2) throw invalid('the database is missing: postgres://host/database');
  return { home: 'postgres', url: text };
}

function etcdAddress(isTls: boolean, rest: string): EtcdAddress {
  const at = rest.lastIndexOf('@');
  const login = at < 0 ? null : loginOf(rest.slice(0, at));
  const [list = '', name = ETCD_NAME, ...more] = rest.slice(at + 1).split('/');
  if (more.length > 0 || !NAME.test(name)) {
    throw invalid('after the members of etcd:// stands at most one name, like /lastro');
  }
  const members = list.split(',').map((member) => member.trim());
  if (members.length > MEMBERS_MAX) throw invalid(`etcd:// takes at most ${MEMBERS_MAX} members`);
  const scheme = isTls ? 'https' : 'http';
  const origins = [...new Set(members.map((member) => originOf(scheme, member)))];
  if (login !== null && !isTls && !origins.every(isOfThisMachine)) {
    throw invalid(
      'the password would go in the clear to another machine: with etcds:// it does not',
    );
  }
  return { home: 'etcd', origins, name, login };
}

function loginOf(text: string): RegisterLogin {
  const [user, password] = (LOGIN.exec(text) ?? []).slice(1).map(percentDecoded);
  if (user === undefined || password === undefined) {
    throw invalid(
      'before the @ stands user:password, with / @ : ? # % [ ] in them as percent codes',
    );
  }
  return { user, password };
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function originOf(scheme: 'http' | 'https', member: string): string {
  const origin = `${scheme}://${/:\d+$/.test(member) ? member : `${member}:${ETCD_PORT}`}`;
  if (!MEMBER.test(member) || !URL.canParse(origin)) {
    throw invalid('etcd:// lists members as host or host:port, with commas between them');
  }
  // A port of 80 or 443 stays, for etcd's own default is another.
  return origin;
}

function isOfThisMachine(origin: string): boolean {
  return isLoopback(new URL(origin).hostname.replace(/^\[(.*)\]$/, '$1'));
}

function invalid(what: string): RegisterSetupError {
  return new RegisterSetupError(
    'register_address_invalid',
    `The address of the register can't be used: ${what}.`,
  );
}
