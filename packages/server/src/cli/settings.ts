import { resolve } from 'node:path';
import { BOOTSTRAP_KEY_MIN } from '@lastro/contract';
import { parseHostPort, type ContasPeer } from '../classic/contas/servers.ts';
import { CLASSIC_SURFACES, type ClassicOption } from '../classic/surfaces.ts';
import { readFeedAddress } from '../classic/pedidos/feed-request.ts';
import { parsePeerAddress, type PeerAddress } from '../consortium/messages/peer-address.ts';
import {
  parseRegisterAddress,
  type RegisterAddress,
} from '../consortium/register/register-address.ts';
import { RegisterSetupError } from '../consortium/register/register-setup-error.ts';
import { assertTlsFits, type RegisterTlsFiles } from '../consortium/register/register-tls.ts';
import { isLoopback } from '../http/is-loopback.ts';
import { urlOf } from '../http/listen.ts';
import type { Context } from './context.ts';
import { CliError, exitCode } from './exit-code.ts';

/** A value as it was given, and where: `--port` or `LASTRO_PORT`. */
export interface Given {
  readonly name: string;
  readonly text: string;
}

/** Flags by their long name without dashes, as commander read them. */
export type Flags = Readonly<Record<string, string | undefined>>;

/** A classic surface to serve, and its port. */
export type ClassicSetting = Pick<ClassicOption, 'surface' | 'port'>;

/** Where readings come from, each of which is an order of the classic surface `pedidos`. */
export interface FeedSetting {
  /** May hold a password. */
  readonly url: string;
  readonly everySeconds: number;
}

/** PEM files; absolute paths. */
export interface TlsSetting {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Which consortium the bank belongs to, and where its peers reach it. */
export interface ConsortiumSetting {
  /** May hold a password. */
  readonly register: RegisterAddress;
  readonly registerTls: RegisterTlsFiles | undefined;
  readonly ownAddress: PeerAddress;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

export const defaults = {
  bank: 'main',
  data: './data',
  host: '127.0.0.1',
  port: 4000,
  logLevel: 'info',
  feedEverySeconds: 5,
  lockSeconds: 30,
  classicPorts: { pedidos: [3000], dados: [5000], negocio: [5001, 5002, 5003], contas: [5000] },
  /** Of `contas` where `dados` has its port. */
  contasPortBesideDados: 5010,
} as const;

const FEED_EVERY_SECONDS_MAX = 86_400;

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The environment variable of a flag: `database-url` → `LASTRO_DATABASE_URL`. */
export function variableOf(flag: string): string {
  return `LASTRO_${flag.toUpperCase().replaceAll('-', '_')}`;
}

/** Reads the values of one command's flags and their variables; each method throws a usage error. */
export class Settings {
  readonly #flags: Flags;
  readonly #context: Context;
  readonly #positional: readonly string[];

  /** `positional`: which of the flags were given as arguments without a name. */
  constructor(flags: Flags, context: Context, positional: readonly string[] = []) {
    this.#flags = flags;
    this.#context = context;
    this.#positional = positional;
  }

  /** The flag, else its variable; an empty variable counts as not set. */
  given(flag: string): Given | undefined {
    const text = this.#flags[flag];
    const name = this.#positional.includes(flag) ? `<${flag}>` : `--${flag}`;
    if (text !== undefined) return { name, text };
    return this.#fromEnvironment(variableOf(flag));
  }

  bank(): string {
    const given = this.given('bank');
    if (given === undefined) return defaults.bank;
    if (!/^[a-z][a-z0-9-]{1,30}$/.test(given.text)) throw this.#usage('badBank', given);
    return given.text;
  }

