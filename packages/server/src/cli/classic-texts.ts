import type { Language } from './language.ts';

/** What `lastro classic` says about itself. */
export interface ClassicTexts {
  readonly summary: string;
  readonly description: string;
  readonly dados: {
    readonly summary: string;
    readonly description: string;
    readonly port: string;
    readonly lockSeconds: string;
    readonly after: string;
  };
  readonly negocio: {
    readonly summary: string;
    readonly description: string;
    readonly url: string;
    readonly port: string;
    readonly logFolder: string;
    readonly after: string;
  };
  readonly serving: (surface: string, url: string) => string;
}

const english: ClassicTexts = {
  summary: 'serve one classic surface by itself, until Ctrl-C',
  description:
    'Serves one classic surface by itself: the data server with its bank, or a business server that uses a data server, perhaps on another machine.',
  dados: {
    summary: 'the classic data server: ten accounts, locks',
    description:
      'Runs a bank whose ten accounts, 1 to 10, are read and written as in the original: /getSaldo, /setSaldo, /getLock, /unLock. The accounts begin with 1000 reais each. A lock lasts 30 s without its owner. Operations are written to <data>/data_server.log.',
    port: 'port of the data server (default 5000)',
    lockSeconds: 'how long a lock lasts without its owner, 1 to 600 (default 30)',
    after: `
Beyond 127.0.0.1 whoever reads the network reads the tokens: use --host with care. LASTRO_DADOS_TOKENS in the
environment holds tokens of your own, separated by commas.

Examples:
  lastro classic dados --port 5000
  curl -s -H 'token: ba0f' 'http://127.0.0.1:5000/getSaldo?id_negoc=eu&conta=1'
`,
  },
  negocio: {
    summary: 'a classic business server for a data server',
    description:
      'Runs a business server: /deposito/:conta/:valor, /saque/:conta/:valor, /saldo/:conta, /transferencia/:origem/:destino/:valor. It holds nothing: any number of them may use one data server, each operation is one atomic command there. Operations are written to business_server.log.',
    url: 'address of the data server, such as http://127.0.0.1:5000',
    port: 'port to listen on, such as 5001',
    logFolder: 'folder of business_server.log (default the working folder)',
    after: `
Examples:
  lastro classic negocio http://127.0.0.1:5000 5001
  curl -s -H 'token: ba0f' http://127.0.0.1:5001/transferencia/1/2/50.0
`,
  },
  serving: (surface, url) => `\n${surface} is at ${url}. Ctrl-C stops it.\n\n`,
};

const portuguese: ClassicTexts = {
  summary: 'serve uma superfície clássica sozinha, até Ctrl-C',
  description:
    'Serve uma superfície clássica sozinha: o servidor de dados com o seu banco, ou um servidor de negócio que usa um servidor de dados, talvez em outra máquina.',
  dados: {
    summary: 'o servidor de dados clássico: dez contas, travas',
    description:
      'Roda um banco cujas dez contas, de 1 a 10, são lidas e escritas como no original: /getSaldo, /setSaldo, /getLock, /unLock. As contas começam com 1000 reais cada. Uma trava dura 30 s sem o seu dono. As operações ficam em <dados>/data_server.log.',
    port: 'porta do servidor de dados (padrão 5000)',
    lockSeconds: 'quanto dura uma trava sem o seu dono, de 1 a 600 (padrão 30)',
    after: `
Fora de 127.0.0.1 quem lê a rede lê os tokens: use --host com cuidado. LASTRO_DADOS_TOKENS no ambiente tem
os seus próprios tokens, separados por vírgulas.

Exemplos:
  lastro classic dados --port 5000
  curl -s -H 'token: ba0f' 'http://127.0.0.1:5000/getSaldo?id_negoc=eu&conta=1'
`,
  },
  negocio: {
    summary: 'um servidor de negócio clássico para um servidor de dados',
    description:
      'Roda um servidor de negócio: /deposito/:conta/:valor, /saque/:conta/:valor, /saldo/:conta, /transferencia/:origem/:destino/:valor. Ele não guarda nada: quantos quiser usam um servidor de dados, e cada operação é um comando atômico lá. As operações ficam em business_server.log.',
    url: 'endereço do servidor de dados, como http://127.0.0.1:5000',
    port: 'porta em que escuta, como 5001',
    logFolder: 'pasta de business_server.log (padrão a pasta atual)',
    after: `
Exemplos:
  lastro classic negocio http://127.0.0.1:5000 5001
  curl -s -H 'token: ba0f' http://127.0.0.1:5001/transferencia/1/2/50.0
`,
  },
  serving: (surface, url) => `\n${surface} está em ${url}. Ctrl-C encerra.\n\n`,
};

export function classicTextsIn(language: Language): ClassicTexts {
  switch (language) {
    case 'en':
      return english;
    case 'pt':
      return portuguese;
  }
}
