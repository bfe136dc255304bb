import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  makeAuthority,
  type CertificateFiles,
} from '../../../../../../tests/harness/certificates.ts';
import {
  isEtcdInstalled,
  startEtcdCluster,
  type EtcdCluster,
  type EtcdMember,
  type EtcdTls,
} from '../../../../../../tests/harness/etcd-cluster.ts';
import { eventually } from '../../../../../../tests/harness/eventually.ts';
import { serverOrSkip } from '../../../../../../tests/harness/require-server.ts';
import { describeRegister, open, resultOf, type Place } from '../conformance.fixture.ts';
import { readRegisterTls, type RegisterTls } from '../register-tls.ts';
import type { Register, RegisterUnavailable } from '../register.ts';

const isHere = serverOrSkip('etcd', isEtcdInstalled());

const PASSWORD = 'p@ss/word';
const LOGIN = `alfa:${encodeURIComponent(PASSWORD)}`;
const FOR_CLIENTS = 'extendedKeyUsage=clientAuth';
/** So long that a test fails where a refusal that lasts is tried again. */
const NO_REPEATS = { callTimeoutMs: 600_000 };
/** Passwords are checked quickly, for there are many logins. */
const QUICK_LOGINS = ['--bcrypt-cost', '4'];

let folder: string;
let member: CertificateFiles;
let bank: CertificateFiles;
let named: CertificateFiles;
let caFile: string;
let otherCaFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lastro-etcd-tls-'));
  const authority = await makeAuthority(folder, 'authority');
  ({ caFile } = authority);
  ({ caFile: otherCaFile } = await makeAuthority(folder, 'other'));
  // A name that is a user's, too: what comes through the member's own gateway must not be taken for it.
  member = await authority.issue('/CN=root', 'subjectAltName=IP:127.0.0.1');
  bank = await authority.issue('/O=bank', FOR_CLIENTS);
  named = await authority.issue('/CN=alfa', FOR_CLIENTS);
});

afterAll(() => rm(folder, { recursive: true }));

async function tlsOf(
  authorityFile: string | undefined,
  client?: CertificateFiles,
): Promise<RegisterTls> {
  return readRegisterTls({
    caFile: authorityFile,
    certFile: client?.certFile,
    keyFile: client?.keyFile,
  });
}

function withLogin(address: string, login: string): string {
  return address.replace('://', `://${login}@`);
}

/** What an operator does, as `docs/operating/register.md` says: a user who may use registers named `r…`. */
async function turnLoginsOn({ call }: EtcdMember): Promise<void> {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const range = { key: base64('/r'), range_end: base64('/s') };
  for (const [path, body] of [
    ['user/add', { name: 'root', password: 'of root' }],
    ['role/add', { name: 'root' }],
    ['user/grant', { user: 'root', role: 'root' }],
    ['role/add', { name: 'register' }],
    ['role/grant', { name: 'register', perm: { permType: 'READWRITE', ...range } }],
    ['user/add', { name: 'alfa', password: PASSWORD }],
    ['user/grant', { user: 'alfa', role: 'register' }],
    ['enable', {}],
  ] as const) {
    expect(await call(`/v3/auth/${path}`, body)).toHaveProperty('header');
  }
}

async function refusalOf(register: Register, timeoutMs?: number): Promise<RegisterUnavailable> {
  const options = timeoutMs === undefined ? {} : { timeoutMs };
  const answer = await register.create('key/ana', 'alfa', options);
  if (answer.kind !== 'register_unavailable') throw new Error(`it was ${answer.kind}`);
  expect(answer.effect).toBe('none');
  expect(answer.reason).not.toContain(PASSWORD);
  expect(answer.reason).not.toContain(encodeURIComponent(PASSWORD));
  return answer;
}

/** By the call's deadline; a busy machine may need several for one whole try. */
async function expectAway(place: Place, reason: RegExp): Promise<void> {
  const register = open(place);
  await eventually(
    `it is away because of ${String(reason)}`,
    async () => reason.test((await refusalOf(register, 300)).reason),
    60_000,
  );
}

async function expectWorks(register: Register, key: string): Promise<void> {
  expect(await resultOf(register.create(key, 'alfa'))).toMatchObject({ kind: 'created' });
}

