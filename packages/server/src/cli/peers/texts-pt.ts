import type { PeersTexts } from './peers-texts.ts';

const exitCodes = `
Códigos de saída:
  0  feito
  1  o banco não foi alcançado, ou não pôde fazê-lo agora
  2  uma opção ou um valor que não se entende
  3  o banco recusou; a frase diz por quê
`;

export const portuguese: PeersTexts = {
  summary: 'os bancos com que um banco lida',
  description:
    'Cuida dos pares de um banco que está no ar: os outros bancos do consórcio com que ele move dinheiro. Os dois bancos devem acrescentar um ao outro.',
  after: `
Comandos:
  lastro peers list                                quem está lá, e as chaves do próprio banco
  lastro peers add beta --limit BRL/2=100000       lida com beta, que pode dever até R$ 1.000,00
  lastro peers limit beta BRL/2=500000             deixa que deva mais
  lastro peers position beta                       quem deve a quem
  lastro peers settle beta BRL/2=300000            desconta o que se pagou por fora
  lastro peers rotate                              uma chave nova para o próprio banco
  lastro peers remove beta                         quando nada mais se deve
${exitCodes}`,
  bank: 'nome do outro banco',
  limitsArgument: 'ATIVO=VALOR na menor unidade, ou ATIVO=none para nenhum limite',
  flags: {
    url: 'endereço do banco (padrão http://127.0.0.1:4000)',
    keyFile: 'arquivo com uma chave de administração (padrão ./data/admin-key)',
    output: 'text ou json (padrão text)',
  },
  list: {
    summary: 'lista os pares, e as chaves deste banco',
    description: 'Lista os pares, se cada um está lá, e as chaves deste banco.',
    flags: {},
    after: `
“not_accepted”: o par responde, mas não conhece este banco ou a chave atual dele, ou os relógios diferem em mais
de meio minuto: o operador de lá deve usar lastro peers add para este banco.
${exitCodes}`,
  },
  add: {
    summary: 'acrescenta um banco com que lidar, ou renova endereço e chaves dele',
    description:
      'Acrescenta um banco como par. O endereço e as chaves dele são lidos no registro do consórcio e fixados aqui, se não forem dados. Compare a impressão digital com a que o outro operador vê em lastro peers list.',
    flags: {
      peerUrl: 'endereço do par, no lugar do que o registro diz',
      peerKey:
        'a chave pública dele, ou duas separadas por vírgula, no lugar do que o registro diz',
      limit:
        'quanto ele pode dever, como BRL/2=100000; vários separados por vírgulas (padrão: nada)',
      revoke: 'não deixa valer nada prometido com as chaves que tinha antes: foram roubadas',
    },
    after: `
Sem limite dado, o par não pode dever nada: dinheiro pode ir para lá, e voltar, mas não mais que isso.

Exemplos:
  lastro peers add beta --limit BRL/2=100000,USD/2=20000
  lastro peers add beta --peer-url https://beta.example:4000 --peer-key k5u2…
${exitCodes}`,
  },
  remove: {
    summary: 'deixa de lidar com um banco',
    description:
      'Remove um par. Recusado enquanto algo se deve, de um lado ou de outro, ou uma transação com ele não está decidida.',
    flags: {},
    after: exitCodes,
  },
  limit: {
    summary: 'define quanto um par pode dever a este banco',
    description:
      'Define quanto um par pode dever a este banco em cada ativo, contando o prometido, e quanto pode estar em andamento com ele.',
    flags: {
      inFlight: 'quanto pode estar em andamento com ele ao mesmo tempo, como BRL/2=500000',
      inFlightMax: 'quantas transações podem estar em andamento com ele, de 1 a 10000',
    },
    after: `
Valores na menor unidade: BRL/2=100000 são R$ 1.000,00. Nenhum limite pode ficar abaixo do que já se deve.

Exemplos:
  lastro peers limit beta BRL/2=500000
  lastro peers limit beta BRL/2=none --in-flight BRL/2=1000000 --in-flight-max 100
${exitCodes}`,
  },
  position: {
    summary: 'mostra o que este banco e um par devem um ao outro',
    description:
      'Mostra posição e limite de exposição em cada ativo, e o que ainda não foi decidido.',
    flags: {},
    after: `
Uma posição acima de zero é o que este banco deve ao par; abaixo de zero, o que o par deve a ele.
${exitCodes}`,
  },
  settle: {
    summary: 'desconta da posição o que se pagou por fora',
    description:
      'Liquida uma parte do que este banco e um par devem um ao outro, depois de paga por fora: de uma conta do banco credor para uma conta do devedor, nos dois bancos ou em nenhum. A posição se aproxima de zero, nunca passa dele.',
    flags: {
      account: 'conta deste banco (padrão settlement)',
      peerAccount: 'conta do par (padrão settlement)',
      consent: 'o consentimento do par para debitar a conta dele, onde o credor é o par',
      id: 'UUID do comando: o mesmo outra vez não liquida nada duas vezes (padrão: um novo)',
    },
    after: `
O valor é em unidades mínimas: BRL/2=300000 são R$ 3 000,00. Antes, lance na conta o que entrou.

Exemplos:
  lastro peers settle beta BRL/2=300000
  lastro peers settle beta BRL/2=300000 --account nostro --peer-account loro
${exitCodes}`,
  },
  rotate: {
    summary: 'dá a este banco uma chave nova',
    description:
      'Faz uma chave nova para o banco, anuncia-a aos pares com a chave que eles conhecem, e passa a assinar com ela assim que os que estão no ar a aceitam. A chave anterior vale até a próxima troca.',
    flags: {
      retire: 'não faz chave nova, e abandona já a anterior: pode ter sido roubada',
      force:
        'também onde um par ainda não soube da chave atual: lá este banco precisa ser acrescentado de novo',
      wait: 'segundos a esperar até que a chave nova assine; 0: nada (padrão 60)',
    },
    after: exitCodes,
  },

  badLimit: (name, text) =>
    `${name} deve ser como BRL/2=100000 ou BRL/2=none, vários separados por vírgulas, não “${text}”.`,
  badKey: (name, text) =>
    `${name} deve ser uma chave pública de 43 caracteres de base64url, ou duas com uma vírgula entre elas, não “${text}”.`,
  amountArgument: 'ATIVO=VALOR em unidades mínimas',
  badAmount: (text) => `<amount> deve ser como BRL/2=300000, em unidades mínimas, não “${text}”.`,
  noAccount: 'O id de uma conta tem de 1 a 64 caracteres de A–Z a–z 0–9 . _ : @ + -.',
  noLimit: 'Diga o que limitar: BRL/2=100000, --in-flight ou --in-flight-max.',

  columns: {
    bank: 'banco',
    state: 'estado',
    lastContact: 'último contato',
    underWay: 'em andamento',
    url: 'endereço',
    trouble: 'problema',
  },
  positionColumns: {
    asset: 'ativo',
    position: 'posição',
    exposureLimit: 'pode dever',
    available: 'resta disso',
    promisedIn: 'prometido vir',
    promisedOut: 'prometido ir',
  },
  state: { online: 'no ar', offline: 'fora do ar', unknown: 'ainda não consultado' },
  role: { signing: 'assina', next: 'anunciada', previous: 'assinava antes' },
  never: 'nunca',
  unlimited: 'sem limite',
  self: (bank, url) => `Este é o banco ${bank} em ${url}. As chaves dele:`,
  key: (fingerprint, what) => `  ${fingerprint}  ${what}`,
  nobody: 'Ainda não tem pares: lastro peers add <banco>.',
  added: (bank, url) => `O banco ${bank} em ${url} é um par. Deve assinar com:`,
  compare: (bank) =>
    `Compare com o que o operador de ${bank} vê em lastro peers list antes que o dinheiro se mova.`,
  removed: (bank) => `O banco ${bank} não é mais um par.`,
  noPositions: (bank) => `Este banco e ${bank} nunca deveram nada um ao outro.`,
  underWay: (count, ids) =>
    `${count} ${count === 1 ? 'transação não decidida' : 'transações não decididas'}: ${ids}`,
  settled: (bank, amount, left) =>
    `${amount} liquidados com ${bank}; ${left === '0' ? 'nada mais se deve' : `a posição é ${left}`}.`,
  settling: (transaction) =>
    `Ainda não está decidido: veja GET /v1/transactions/${transaction}, ou dê o mesmo --id outra vez.`,
  rotated: 'A chave nova assina.',
  announced: 'A chave nova foi anunciada, e assina assim que os pares que estão no ar a aceitarem.',
  retired: 'A chave anterior foi abandonada.',
};
