import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Agent, request, type Dispatcher } from 'undici';
import type { CertificateFiles } from './certificates.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

/** Whether Debian's `etcd-server` is here; for `serverOrSkip`. */
export function isEtcdInstalled(): boolean {
  return spawnSync('etcd', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** A member's process, which a test may stop, freeze and start again. */
export interface EtcdMember {
  /** Of its client address, like `127.0.0.1:2379`. */
  readonly address: string;
  start(): Promise<void>;
  /** By its process id; resolves when it has ended. */
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Lets it stand still, alive, or go on. */
  freeze(isFrozen: boolean): void;
  /** One call of the JSON gateway; its answer, whatever it says. */
  call(path: string, body: object, token?: string): Promise<Readonly<Record<string, unknown>>>;
}

/** How members speak with clients over TLS; those who call them from here do it the same way. */
export interface EtcdTls {
  /** Of whom all certificates are. */
  readonly caFile: string;
  readonly server: CertificateFiles;
  /** Where it is given, members ask every client for one. */
  readonly client?: CertificateFiles;
}

export interface EtcdClusterOptions {
  readonly members?: number;
  readonly tls?: EtcdTls;
  /** More of etcd's flags, for every member. */
  readonly flags?: readonly string[];
}

export interface EtcdCluster {
  readonly members: readonly EtcdMember[];
  /** `etcd://a,b,c/<name>`, or `etcds://` over TLS: a register of its own for each test. */
  address(name: string, members?: readonly EtcdMember[]): string;
  /** The member that leads now. */
  leader(): Promise<EtcdMember>;
  /** Stops every member and removes its folder. */
  remove(): Promise<void>;
}

/** Quick elections and quick starts: the members are on one machine. */
const TIMING = ['--heartbeat-interval', '50', '--election-timeout', '500'];

/** Starts a cluster on free ports of 127.0.0.1, in a temporary folder; resolves when it has a leader. */
export async function startEtcdCluster(options: EtcdClusterOptions = {}): Promise<EtcdCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-etcd-'));
  const places: Place[] = [];
  for (let index = 0; index < (options.members ?? 3); index += 1) {
    const [client, peer] = [await freePort(), await freePort()];
    places.push({ name: `m${index}`, client, peer, folder: join(folder, `m${index}`) });
  }
  const { tls, flags = [] } = options;
  const dispatcher = await dispatcherOf(tls);
  const scheme = tls === undefined ? 'http' : 'https';
  const members = places.map((place) =>
    memberAt({
      address: `127.0.0.1:${place.client}`,
      origin: `${scheme}://127.0.0.1:${place.client}`,
      flags: [...flagsOf(place, places, scheme), ...tlsFlags(tls), ...flags],
      dispatcher,
    }),
  );
  const cluster: EtcdCluster = {
    members,
    address: (name, asked = members) =>
      `${tls === undefined ? 'etcd' : 'etcds'}://${asked.map(({ address }) => address).join(',')}/${name}`,
    leader: () => leaderOf(members),
    async remove() {
      await Promise.all(members.map((member) => member.kill('SIGKILL')));
      await dispatcher.destroy();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
  try {
    await Promise.all(members.map((member) => member.start()));
    return cluster;
  } catch (error) {
    await cluster.remove();
    throw error;
  }
}

interface Place {
  readonly name: string;
  readonly client: number;
  readonly peer: number;
  readonly folder: string;
}

interface MemberOptions {
  readonly address: string;
  readonly origin: string;
  readonly flags: readonly string[];
  readonly dispatcher: Dispatcher;
}

function memberAt({ address, origin, flags, dispatcher }: MemberOptions): EtcdMember {
  let running: ChildProcess | undefined;
  // A run that is interrupted ends without its teardown.
  const leave = () => running?.kill('SIGKILL');
  const call = async (path: string, body: object, token?: string) => {
    const answer = await request(`${origin}${path}`, {
      method: 'POST',
      headers: { accept: 'application/json', ...(token !== undefined && { authorization: token }) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5_000),
      dispatcher,
    });
    return (await answer.body.json()) as Record<string, unknown>;
  };
  return {
    address,
    call,
    async start() {
      const child = spawn('etcd', flags, { stdio: 'ignore' });
      running = child;
      process.once('exit', leave);
      child.once('exit', () => process.off('exit', leave));
      await eventually(
        'the member answers with the majority',
        async () => {
          if (child.exitCode !== null) throw new Error('etcd ended');
          const answer = await call('/v3/kv/range', { key: 'YQ==' });
          // With logins it is asked who asks when the majority has answered.
          return 'header' in answer || /user name is empty/.test(String(answer['message']));
        },
        60_000,
      );
    },
    async kill(signal = 'SIGKILL') {
      const child = running;
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGCONT');
      child.kill(signal);
      await ended;
    },
    freeze(isFrozen) {
      running?.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT');
    },
  };
}

function flagsOf(place: Place, all: readonly Place[], scheme: 'http' | 'https'): string[] {
  const client = `${scheme}://127.0.0.1:${place.client}`;
  const peerOf = ({ peer }: Place) => `http://127.0.0.1:${peer}`;
  return [
    ['--name', place.name],
    ['--data-dir', place.folder],
    ['--listen-client-urls', client],
    ['--advertise-client-urls', client],
    ['--listen-peer-urls', peerOf(place)],
    ['--initial-advertise-peer-urls', peerOf(place)],
    ['--initial-cluster', all.map((each) => `${each.name}=${peerOf(each)}`).join(',')],
    TIMING,
  ].flat();
}

function tlsFlags(tls: EtcdTls | undefined): string[] {
  if (tls === undefined) return [];
  const { caFile, server, client } = tls;
  const asked = client === undefined ? [] : ['--client-cert-auth', '--trusted-ca-file', caFile];
  return ['--cert-file', server.certFile, '--key-file', server.keyFile, ...asked];
}

async function dispatcherOf(tls: EtcdTls | undefined): Promise<Agent> {
  if (tls === undefined) return new Agent();
  const { caFile, client } = tls;
  const ca = await readFile(caFile);
  if (client === undefined) return new Agent({ connect: { ca } });
  const [cert, key] = await Promise.all([readFile(client.certFile), readFile(client.keyFile)]);
  return new Agent({ connect: { ca, cert, key } });
}

async function leaderOf(members: readonly EtcdMember[]): Promise<EtcdMember> {
  return eventually('one member leads', async () => {
    for (const member of members) {
      const status = await member.call('/v3/maintenance/status', {}).catch(() => undefined);
      const own = (status?.['header'] as { member_id?: string } | undefined)?.member_id;
      if (own !== undefined && own === status?.['leader']) return member;
    }
    return undefined;
  });
}