describe.runIf(isHere)('members that ask for a certificate and a login', () => {
  let cluster: EtcdCluster;
  let tls: RegisterTls;
  let registers = 0;

  beforeAll(async () => {
    const files: EtcdTls = { caFile, server: member, client: bank };
    cluster = await startEtcdCluster({ tls: files, flags: QUICK_LOGINS });
    await turnLoginsOn(cluster.members[0]!);
    tls = await tlsOf(caFile, bank);
  });

  afterAll(() => cluster.remove());

  function newAddress(members?: readonly EtcdMember[]): string {
    registers += 1;
    return withLogin(cluster.address(`r${registers}`, members), LOGIN);
  }

  describeRegister('etcd over TLS, as a user', () =>
    Promise.resolve({ address: newAddress(), tls }),
  );

  it('goes on as the same user when a member stops, and when it has forgotten the login', async () => {
    const [first] = cluster.members;
    const everywhere = open({ address: newAddress(), tls }, null, { attemptTimeoutMs: 1_000 });
    const there = open({ address: newAddress([first!]), tls });
    await expectWorks(everywhere, 'key/before');
    await expectWorks(there, 'key/before');
    // Killed at once it may find the newest logins in its log again.
    await first!.kill('SIGTERM');
    try {
      await expectWorks(everywhere, 'key/during');
    } finally {
      await first!.start();
    }
    const keys = Array.from({ length: 20 }, (_, index) => `key/${index}`);
    await Promise.all(keys.map((key) => expectWorks(there, key)));
    await expectWorks(everywhere, 'key/after');
  });

  it('is away at once for a wrong password, an unknown user, and no login at all', async () => {
    const address = cluster.address('r');
    for (const [login, reason] of [
      ['alfa:wrong', 'no login: etcdserver: authentication failed'],
      [`beta:${encodeURIComponent(PASSWORD)}`, 'no login: etcdserver: authentication failed'],
    ] as const) {
      const register = open({ address: withLogin(address, login), tls }, null, NO_REPEATS);
      expect((await refusalOf(register)).reason).toContain(reason);
    }
    const nobody = open({ address, tls }, null, NO_REPEATS);
    expect((await refusalOf(nobody)).reason).toContain('user name is empty');
  });

  it('is away at once where the user has no right', async () => {
    const address = withLogin(cluster.address('other'), LOGIN);
    const register = open({ address, tls }, null, NO_REPEATS);
    expect((await refusalOf(register)).reason).toContain('permission denied');
  });

  it('is away without a certificate, or with one of another authority', async () => {
    const address = newAddress();
    const refused =
      /the bank's certificate is refused: .*alert (?:bad certificate|certificate|unknown)/;
    await expectAway({ address, tls: await tlsOf(caFile) }, refused);
    const other = await makeAuthority(folder, 'third');
    const stranger = await other.issue('/O=bank', FOR_CLIENTS);
    await expectAway({ address, tls: await tlsOf(caFile, stranger) }, refused);
  });

  it('is away at once with a certificate that names somebody, for its gateway takes none', async () => {
    const place = { address: newAddress(), tls: await tlsOf(caFile, named) };
    const { reason } = await refusalOf(open(place, null, NO_REPEATS));
    expect(reason).toContain('no login: status 400: CommonName of client');
  });

  it('is away where the members are certified by another authority, or for another host', async () => {
    const address = newAddress();
    const unknown = /self-signed certificate|unable to (?:get|verify)/;
    await expectAway({ address, tls: await tlsOf(otherCaFile, bank) }, unknown);
    await expectAway({ address, tls: await tlsOf(undefined, bank) }, unknown);
    const byName = address.replaceAll('127.0.0.1', 'localhost');
    await expectAway({ address: byName, tls }, /does not match certificate's altnames/);
  });
});

describe.runIf(isHere)('a member with a certificate of its own alone', () => {
  it('is believed by it, and takes a login before it asks for one', async () => {
    const cluster = await startEtcdCluster({
      members: 1,
      tls: { caFile, server: member },
      flags: QUICK_LOGINS,
    });
    onTestFinished(() => cluster.remove());
    const tls = await tlsOf(caFile);
    const address = cluster.address('r');
    const nobody = open({ address, tls }, null, NO_REPEATS);
    const user = open({ address: withLogin(address, LOGIN), tls });
    await expectWorks(nobody, 'key/ana');
    await expectWorks(user, 'key/bia');
    await turnLoginsOn(cluster.members[0]!);
    await expectWorks(user, 'key/caio');
    expect((await refusalOf(nobody)).reason).toContain('user name is empty');
  });
});

describe.runIf(isHere)('a member on the same machine, without TLS', () => {
  let cluster: EtcdCluster;

  beforeAll(async () => {
    const keys = `priv-key=${member.keyFile},pub-key=${member.certFile}`;
    const tokens = ['--auth-token', `jwt,${keys},sign-method=ES256,ttl=1s`];
    cluster = await startEtcdCluster({ members: 1, flags: [...tokens, ...QUICK_LOGINS] });
    await turnLoginsOn(cluster.members[0]!);
  });

  afterAll(() => cluster.remove());

  it('gets a new login when the one before has expired', async () => {
    const register = open(withLogin(cluster.address('r1'), LOGIN));
    await expectWorks(register, 'key/ana');
    // One that was given later than the register's.
    const login = { name: 'alfa', password: PASSWORD };
    const { token } = await cluster.members[0]!.call('/v3/auth/authenticate', login);
    await eventually('a login expires', async () => {
      const answer = await cluster.members[0]!.call('/v3/kv/range', { key: 'L3I=' }, String(token));
      return /invalid auth token/.test(String(answer['message']));
    });
    await expectWorks(register, 'key/bia');
  });

  it('is away by the deadline while it leaves a login unanswered', async () => {
    const [frozen] = cluster.members;
    const register = open(withLogin(cluster.address('r2'), LOGIN));
    frozen!.freeze(true);
    try {
      await refusalOf(register, 300);
    } finally {
      frozen!.freeze(false);
    }
    await expectWorks(register, 'key/ana');
  });
});