  /** Absolute. */
  folder(flag: string, fallback: string): string {
    const text = this.given(flag)?.text ?? fallback;
    return resolve(this.#context.workingFolder, text);
  }

  port(flag: string, fallback: number): number {
    const given = this.given(flag);
    if (given === undefined) return fallback;
    return portOf(given.text) ?? this.#refuse('badPort', given);
  }

  host(): string {
    const given = this.given('host');
    if (given === undefined) return defaults.host;
    if (!/^[A-Za-z0-9._:%-]+$/.test(given.text)) throw this.#usage('badHost', given);
    return given.text;
  }

  /** Both files, or neither. */
  tls(): TlsSetting | undefined {
    const cert = this.given('tls-cert');
    const key = this.given('tls-key');
    if (cert === undefined && key === undefined) return undefined;
    if (cert === undefined || key === undefined) {
      throw new CliError(
        exitCode.usage,
        this.#context.texts.usage.halfTls('--tls-cert', '--tls-key'),
      );
    }
    const { workingFolder } = this.#context;
    return {
      certFile: resolve(workingFolder, cert.text),
      keyFile: resolve(workingFolder, key.text),
    };
  }

  /** Throws a usage error where others could read along, unless that is wanted. */
  refuseOpenHost(host: string, tls: TlsSetting | undefined): void {
    if (isLoopback(host) || tls !== undefined || this.#switch('insecure')) return;
    throw new CliError(exitCode.usage, this.#context.texts.usage.openHost('--host', host));
  }

  /** Undefined without a register: the bank is in no consortium. */
  consortium(
    host: string,
    port: number,
    tls: TlsSetting | undefined,
  ): ConsortiumSetting | undefined {
    const register = this.#register();
    const registerTls = this.#registerTls(register);
    const given = this.given('public-url');
    if (register === undefined) {
      if (given !== undefined) throw this.#usage('publicUrlAlone', given);
      return undefined;
    }
    if (given === undefined && !isLoopback(host)) {
      throw new CliError(exitCode.usage, this.#context.texts.usage.needsPublicUrl('--host', host));
    }
    const text = given?.text ?? urlOf(tls === undefined ? 'http' : 'https', host, port);
    const ownAddress = parsePeerAddress(text);
    if (ownAddress === null) throw this.#usage('badPublicUrl', given ?? { name: '--host', text });
    return { register, registerTls, ownAddress };
  }

  /** Never quoted in an error: it may hold a password. */
  #register(): RegisterAddress | undefined {
    const given = this.given('register');
    if (given === undefined) return undefined;
    return this.#ofRegister(given, 'badRegister', () => parseRegisterAddress(given.text));
  }

  /** Undefined where no file is named. */
  #registerTls(register: RegisterAddress | undefined): RegisterTlsFiles | undefined {
    const ca = this.given('register-ca');
    const cert = this.given('register-cert');
    const key = this.given('register-key');
    const first = ca ?? cert ?? key;
    if (first === undefined) return undefined;
    const fileOf = (given: Given | undefined) =>
      given === undefined ? undefined : resolve(this.#context.workingFolder, given.text);
    const files = { caFile: fileOf(ca), certFile: fileOf(cert), keyFile: fileOf(key) };
    this.#ofRegister(first, 'badRegisterTls', () => assertTlsFits(register, files));
    return files;
  }

  #ofRegister<Value>(
    given: Given,
    complaint: 'badRegister' | 'badRegisterTls',
    read: () => Value,
  ): Value {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RegisterSetupError)) throw error;
      const sentence = this.#context.texts.usage[complaint](given.name, error.message);
      throw new CliError(exitCode.usage, sentence, { cause: error });
    }
  }

  /** Whether a switch was given, as a flag or as 1, true or yes in its variable. */
  #switch(flag: string): boolean {
    const given = this.given(flag);
    if (given === undefined || ['0', 'false', 'no'].includes(given.text)) return false;
    return ['1', 'true', 'yes'].includes(given.text) || this.#refuse('badSwitch', given);
  }

  /** `--database-url`, `LASTRO_DATABASE_URL` or `DATABASE_URL`. Never quoted in an error: it holds a password. */
  databaseUrl(): string | undefined {
    const given = this.given('database-url') ?? this.#fromEnvironment('DATABASE_URL');
    if (given === undefined) return undefined;
    const protocol = URL.canParse(given.text) ? new URL(given.text).protocol : '';
    if (protocol !== 'postgres:' && protocol !== 'postgresql:') {
      throw this.#usage('badDatabaseUrl', given);
    }
    return given.text;
  }

  httpUrl(flag: string, fallback: string): string {
    const given = this.given(flag);
    if (given === undefined) return fallback;
    const protocol = URL.canParse(given.text) ? new URL(given.text).protocol : '';
    if (protocol !== 'http:' && protocol !== 'https:') throw this.#usage('badUrl', given);
    return given.text;
  }

  classics(): ClassicSetting[] {
    const given = this.given('classic');
    if (given === undefined) return [];
    const names = given.text.split(',').map((part) => part.trim());
    const contasPort = this.#contasPort(names);
    const parts = names.map((name) =>
      classicsOf(name === 'contas' ? `${name}=${contasPort}` : name),
    );
    const classics = parts.flat();
    // Of business servers there may be any number.
    const single = classics.map(({ surface }) => surface).filter((name) => name !== 'negocio');
    if (parts.some(({ length }) => length === 0) || new Set(single).size < single.length) {
      throw this.#usage('badClassic', given);
    }
    if (!single.includes('dados') && classics.length > single.length) {
      throw this.#usage('negocioWithoutDados', given);
    }
    // A business server needs its data server first.
    return classics.toSorted((left, right) => startOrder(left) - startOrder(right));
  }

