import type { ClassicSurface } from '../classic/surfaces.ts';
import type { BankShown } from './texts.ts';

/** The words of the demo's last page. */
export interface ReadyWords {
  readonly title: string;
  readonly bank: (id: string) => string;
  readonly bankNote: string;
  readonly classicNotes: Readonly<Record<ClassicSurface, string>>;
  readonly adminKey: string;
  readonly inEnvironment: string;
  readonly tryIt: string;
  /** The ids of the payer's bank and of the one that is paid. */
  readonly payAcross: (from: string, to: string) => string;
  readonly end: string;
}

/** Customers of the demo's world. */
const payer = 'cliente:1';
const paid = 'cliente:2';

/** What to open, where the key lies and what to paste: the page that the demo ends its start with. */
export function readyPage(
  words: ReadyWords,
  banks: readonly BankShown[],
  keyFile: string | undefined,
): string {
  const rows = [
    ...banks.flatMap(({ id, url, classics }) => [
      [words.bank(id), url, words.bankNote],
      ...classics.flatMap((classic) =>
        classic.url === null
          ? []
          : [[classic.surface, classic.url, words.classicNotes[classic.surface]]],
      ),
    ]),
    [words.adminKey, keyFile ?? words.inEnvironment, ''],
  ];
  const nameWidth = Math.max(...rows.map(([name = '']) => name.length));
  const lines = rows.map(
    ([name = '', value = '', note = '']) =>
      `  ${name.padEnd(nameWidth)}  ${value}${note === '' ? '' : `  ${note}`}`,
  );
  const [first, second] = banks;
  return [
    '',
    words.title,
    '',
    ...lines,
    '',
    words.tryIt,
    '',
    ...(first === undefined ? [] : tryWithin(first, keyFile)),
    ...(first === undefined || second === undefined
      ? []
      : ['', words.payAcross(first.id, second.id), '', ...tryAcross(first, second, keyFile)]),
    '',
    words.end,
    '',
  ].join('\n');
}

function tryWithin({ url, classics }: BankShown, keyFile: string | undefined): string[] {
  return [
    `  curl -s ${url}/v1/accounts/${payer} ${authorization(keyFile)}`,
    ...classics.flatMap((classic) =>
      classic.url === null ? [] : tryOf(classic.surface, classic.url),
    ),
  ];
}

function tryAcross(from: BankShown, to: BankShown, keyFile: string | undefined): string[] {
  const body = JSON.stringify({ from: payer, to: `${to.id}/${paid}`, amount: 2_500 });
  return [
    `  curl -s ${from.url}/v1/transfers ${authorization(keyFile)} -H 'Content-Type: application/json' -d '${body}'`,
    `  curl -s ${to.url}/v1/accounts/${paid} ${authorization(keyFile)}`,
    `  curl -s ${from.url}/v1/peers/${to.id}/position ${authorization(keyFile)}`,
    `  curl -s ${to.url}/v1/peers/${from.id}/position ${authorization(keyFile)}`,
    `  pkill -9 -f '[s]erve --bank=${to.id}'`,
  ];
}

/** What shows most of a surface in one line; business servers stand for their data server. */
function tryOf(surface: ClassicSurface, url: string): readonly string[] {
  switch (surface) {
    case 'pedidos':
      return [`  curl -s -X POST ${url}/pedido`];
    case 'dados':
      return [`  curl -s -H 'token: ba0f' '${url}/getSaldo?conta=1'`];
    case 'contas':
      return [
        `  curl -s ${url}/contas -H 'Content-Type: application/json' -d '{"id_conta":"eva","saldo":50}'`,
      ];
    case 'negocio':
      return [];
  }
}

function authorization(keyFile: string | undefined): string {
  return `-H "Authorization: Bearer ${keyInShell(keyFile)}"`;
}

function keyInShell(keyFile: string | undefined): string {
  return keyFile === undefined ? '$LASTRO_BOOTSTRAP_KEY' : `$(cat ${quoted(keyFile)})`;
}

/** For a POSIX shell. */
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
