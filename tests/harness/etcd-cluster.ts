import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { request } from 'undici';
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
  call(path: string, body: object): Promise<Readonly<Record<string, unknown>>>;
}

export interface EtcdCluster {
  readonly members: readonly EtcdMember[];
  /** `etcd://a,b,c/<name>`: a register of its own for each test. */
  address(name: string, members?: readonly EtcdMember[]): string;
  /** The member that leads now. */
  leader(): Promise<EtcdMember>;
  /** Stops every member and removes its folder. */
  remove(): Promise<void>;
}

/** Quick elections and quick starts: the members are on one machine. */
const TIMING = ['--heartbeat-interval', '50', '--election-timeout', '500'];

/** Starts a cluster on free ports of 127.0.0.1, in a temporary folder; resolves when it has a leader. */
export async function startEtcdCluster(
  options: { readonly members?: number; readonly quotaBytes?: number } = {},
): Promise<EtcdCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'lastro-etcd-'));
  const places: Place[] = [];
  for (let index = 0; index < (options.members ?? 3); index += 1) {
    const [client, peer] = [await freePort(), await freePort()];
    places.push({ name: `m${index}`, client, peer, folder: join(folder, `m${index}`) });
  }
  const members = places.map((place) => memberAt(place, places, options.quotaBytes));
  const cluster: EtcdCluster = {
    members,
    address: (name, asked = members) =>
      `etcd://${asked.map(({ address }) => address).join(',')}/${name}`,
    leader: () => leaderOf(members),
    async remove() {
      await Promise.all(members.map((member) => member.kill('SIGKILL')));
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

const urlOf = (port: number) => `http://127.0.0.1:${port}`;

function memberAt(place: Place, all: readonly Place[], quotaBytes = 0): EtcdMember {
  let running: ChildProcess | undefined;
  // A run that is interrupted ends without its teardown.
  const leave = () => running?.kill('SIGKILL');
  const call = async (path: string, body: object) => {
    const answer = await request(`${urlOf(place.client)}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5_000),
    });
    return (await answer.body.json()) as Record<string, unknown>;
  };
  return {
    address: `127.0.0.1:${place.client}`,
    call,
    async start() {
      const child = spawn(
        'etcd',
        [...flagsOf(place, all), '--quota-backend-bytes', `${quotaBytes}`],
        {
          stdio: 'ignore',
        },
      );
      running = child;
      process.once('exit', leave);
      child.once('exit', () => process.off('exit', leave));
      await eventually(
        'the member answers with the majority',
        async () => {
          if (child.exitCode !== null) throw new Error('etcd ended');
          return 'header' in (await call('/v3/kv/range', { key: 'YQ==' }));
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

function flagsOf(place: Place, all: readonly Place[]): string[] {
  const cluster = all.map(({ name, peer }) => `${name}=${urlOf(peer)}`).join(',');
  return [
    ['--name', place.name],
    ['--data-dir', place.folder],
    ['--listen-client-urls', urlOf(place.client)],
    ['--advertise-client-urls', urlOf(place.client)],
    ['--listen-peer-urls', urlOf(place.peer)],
    ['--initial-advertise-peer-urls', urlOf(place.peer)],
    ['--initial-cluster', cluster],
    TIMING,
  ].flat();
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
