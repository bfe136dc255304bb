import { readyPage, type ReadyWords } from './ready-page.ts';
import type { Texts } from './texts.ts';

const dataFlag =
  'pasta de dados: PostgreSQL embutido, chave de administração, registros (padrão ./data)';
const portFlag = 'porta da API (padrão 4000)';
const hostFlag = 'endereço em que escuta (padrão 127.0.0.1)';
const databaseUrlFlag =
  'usa este PostgreSQL (15 ou mais novo) no lugar do embutido; melhor no ambiente, como DATABASE_URL: outros usuários veem os argumentos';

const outputFlag = 'text ou json (padrão text)';

const ready: ReadyWords = {
  title: 'O Lastro está no ar.',
  bank: (id) => `banco ${id}`,
  bankNote: 'uma página em /, a API abaixo de /v1',
  classicNotes: {
    pedidos: 'a loja clássica: POST /pedido, /status, /relatorio',
    dados: 'o servidor de dados clássico: /getSaldo, /setSaldo, /getLock, /unLock',
    negocio: 'um servidor de negócio clássico: /saldo, /deposito, /saque, /transferencia',
    contas: 'um servidor de contas clássico: /contas, /transferencia, /log',
  },
  adminKey: 'chave de administração',
  inEnvironment: 'LASTRO_BOOTSTRAP_KEY',
  tryIt: 'Experimente em outro terminal:',
  payAcross: (from, to) =>
    `Pague a um cliente de ${to} a partir de ${from}, veja o que cada banco diz que deve ao outro, e repita com ${to} morto:`,
  end: 'Ctrl-C encerra; iniciado de novo, continua com os seus dados.',
};

