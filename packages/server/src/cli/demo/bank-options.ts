import { join } from 'node:path';
import type { BankProcessOptions } from '../bank-process.ts';
import type { Texts } from '../texts.ts';
import type { WorldBank } from '../world.ts';
import type { DemoSettings } from './demo-settings.ts';

/** What a bank of the demo is started with, besides its own place in the world. */
export interface BankSurroundings {
  readonly settings: DemoSettings;
  readonly world: readonly WorldBank[];
  readonly env: NodeJS.ProcessEnv;
  readonly texts: Texts;
  /** Of its own database; holds a secret. */
  readonly databaseUrl: string;
  /** Of the consortium's; holds a secret. */
  readonly registerUrl: string;
  readonly port: number;
}

/** What has no flag, so that only the environment can say it. */
const handedOn: readonly string[] = ['LASTRO_BOOTSTRAP_KEY', 'LASTRO_DADOS_TOKENS'];

/** How `lastro serve` is started for a bank of the demo. */
export function bankOptions(bank: WorldBank, around: BankSurroundings): BankProcessOptions {
  const { settings, env, texts, port } = around;
  const { dataFolder, host } = settings;
  const given = {
    bank: bank.id,
    data: dataFolder,
    host,
    port: String(port),
    'public-url': publicUrl(host, port),
    classic: bank.classics
      .map((classic) => `${classic.surface}=${portOf(classic, settings)}`)
      .join(),
    'contas-peers': contasPeers(around.world, settings),
    'log-level': 'warn',
  };
  const args = Object.entries(given)
    .filter(([, value]) => value !== '')
    .map(([flag, value]) => `--${flag}=${value}`);
  return {
    bank: bank.id,
    args,
    env: {
      ...withoutOurSettings(env),
      DATABASE_URL: around.databaseUrl,
      LASTRO_REGISTER: around.registerUrl,
      // Where that must be wanted, the demo was asked whether it is.
      LASTRO_INSECURE: 'true',
    },
    logFile: join(dataFolder, `${bank.id}.log`),
    texts,
  };
}

type WorldClassic = WorldBank['classics'][number];

function portOf({ surface, port }: WorldClassic, settings: DemoSettings): number {
  switch (surface) {
    case 'pedidos':
      return settings.pedidosPort ?? port;
    case 'dados':
    case 'negocio':
      return port + settings.dadosShift;
    case 'contas':
      return port + settings.contasShift;
  }
}

/** Where each bank serves `contas`: one list for all of them. */
function contasPeers(world: readonly WorldBank[], settings: DemoSettings): string {
  return world
    .flatMap(({ id, classics }) =>
      classics
        .filter(({ surface }) => surface === 'contas')
        .map((classic) => `${id}=127.0.0.1:${portOf(classic, settings)}`),
    )
    .join();
}

/** Where the other banks, which are on the same machine, find one that listens on `host`. */
function publicUrl(host: string, port: number): string {
  const anywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  const name = anywhere[host] ?? host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** The parent's settings become the child's arguments: what the parent was told is not for the child. */
function withoutOurSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('LASTRO_') || handedOn.includes(name)),
  );
}
