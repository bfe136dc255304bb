import { RegisterSetupError } from './register-setup-error.ts';

/** Where the consortium's register is. */
export type RegisterAddress =
  | { readonly home: 'postgres'; readonly url: string }
  /** `origins`: the members' client addresses; `name`: of the register, where a cluster holds several. */
  | { readonly home: 'etcd'; readonly origins: readonly string[]; readonly name: string };

const ETCD_SCHEME = 'etcd://';
const ETCD_PORT = 2379;
const ETCD_NAME = 'lastro';
const MEMBERS_MAX = 9;

const MEMBER = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/**
 * Reads `LASTRO_REGISTER`: `postgres://user:password@host/database`, or `etcd://a,b,c` with ports where
 * they are not 2379 and, after a slash, the register's name where it is not `lastro`.
 * Throws `RegisterSetupError` with `register_address_invalid`; the text is never quoted, for it may
 * hold a password.
 */
export function parseRegisterAddress(text: string): RegisterAddress {
  if (/^postgres(?:ql)?:\/\//.test(text)) return postgresAddress(text);
  if (text.startsWith(ETCD_SCHEME)) return etcdAddress(text.slice(ETCD_SCHEME.length));
  throw invalid('it begins with postgres:// or etcd://');
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

function etcdAddress(rest: string): RegisterAddress {
  const [list = '', name = ETCD_NAME, ...more] = rest.split('/');
  if (list.includes('@')) throw invalid('etcd:// takes no user and no password');
  if (more.length > 0 || !NAME.test(name)) {
    throw invalid('after the members of etcd:// stands at most one name, like /lastro');
  }
  const members = list.split(',').map((member) => member.trim());
  if (members.length > MEMBERS_MAX) throw invalid(`etcd:// takes at most ${MEMBERS_MAX} members`);
  return { home: 'etcd', origins: [...new Set(members.map(originOf))], name };
}

function originOf(member: string): string {
  const origin = `http://${/:\d+$/.test(member) ? member : `${member}:${ETCD_PORT}`}`;
  if (!MEMBER.test(member) || !URL.canParse(origin)) {
    throw invalid('etcd:// lists members as host or host:port, with commas between them');
  }
  // A port of 80 stays, for etcd's own default is another.
  return origin;
}

function invalid(what: string): RegisterSetupError {
  return new RegisterSetupError(
    'register_address_invalid',
    `The address of the register can't be used: ${what}.`,
  );
}
