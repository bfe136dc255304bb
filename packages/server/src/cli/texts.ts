import type { ClassicState } from './bank-messages.ts';
import { english } from './texts-en.ts';
import type { Language } from './language.ts';
import { portuguese } from './texts-pt.ts';

/** A bank of the demo as the reader is told about it. */
export interface BankShown {
  readonly id: string;
  readonly url: string;
  readonly classics: readonly ClassicState[];
}

/** A bank's port that another program has, and those that all banks were to have. */
export interface TakenPort {
  readonly bank: string;
  readonly port: number;
  readonly host: string;
  readonly ports: readonly number[];
}

interface CommandTexts<Flag extends string> {
  readonly summary: string;
  readonly description: string;
  readonly flags: Readonly<Record<Flag, string>>;
  /** Examples and what else `--help` teaches. */
  readonly after: string;
}

/** A complaint about a value: the name of its flag or variable, and the value. */
type Complaint = (name: string, text: string) => string;

/** Everything that the CLI says, once per language. Sentences end the program; lines report. */
export interface Texts {
  readonly program: {
    readonly description: string;
    readonly version: string;
    readonly help: string;
    readonly helpCommand: string;
    /** Titles of commander's help, by the English ones. */
    readonly titles: Readonly<Record<string, string>>;
    readonly after: string;
    readonly unknownOption: (what: string) => string;
    readonly unknownCommand: (what: string) => string;
    readonly missingValue: (what: string) => string;
    readonly missingArgument: (name: string) => string;
    readonly excessArguments: string;
  };
  readonly commands: {
    readonly serve: CommandTexts<
      | 'bank'
      | 'data'
      | 'port'
      | 'host'
      | 'databaseUrl'
      | 'classic'
      | 'feed'
      | 'every'
      | 'register'
      | 'registerCa'
      | 'registerCert'
      | 'registerKey'
      | 'publicUrl'
      | 'tlsCert'
      | 'tlsKey'
      | 'insecure'
      | 'contasPeers'
      | 'logLevel'
    >;
    readonly demo: CommandTexts<
      | 'data'
      | 'port'
      | 'host'
      | 'insecure'
      | 'pedidosPort'
      | 'dadosPort'
      | 'contasPort'
      | 'databaseUrl'
      | 'flood'
      | 'output'
    >;
    readonly seed: CommandTexts<'url' | 'keyFile' | 'as' | 'output'>;
  };
  readonly usage: Readonly<
    Record<
      | 'badBank'
      | 'badPort'
      | 'badHost'
      | 'badDatabaseUrl'
      | 'badUrl'
      | 'badClassic'
      | 'negocioWithoutDados'
      | 'badDadosTokens'
      | 'badContasPeers'
      | 'badFeed'
      | 'badEvery'
      | 'feedWithoutPedidos'
      | 'badShare'
      | 'badOutput'
      | 'badLogLevel'
      | 'badBootstrapKey'
      | 'badRegister'
      | 'badRegisterTls'
      | 'badPublicUrl'
      | 'publicUrlAlone'
      | 'needsPublicUrl'
      | 'halfTls'
      | 'openHost'
      | 'badSwitch',
      Complaint
    >
  >;

  /** Both bounds are allowed. */
  readonly badInteger: (name: string, text: string, min: number, max: number) => string;
  readonly badWorldBank: (name: string, text: string, ids: readonly string[]) => string;
  readonly badKeyFile: (path: string) => string;
  readonly noKeyFile: (path: string) => string;
  readonly noSpace: (path: string) => string;
  readonly badTls: (certFile: string, keyFile: string, reason: string) => string;
  readonly noPermission: (path: string) => string;
  readonly notAFolder: (path: string) => string;
  readonly noDatabase: (bank: string, reason: string) => string;
  readonly noNeighbour: (database: string, reason: string) => string;
  readonly portTaken: (taken: TakenPort) => string;
  readonly bankRefused: (reason: string) => string;
  readonly bankTooSlow: (bank: string, logFile: string) => string;
  readonly bankEnded: (bank: string, how: string, logFile: string) => string;
  readonly bankLost: (reason: string) => string;
  readonly postgresLost: (reason: string) => string;
  readonly unexpected: (reason: string) => string;

  readonly startsPostgres: string;
  /** `where` is host, port and database, without user and password. */
  readonly usesPostgres: (where: string) => string;
  readonly startsBanks: (banks: readonly string[]) => string;
  readonly fillsBanks: (people: number, goods: number) => string;
  readonly joinsBanks: (banks: readonly string[]) => string;
  readonly filled: (people: number, goods: number, url: string) => string;
  readonly classicOff: (surface: string, port: number) => string;
  readonly bankRestarts: (bank: string, how: string) => string;
  readonly bankIsBack: (bank: string, url: string) => string;
  readonly stopping: string;
  readonly serving: (bank: string, url: string, keyFile: string) => string;
  /** `keyFile` is undefined where only the bootstrap key is an admin key. */
  readonly demoReady: (banks: readonly BankShown[], keyFile: string | undefined) => string;
}

export function textsIn(language: Language): Texts {
  switch (language) {
    case 'en':
      return english;
    case 'pt':
      return portuguese;
  }
}
