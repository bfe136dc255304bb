import { readyPage, type ReadyWords } from './ready-page.ts';
import type { Texts } from './texts.ts';

const dataFlag = 'data folder: embedded PostgreSQL, admin key, logs (default ./data)';
const portFlag = 'port of the API (default 4000)';
const hostFlag = 'address to listen on (default 127.0.0.1)';
const databaseUrlFlag =
  'use this PostgreSQL (15 or newer) instead of the embedded one; better in the environment, as DATABASE_URL: other users see arguments';

const outputFlag = 'text or json (default text)';

const ready: ReadyWords = {
  title: 'Lastro is running.',
  bank: (id) => `bank ${id}`,
  bankNote: 'a page at /, the API below /v1',
  classicNotes: {
    pedidos: 'the classic shop: POST /pedido, /status, /relatorio',
    dados: 'the classic data server: /getSaldo, /setSaldo, /getLock, /unLock',
    negocio: 'a classic business server: /saldo, /deposito, /saque, /transferencia',
    contas: 'a classic server of accounts: /contas, /transferencia, /log',
  },
  adminKey: 'admin key',
  inEnvironment: 'LASTRO_BOOTSTRAP_KEY',
  tryIt: 'Try in another terminal:',
  payAcross: (from, to) =>
    `Pay a customer of ${to} from ${from}, see what each bank says that it owes the other, then do it again with ${to} killed:`,
  end: 'Ctrl-C stops it; started again, it goes on with its data.',
};

