import type { Context } from '../context.ts';
import { defaults, Settings, type Flags } from '../settings.ts';
import { readWorld } from '../world.ts';

/** What `lastro demo` was asked for. */
export interface DemoSettings {
  readonly dataFolder: string;
  readonly host: string;
  /** Of the first bank; the next ones follow. */
  readonly port: number;
  /** Instead of the world's. */
  readonly pedidosPort: number | undefined;
  /** By how much the data server and its business servers are moved from the world’s ports. */
  readonly dadosShift: number;
  /** The same of the servers of accounts, one at each bank. */
  readonly contasShift: number;
  readonly databaseUrl: string | undefined;
  readonly bootstrapKey: string | undefined;
  /** Orders sent to a bank that was just filled; 0: no flood of anything. */
  readonly floodCount: number;
  readonly isJson: boolean;
}

const portMax = 65_535;
/** Three business servers have the next ports. */
const dadosPortBounds = { min: 1, max: portMax - 3 };
/** Alfa's in the world. */
const contasPortDefault = defaults.contasPortBesideDados;

const floodCountDefault = 200;
const floodCountMax = 1_000_000;

/** Throws a usage error for the first value that is not understood. */
export function readDemoSettings(flags: Flags, context: Context): DemoSettings {
  const settings = new Settings(flags, context);
  const [dadosPort] = defaults.classicPorts.dados;
  const isMoved = settings.given('pedidos-port') !== undefined;
  const host = settings.host();
  settings.refuseOpenHost(host, undefined);
  const onePerBank = { min: 1, max: portMax + 1 - readWorld().length };
  return {
    dataFolder: settings.folder('data', defaults.data),
    host,
    port: settings.integer('port', defaults.port, onePerBank),
    pedidosPort: isMoved ? settings.port('pedidos-port', defaults.port) : undefined,
    dadosShift: settings.integer('dados-port', dadosPort, dadosPortBounds) - dadosPort,
    contasShift: settings.integer('contas-port', contasPortDefault, onePerBank) - contasPortDefault,
    databaseUrl: settings.databaseUrl(),
    bootstrapKey: settings.bootstrapKey(),
    floodCount: settings.integer('flood', floodCountDefault, { min: 0, max: floodCountMax }),
    isJson: settings.output() === 'json',
  };
}