export const portuguese: Texts = {
  program: {
    description: 'Lastro: dinheiro e pedidos que sempre fecham.',
    version: 'mostra a versão',
    help: 'mostra a ajuda',
    helpCommand: 'mostra a ajuda de um comando',
    titles: {
      'Usage:': 'Uso:',
      'Options:': 'Opções:',
      'Commands:': 'Comandos:',
      'Arguments:': 'Argumentos:',
    },
    after: `
Exemplos:
  lastro demo                                três bancos que pagam um ao outro, com loja, para experimentar
  lastro serve --bank loja --data ./data     um banco seu, com o PostgreSQL que o Lastro traz
  DATABASE_URL=postgres://… lastro serve     um banco num PostgreSQL seu
  lastro simulate orders --count 10000       uma enxurrada de pedidos num banco que está no ar
  lastro peers add beta                      outro banco do consórcio com que lidar
  lastro verify                              o diário inteiro, refeito e comparado
  lastro backup loja.lastro-backup           o banco inteiro em um arquivo, enquanto ele segue
  lastro restore loja.lastro-backup          e de volta, para um lugar vazio
  lastro serve --help                        tudo o que um comando entende

Ambiente:
  LASTRO_<OPÇÃO>           o mesmo que --<opção>: LASTRO_PORT é --port, LASTRO_LOG_LEVEL é
                           --log-level; a opção vale mais que a variável
  DATABASE_URL             o mesmo que LASTRO_DATABASE_URL
  LASTRO_SIGNING_KEY_FILE  a chave Ed25519 (PKCS#8 PEM) que assina os pontos de verificação; senão
                           <data>/keys/<bank>.pem
  LASTRO_CONSORTIUM_KEY_FILE
                           a chave Ed25519 (PKCS#8 PEM) que assina o que se diz a outros bancos; senão
                           <dados>/keys/<banco>.consortium.pem, criada no primeiro início
  LASTRO_BOOTSTRAP_KEY     uma chave de administração (32 caracteres ou mais) além da que está em
                           <dados>/admin-key
  LC_ALL, LANG             pt… faz o Lastro falar português
  NO_COLOR                 sem cores

Onde olhar:
  http://127.0.0.1:4000/              a página do banco
  http://127.0.0.1:4000/v1/…          a API; envie Authorization: Bearer <chave>
  http://127.0.0.1:4000/openapi.json  a descrição dela
  http://127.0.0.1:4000/readyz        se o banco aceita comandos

Códigos de saída:
  0  feito, ou encerrado por Ctrl-C, SIGTERM ou SIGHUP depois de responder o que estava em andamento
  1  não conseguiu iniciar ou continuar; uma frase em stderr diz por quê
  2  um comando, uma opção ou um valor que não se entende
  verify e simulate terminam com 1 quando algo não fecha, com 3 quando não puderam saber
  peers: 3 quando o banco recusa
  backup e restore: 3 quando recusam o arquivo, 4 o lugar, 5 quando a cópia não confere com o diário
  128 + n  encerrado na hora por um segundo sinal n, um segundo ou mais depois do primeiro
`,
    unknownOption: (what) => `Não existe a opção ${what}: veja lastro --help.`,
    unknownCommand: (what) => `Não existe o comando ${what}: veja lastro --help.`,
    missingValue: (what) => `A opção ${what} precisa de um valor.`,
    missingArgument: (name) => `Falta o argumento <${name}>: veja lastro --help.`,
    excessArguments: 'Argumentos demais: veja lastro --help.',
  },
  commands: {
    serve: {
      summary: 'serve um banco até Ctrl-C',
      description:
        'Serve um banco até Ctrl-C. Sem a URL de um banco de dados, roda um PostgreSQL próprio abaixo da pasta de dados e o encerra consigo.',
      flags: {
        bank: 'nome do banco: uma letra e de 1 a 30 de a–z 0–9 - (padrão main)',
        data: dataFlag,
        port: portFlag,
        host: hostFlag,
        databaseUrl: databaseUrlFlag,
        classic:
          'superfícies clássicas a servir em 127.0.0.1, cada uma com =PORTA se quiser: pedidos (3000), dados (5000), negocio (5001, 5002, 5003; precisa de dados), contas (PORT, senão 5000; 5010 junto de dados)',
        contasPeers:
          'onde os outros bancos servem contas, como beta=10.0.0.2:5000,gama=10.0.0.3:5000; outros servidores são recusados',
        feed: 'endereço de um feed; cada leitura nova nele é um pedido de pedidos',
        every: 'segundos entre duas consultas ao feed (padrão 5)',
        register:
          'onde está o registro do consórcio: postgres://… ou etcds://a,b,c; melhor no ambiente, como LASTRO_REGISTER (padrão: fora de consórcio)',
        registerCa:
          'quem certifica os membros de etcds:// (PEM; padrão: aqueles em quem o Node confia)',
        registerCert: 'o certificado que este banco mostra a eles (PEM)',
        registerKey: 'e a chave privada dele (PEM)',
        publicUrl:
          'onde os outros bancos encontram este (padrão: onde ele escuta, na própria máquina)',
        tlsCert: 'fala HTTPS com esta cadeia de certificados (PEM)',
        tlsKey: 'e a chave privada dela (PEM)',
        insecure: 'escuta além desta máquina sem TLS, como atrás de um proxy que o tem',
        logLevel: 'trace, debug, info, warn, error, fatal ou silent (padrão info)',
      },
      after: `
Toda opção também é LASTRO_<OPÇÃO> no ambiente. A chave de administração fica em <dados>/admin-key (só você a
lê); é criada quando falta, a não ser que DATABASE_URL e LASTRO_BOOTSTRAP_KEY estejam dadas. O registro vai
para stdout, um objeto JSON por linha.

Exemplos:
  lastro serve
  lastro serve --bank loja --port 4100 --classic pedidos=3100
  lastro serve --classic pedidos --feed http://127.0.0.1:8080/leituras --every 5
  lastro serve --bank alfa --host 0.0.0.0 --tls-cert alfa.crt --tls-key alfa.key \\
    --register etcds://a.example,b.example,c.example --public-url https://alfa.example:4000
  curl -s http://127.0.0.1:4000/v1/trial-balance -H "Authorization: Bearer $(cat data/admin-key)"
`,
    },
    demo: {
      summary: 'roda três bancos com loja, clientes e produtos até Ctrl-C',
      description:
        'Roda os bancos alfa, beta e gama até Ctrl-C, cada um num processo com a sua própria base de dados, parceiros uns dos outros: 14 clientes, e em alfa uma loja com 11 produtos. Quando são postos lá, uma primeira enxurrada de pedidos e de pagamentos entre os bancos mostra o que a concorrência faz aos livros. Um banco que morre é iniciado de novo. Rodado de novo, continua com os seus dados; apague a pasta de dados para recomeçar.',
      flags: {
        data: dataFlag,
        port: 'porta de alfa; beta e gama ficam nas duas seguintes (padrão 4000)',
        host: hostFlag,
        insecure: 'escuta além desta máquina, sem TLS',
        pedidosPort: 'porta da loja clássica (padrão 3000)',
        dadosPort:
          'porta do servidor de dados clássico; os seus servidores de negócio ficam nas três seguintes (padrão 5000)',
        contasPort:
          'porta do servidor de contas clássico de alfa; os de beta e gama ficam nas duas seguintes (padrão 5010)',
        databaseUrl: `${databaseUrlFlag}; é a base de alfa, e as de beta, gama e do registro são criadas ao lado, o que exige CREATEDB`,
        flood:
          'pedidos da primeira enxurrada, com metade disso em pagamentos entre bancos; 0: nenhum (padrão 200)',
        output: outputFlag,
      },
      after: `
Toda opção também é LASTRO_<OPÇÃO> no ambiente. Os bancos escrevem seus registros em <dados>/<banco>.log; uma só
chave de administração, em <dados>/admin-key, vale nos três, e LASTRO_BOOTSTRAP_KEY é outra.

Exemplos:
  lastro demo
  LASTRO_DATA=/tmp/teste LASTRO_PORT=4100 lastro demo --pedidos-port 3100
  LASTRO_FLOOD=0 lastro demo
  seq 20 | xargs -P 20 -I{} curl -s -X POST http://127.0.0.1:3000/pedido; curl -s http://127.0.0.1:3000/status
`,
    },
    seed: {
      summary: 'põe os clientes e os produtos da demonstração num banco que está no ar',
      description:
        'Põe os clientes, os saldos e os produtos da demonstração num banco que está no ar. Cada passo tem um identificador fixo: rodar de novo não muda nada.',
      flags: {
        url: 'endereço do banco (padrão http://127.0.0.1:4000)',
        keyFile: 'arquivo com uma chave de administração (padrão ./data/admin-key)',
        as: 'de que banco da demonstração são as pessoas e os produtos: alfa, beta ou gama (padrão alfa)',
        output: outputFlag,
      },
      after: `
Exemplos:
  lastro seed --url http://127.0.0.1:4000 --key-file ./data/admin-key
  lastro seed --url http://127.0.0.1:4001 --as beta
`,
    },
  },
  usage: {
    badBank: (name, text) =>
      `${name} deve ser uma letra minúscula e depois de 1 a 30 de a–z, 0–9 e -, não “${text}”.`,
    badPort: (name, text) => `${name} deve ser um número de porta de 1 a 65535, não “${text}”.`,
    badHost: (name, text) =>
      `${name} deve ser um nome de máquina ou um endereço IP, não “${text}”.`,
    badDatabaseUrl: (name) => `${name} deve ser como postgres://usuario:senha@maquina:porta/banco.`,
    badUrl: (name, text) => `${name} deve ser como http://127.0.0.1:4000, não “${text}”.`,
    badClassic: (name, text) =>
      `${name} deve ser uma lista de superfícies, cada uma só uma vez e com porta opcional, como pedidos=3000, não “${text}”; existem pedidos, dados, negocio e contas.`,
    negocioWithoutDados: (name) =>
      `${name} tem negocio sem servidor de dados: acrescente dados, ou use lastro classic negocio URL PORTA.`,
    badDadosTokens: (name) =>
      `${name} deve ter tokens de 4 a 200 caracteres ASCII visíveis, separados por vírgulas.`,
    badContasPeers: (name, text) =>
      `${name} deve ser uma lista como beta=10.0.0.2:5000,gama=10.0.0.3:5000, cada banco uma vez, não “${text}”.`,
    badFeed: (name) => `${name} deve ser um endereço que começa com http:// ou https://.`,
    badEvery: (name, text) =>
      `${name} deve ser um número de segundos maior que 0 e no máximo 86400, não “${text}”.`,
    feedWithoutPedidos: (name) =>
      `${name} precisa da superfície clássica que recebe os seus pedidos: acrescente --classic pedidos.`,
    badShare: (name, text) => `${name} deve ser um número de 0 a 1, não “${text}”.`,
    badOutput: (name, text) => `${name} deve ser text ou json, não “${text}”.`,
    badLogLevel: (name, text) =>
      `${name} deve ser trace, debug, info, warn, error, fatal ou silent, não “${text}”.`,
    badBootstrapKey: (name) =>
      `${name} deve ter ao menos 32 caracteres ASCII visíveis sem espaços, como a saída de: openssl rand -hex 32.`,
    badRegister: (name, reason) => `${name} não foi entendida. ${reason}`,
    badRegisterTls: (name, reason) => `${name} não serve. ${reason}`,
    badPublicUrl: (name, text) =>
      `${name} deve ser como https://alfa.example:4000, com no máximo um caminho, não “${text}”.`,
    publicUrlAlone: (name) =>
      `${name} diz onde os bancos de um consórcio encontram este: diga com --register qual consórcio.`,
    needsPublicUrl: (name, text) =>
      `${name} ${text} não é um endereço que outros bancos possam chamar: diga com --public-url onde encontram este.`,
    halfTls: (name, text) => `${name} e ${text} andam juntas: dê as duas, ou nenhuma.`,
    openHost: (name, text) =>
      `${name} ${text} deixa outros lerem cada chave e cada valor no caminho: dê --tls-cert e --tls-key, ou --insecure onde algo na frente do banco tem TLS.`,
    badSwitch: (name, text) => `${name} deve ser 1 ou 0, não “${text}”.`,
  },
  badInteger: (name, text, min, max) =>
    `${name} deve ser um número inteiro de ${min} a ${max}, não “${text}”.`,
  badWorldBank: (name, text, ids) => `${name} deve ser um de ${ids.join(', ')}, não “${text}”.`,
  badKeyFile: (path) =>
    `O arquivo ${path} não contém uma chave de 32 caracteres visíveis ou mais: apague-o e inicie o banco de novo para ter outra, ou indique outro arquivo.`,
  noKeyFile: (path) =>
    `Não existe o arquivo de chave ${path}: diga com --key-file onde está a chave de administração do banco.`,
  noSpace: (path) =>
    `O disco${path === '' ? '' : ` que contém ${path}`} está cheio: libere espaço e inicie de novo.`,
  badTls: (certFile, keyFile, reason) =>
    `O certificado ${certFile} e a chave ${keyFile} não servem para TLS: ${reason}.`,
  noPermission: (path) =>
    `Este usuário não pode escrever em ${path}: inicie como o dono, ou escolha outra pasta com --data.`,
  notAFolder: (path) =>
    `${path} não pode ser a pasta de dados, pois ela ou uma pasta acima dela é um arquivo: escolha outra com --data.`,
  noDatabase: (bank, reason) => `A base de dados do banco ${bank} não pôde ser criada: ${reason}.`,
  noNeighbour: (database, reason) =>
    `A demonstração precisa da base ${database} ao lado da de DATABASE_URL e não pôde criá-la: ${reason}. Dê CREATEDB ao usuário, ou crie-a: CREATE DATABASE "${database}" TEMPLATE template0 ENCODING 'UTF8'.`,
  portTaken: ({ bank, port, host, ports }) =>
    `A porta ${port} em ${host}, que seria do banco ${bank}, está ocupada: encerre quem a usa, ou mova os bancos, que precisam das portas ${ports.join(', ')}, com --port.`,
  bankRefused: (reason) => `O banco não fez o que foi pedido: ${reason}.`,
  bankTooSlow: (bank, logFile) =>
    `O banco ${bank} não ficou pronto em 120 s; o registro dele é ${logFile}.`,
  bankEnded: (bank, how, logFile) =>
    `O banco ${bank} terminou enquanto iniciava (${how}); o registro dele é ${logFile}.`,
  bankLost: (reason) => `Um banco terminou e não pôde ser iniciado de novo: ${reason}`,
  postgresLost: (reason) => `O PostgreSQL terminou e não pôde ser iniciado de novo: ${reason}`,
  unexpected: (reason) => `Aconteceu algo inesperado: ${reason}`,

  startsPostgres: 'PostgreSQL',
  usesPostgres: (where) => `PostgreSQL em ${where}, como diz DATABASE_URL`,
  startsBanks: (banks) => `bancos ${banks.join(', ')}`,
  fillsBanks: (people, goods) => `${people} clientes, ${goods} produtos`,
  joinsBanks: (banks) => `${banks.join(', ')} são parceiros uns dos outros`,
  filled: (people, goods, url) =>
    `${url} tem os ${people} clientes e os ${goods} produtos da demonstração.`,
  classicOff: (surface, port) =>
    `a porta ${port} está ocupada, então a superfície clássica ${surface} fica desligada; o resto continua`,
  bankRestarts: (bank, how) =>
    `o banco ${bank} terminou sem ser esperado (${how}); iniciando de novo`,
  bankIsBack: (bank, url) => `o banco ${bank} voltou em ${url}`,
  stopping: 'Encerrando…',
  serving: (bank, url, keyFile) =>
    `\nO banco ${bank} está em ${url}; a chave de administração está em ${keyFile}. Ctrl-C encerra.\n\n`,
  demoReady: (banks, keyFile) => readyPage(ready, banks, keyFile),
};