export const english: Texts = {
  program: {
    description: 'Lastro: money and orders that always add up.',
    version: 'show the version',
    help: 'show help',
    helpCommand: 'show help for a command',
    titles: {},
    after: `
Examples:
  lastro demo                                three banks that pay each other, with a shop, to play with
  lastro serve --bank loja --data ./data     a bank of your own, with the PostgreSQL that Lastro brings
  DATABASE_URL=postgres://… lastro serve     a bank on a PostgreSQL of yours
  lastro simulate orders --count 10000       a flood of orders against a bank that runs
  lastro peers add beta                      another bank of the consortium to deal with
  lastro verify                              the whole journal, folded and compared
  lastro backup loja.lastro-backup           the whole bank in one file, while it goes on
  lastro restore loja.lastro-backup          and back, into an empty place
  lastro serve --help                        everything that a command understands

Environment:
  LASTRO_<FLAG>            the same as --<flag>: LASTRO_PORT for --port, LASTRO_LOG_LEVEL for
                           --log-level; a flag beats its variable
  DATABASE_URL             the same as LASTRO_DATABASE_URL
  LASTRO_SIGNING_KEY_FILE  the Ed25519 key (PKCS#8 PEM) that signs checkpoints; else <data>/keys/<bank>.pem
  LASTRO_CONSORTIUM_KEY_FILE
                           the Ed25519 key (PKCS#8 PEM) that signs what is said to other banks; else
                           <data>/keys/<bank>.consortium.pem, made at the first start
  LASTRO_BOOTSTRAP_KEY     an admin key (32 characters or more) beside the one in <data>/admin-key
  LC_ALL, LANG             pt… makes Lastro speak Portuguese
  NO_COLOR                 no colours

Where to look:
  http://127.0.0.1:4000/              the bank's page
  http://127.0.0.1:4000/v1/…          the API; send Authorization: Bearer <key>
  http://127.0.0.1:4000/openapi.json  its description
  http://127.0.0.1:4000/readyz        whether it takes commands

Exit codes:
  0  done, or stopped by Ctrl-C, SIGTERM or SIGHUP after answering what was under way
  1  could not start or go on; one sentence on stderr says why
  2  a command, flag or value that is not understood
  verify and simulate end with 1 when something does not add up, with 3 when it could not be found out
  peers: 3 when the bank refuses
  backup and restore: 3 when the file is refused, 4 when the place is, 5 when the backup disagrees with its journal
  128 + n  stopped at once by a second signal n, a second or more after the first
`,
    unknownOption: (what) => `There is no flag ${what}: see lastro --help.`,
    unknownCommand: (what) => `There is no command ${what}: see lastro --help.`,
    missingValue: (what) => `The flag ${what} needs a value.`,
    missingArgument: (name) => `The argument <${name}> is missing: see lastro --help.`,
    excessArguments: 'Too many arguments: see lastro --help.',
  },
  commands: {
    serve: {
      summary: 'serve one bank until Ctrl-C',
      description:
        'Serves one bank until Ctrl-C. Without a database URL it runs a PostgreSQL of its own below the data folder and stops it when it stops.',
      flags: {
        bank: 'id of the bank: a letter, then 1 to 30 of a–z 0–9 - (default main)',
        data: dataFlag,
        port: portFlag,
        host: hostFlag,
        databaseUrl: databaseUrlFlag,
        classic:
          'classic surfaces to serve on 127.0.0.1, each with =PORT if wanted: pedidos (3000), dados (5000), negocio (5001, 5002, 5003; needs dados), contas (PORT, else 5000; 5010 beside dados)',
        contasPeers:
          'where the other banks serve contas, such as beta=10.0.0.2:5000,gama=10.0.0.3:5000; other servers are refused',
        feed: 'address of a feed; every new reading in it is an order of pedidos',
        every: 'seconds between two looks at the feed (default 5)',
        register:
          'where the consortium’s register is: postgres://… or etcds://a,b,c; better in the environment, as LASTRO_REGISTER (default: in no consortium)',
        registerCa: 'who certifies the members of etcds:// (PEM; default: whom Node trusts)',
        registerCert: 'what this bank shows them as its certificate (PEM)',
        registerKey: 'and its private key (PEM)',
        publicUrl: 'where the other banks reach this one (default: where it listens, on loopback)',
        tlsCert: 'speak HTTPS with this certificate chain (PEM)',
        tlsKey: 'and its private key (PEM)',
        insecure: 'listen beyond this machine without TLS, as behind a proxy that has it',
        logLevel: 'trace, debug, info, warn, error, fatal or silent (default info)',
      },
      after: `
Every flag is also LASTRO_<FLAG> in the environment. The admin key lies in <data>/admin-key (only you can read
it); it is made when missing, unless both DATABASE_URL and LASTRO_BOOTSTRAP_KEY are given. The log goes to
stdout, one JSON object per line.

Examples:
  lastro serve
  lastro serve --bank loja --port 4100 --classic pedidos=3100
  lastro serve --classic pedidos --feed http://127.0.0.1:8080/leituras --every 5
  lastro serve --bank alfa --host 0.0.0.0 --tls-cert alfa.crt --tls-key alfa.key \\
    --register etcds://a.example,b.example,c.example --public-url https://alfa.example:4000
  curl -s http://127.0.0.1:4000/v1/trial-balance -H "Authorization: Bearer $(cat data/admin-key)"
`,
    },
    demo: {
      summary: 'run three banks with a shop, customers and goods until Ctrl-C',
      description:
        'Runs the banks alfa, beta and gama until Ctrl-C, each a process with a database of its own, peers of one another: 14 customers, and a shop with 11 products at alfa. When they are put there, a first flood of orders and of payments between the banks shows what concurrency does to the books. A bank that dies is started again. Run again, it goes on with its data; delete the data folder to begin anew.',
      flags: {
        data: dataFlag,
        port: 'port of alfa; beta and gama have the next two (default 4000)',
        host: hostFlag,
        insecure: 'listen beyond this machine, without TLS',
        pedidosPort: 'port of the classic shop (default 3000)',
        dadosPort:
          'port of the classic data server; its business servers have the next three (default 5000)',
        contasPort:
          'port of alfa’s classic server of accounts; those of beta and gama have the next two (default 5010)',
        databaseUrl: `${databaseUrlFlag}; it is alfa’s, and those of beta, gama and the register are made beside it, which needs CREATEDB`,
        flood:
          'orders of the first flood, with half as many payments between banks; 0: none (default 200)',
        output: outputFlag,
      },
      after: `
Every flag is also LASTRO_<FLAG> in the environment. The banks write their logs to <data>/<bank>.log; one admin
key, in <data>/admin-key, is that of all three, and LASTRO_BOOTSTRAP_KEY is another.

Examples:
  lastro demo
  LASTRO_DATA=/tmp/play LASTRO_PORT=4100 lastro demo --pedidos-port 3100
  LASTRO_FLOOD=0 lastro demo
  seq 20 | xargs -P 20 -I{} curl -s -X POST http://127.0.0.1:3000/pedido; curl -s http://127.0.0.1:3000/status
`,
    },
    seed: {
      summary: 'put the demo’s customers and goods into a bank that runs',
      description:
        'Puts the demo’s customers, balances and goods into a bank that runs. Every step has a fixed id: running it again changes nothing.',
      flags: {
        url: 'address of the bank (default http://127.0.0.1:4000)',
        keyFile: 'file with an admin key (default ./data/admin-key)',
        as: 'whose of the demo’s people and goods: alfa, beta or gama (default alfa)',
        output: outputFlag,
      },
      after: `
Examples:
  lastro seed --url http://127.0.0.1:4000 --key-file ./data/admin-key
  lastro seed --url http://127.0.0.1:4001 --as beta
`,
    },
  },
  usage: {
    badBank: (name, text) =>
      `${name} must be a lower-case letter and then 1 to 30 of a–z, 0–9 and -, not “${text}”.`,
    badPort: (name, text) => `${name} must be a port number from 1 to 65535, not “${text}”.`,
    badHost: (name, text) => `${name} must be a host name or an IP address, not “${text}”.`,
    badDatabaseUrl: (name) => `${name} must look like postgres://user:password@host:port/database.`,
    badUrl: (name, text) => `${name} must look like http://127.0.0.1:4000, not “${text}”.`,
    badClassic: (name, text) =>
      `${name} must be a list of surfaces, each once and with an optional port, such as pedidos=3000, not “${text}”; pedidos, dados, negocio and contas exist.`,
    negocioWithoutDados: (name) =>
      `${name} has negocio and no data server for it: add dados, or run lastro classic negocio URL PORT.`,
    badDadosTokens: (name) =>
      `${name} must be tokens of 4 to 200 visible ASCII characters, separated by commas.`,
    badContasPeers: (name, text) =>
      `${name} must be a list such as beta=10.0.0.2:5000,gama=10.0.0.3:5000, each bank once, not “${text}”.`,
    badFeed: (name) => `${name} must be an address that begins with http:// or https://.`,
    badEvery: (name, text) =>
      `${name} must be a number of seconds above 0 and at most 86400, not “${text}”.`,
    feedWithoutPedidos: (name) =>
      `${name} needs the classic surface that takes its orders: add --classic pedidos.`,
    badShare: (name, text) => `${name} must be a number from 0 to 1, not “${text}”.`,
    badOutput: (name, text) => `${name} must be text or json, not “${text}”.`,
    badLogLevel: (name, text) =>
      `${name} must be trace, debug, info, warn, error, fatal or silent, not “${text}”.`,
    badBootstrapKey: (name) =>
      `${name} must be at least 32 visible ASCII characters without spaces, such as the output of: openssl rand -hex 32.`,
    badRegister: (name, reason) => `${name} is not understood. ${reason}`,
    badRegisterTls: (name, reason) => `${name} can’t be used. ${reason}`,
    badPublicUrl: (name, text) =>
      `${name} must look like https://alfa.example:4000, with at most a path, not “${text}”.`,
    publicUrlAlone: (name) =>
      `${name} says where the banks of a consortium reach this one: say with --register which consortium.`,
    needsPublicUrl: (name, text) =>
      `${name} ${text} is no address that other banks could call: say with --public-url where they reach this one.`,
    halfTls: (name, text) => `${name} and ${text} go together: give both, or neither.`,
    openHost: (name, text) =>
      `${name} ${text} lets others read every key and amount on the way: give --tls-cert and --tls-key, or --insecure where something in front of the bank has TLS.`,
    badSwitch: (name, text) => `${name} must be 1 or 0, not “${text}”.`,
  },
  badInteger: (name, text, min, max) =>
    `${name} must be a whole number from ${min} to ${max}, not “${text}”.`,
  badWorldBank: (name, text, ids) => `${name} must be one of ${ids.join(', ')}, not “${text}”.`,
  badKeyFile: (path) =>
    `The file ${path} holds no key of 32 visible characters or more: delete it and start the bank again for a new one, or name another file.`,
  noKeyFile: (path) =>
    `There is no key file ${path}: say with --key-file where the bank’s admin key lies.`,
  noSpace: (path) =>
    `The disk${path === '' ? '' : ` that holds ${path}`} is full: free some space and start again.`,
  badTls: (certFile, keyFile, reason) =>
    `The certificate ${certFile} and the key ${keyFile} can’t be used for TLS: ${reason}.`,
  noPermission: (path) =>
    `This user may not write ${path}: start as its owner, or choose another folder with --data.`,
  notAFolder: (path) =>
    `${path} can’t be the data folder, for it or a folder above it is a file: choose another one with --data.`,
  noDatabase: (bank, reason) => `The database of the bank ${bank} can’t be made: ${reason}.`,
  noNeighbour: (database, reason) =>
    `The demo needs the database ${database} beside the one of DATABASE_URL and can’t make it: ${reason}. Give the login CREATEDB, or make it yourself: CREATE DATABASE "${database}" TEMPLATE template0 ENCODING 'UTF8'.`,
  portTaken: ({ bank, port, host, ports }) =>
    `Port ${port} on ${host}, which is to be the bank ${bank}’s, is taken: stop what uses it, or move the banks, which need the ports ${ports.join(', ')}, with --port.`,
  bankRefused: (reason) => `The bank did not do what was asked: ${reason}.`,
  bankTooSlow: (bank, logFile) =>
    `The bank ${bank} was not ready after 120 s; its log is ${logFile}.`,
  bankEnded: (bank, how, logFile) =>
    `The bank ${bank} ended while it was starting (${how}); its log is ${logFile}.`,
  bankLost: (reason) => `A bank ended and could not be started again: ${reason}`,
  postgresLost: (reason) => `PostgreSQL ended and could not be started again: ${reason}`,
  unexpected: (reason) => `Something unexpected happened: ${reason}`,

  startsPostgres: 'PostgreSQL',
  usesPostgres: (where) => `PostgreSQL at ${where}, as DATABASE_URL says`,
  startsBanks: (banks) => `banks ${banks.join(', ')}`,
  fillsBanks: (people, goods) => `${people} customers, ${goods} products`,
  joinsBanks: (banks) => `${banks.join(', ')} are peers of one another`,
  filled: (people, goods, url) =>
    `${url} has the demo’s ${people} customers and ${goods} products.`,
  classicOff: (surface, port) =>
    `port ${port} is taken, so the classic surface ${surface} stays off; the rest goes on`,
  bankRestarts: (bank, how) => `bank ${bank} ended unexpectedly (${how}); starting it again`,
  bankIsBack: (bank, url) => `bank ${bank} is back at ${url}`,
  stopping: 'Stopping…',
  serving: (bank, url, keyFile) =>
    `\nBank ${bank} is at ${url}; its admin key lies in ${keyFile}. Ctrl-C stops it.\n\n`,
  demoReady: (banks, keyFile) => readyPage(ready, banks, keyFile),
};