  /** Unless it is named: `PORT`, as the original has it, else the original's own. */
  #contasPort(names: readonly string[]): number {
    const given = this.#fromEnvironment('PORT');
    if (names.some((name) => name.split('=')[0] === 'dados')) return defaults.contasPortBesideDados;
    if (given === undefined || !names.includes('contas')) return defaults.classicPorts.contas[0];
    return portOf(given.text) ?? this.#refuse('badPort', given);
  }

  /** `beta=host:port,gama=host:port`: where the other banks serve `contas`. */
  contasPeers(): readonly ContasPeer[] | undefined {
    const given = this.given('contas-peers');
    if (given === undefined) return undefined;
    const parts = given.text.split(',');
    const peers = parts.flatMap((part) => contasPeerOf(part.trim()) ?? []);
    const banks = new Set(peers.map(({ bank }) => bank));
    if (banks.size < parts.length) throw this.#usage('badContasPeers', given);
    return peers;
  }

  /** Throws a usage error also where no surface is served that could take a feed's orders. */
  feed(classics: readonly ClassicSetting[]): FeedSetting | undefined {
    const every = this.given('every');
    const everySeconds =
      every === undefined
        ? defaults.feedEverySeconds
        : (secondsOf(every.text) ?? this.#refuse('badEvery', every));
    const given = this.given('feed');
    if (given === undefined) return undefined;
    if (!isFeedAddress(given.text)) throw this.#usage('badFeed', given);
    if (!classics.some(({ surface }) => surface === 'pedidos')) {
      throw this.#usage('feedWithoutPedidos', given);
    }
    return { url: given.text, everySeconds };
  }

  /** A whole number within the bounds, both included. */
  integer(flag: string, fallback: number, { min, max }: Bounds): number {
    const given = this.given(flag);
    if (given === undefined) return fallback;
    const number = /^\d{1,15}$/.test(given.text) ? Number(given.text) : Number.NaN;
    if (number >= min && number <= max) return number;
    const { badInteger } = this.#context.texts;
    throw new CliError(exitCode.usage, badInteger(given.name, given.text, min, max));
  }

  /** A decimal number from 0 to 1; 0 unless given. */
  share(flag: string): number {
    const given = this.given(flag);
    if (given === undefined) return 0;
    const share = decimalOf(given.text) ?? Number.NaN;
    return share >= 0 && share <= 1 ? share : this.#refuse('badShare', given);
  }

  output(): 'text' | 'json' {
    const given = this.given('output');
    if (given === undefined || given.text === 'text') return 'text';
    return given.text === 'json' ? 'json' : this.#refuse('badOutput', given);
  }

  logLevel(): LogLevel {
    const given = this.given('log-level');
    if (given === undefined) return defaults.logLevel;
    return logLevels.find((level) => level === given.text) ?? this.#refuse('badLogLevel', given);
  }

  /** What `dados` takes for tokens; undefined: the original's. Never quoted in an error. */
  dadosTokens(): readonly string[] | undefined {
    const given = this.#fromEnvironment('LASTRO_DADOS_TOKENS');
    if (given === undefined) return undefined;
    const tokens = given.text.split(',').map((token) => token.trim());
    if (!tokens.every((token) => /^[\x21-\x7e]{4,200}$/.test(token))) {
      throw this.#usage('badDadosTokens', given);
    }
    return tokens;
  }

  /** Only from the environment: a secret is never an argument. Never quoted in an error. */
  bootstrapKey(): string | undefined {
    const given = this.#fromEnvironment('LASTRO_BOOTSTRAP_KEY');
    if (given === undefined) return undefined;
    const isVisible = /^[\x21-\x7e]+$/.test(given.text);
    if (!isVisible || given.text.length < BOOTSTRAP_KEY_MIN) {
      throw this.#usage('badBootstrapKey', given);
    }
    return given.text;
  }

  #fromEnvironment(name: string): Given | undefined {
    const text = this.#context.env[name];
    return text === undefined || text === '' ? undefined : { name, text };
  }

  #refuse(complaint: keyof Context['texts']['usage'], given: Given): never {
    throw this.#usage(complaint, given);
  }

  #usage(complaint: keyof Context['texts']['usage'], { name, text }: Given): CliError {
    return new CliError(exitCode.usage, this.#context.texts.usage[complaint](name, text));
  }
}

function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function decimalOf(text: string): number | undefined {
  return /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

function secondsOf(text: string): number | undefined {
  const seconds = decimalOf(text) ?? 0;
  return seconds > 0 && seconds <= FEED_EVERY_SECONDS_MAX ? seconds : undefined;
}

function isFeedAddress(text: string): boolean {
  try {
    readFeedAddress(text);
    return true;
  } catch {
    return false;
  }
}

/** `pedidos` or `pedidos=3000`; none where it is not understood. */
function classicsOf(text: string): readonly ClassicSetting[] {
  const [name, port, more] = text.split('=');
  const surface = CLASSIC_SURFACES.find((known) => known === name);
  if (surface === undefined || more !== undefined) return [];
  if (port === undefined)
    return defaults.classicPorts[surface].map((each) => ({ surface, port: each }));
  const number = portOf(port);
  return number === undefined ? [] : [{ surface, port: number }];
}

function contasPeerOf(text: string): ContasPeer | undefined {
  const [, bank, address = ''] = /^([a-z][a-z0-9-]{1,30})=(.*)$/.exec(text) ?? [];
  const place = parseHostPort(address);
  return bank === undefined || place === undefined ? undefined : { bank, ...place };
}

function startOrder({ surface }: ClassicSetting): number {
  return CLASSIC_SURFACES.indexOf(surface);
}
