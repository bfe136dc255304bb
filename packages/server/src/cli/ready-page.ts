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
  readonly end: string;
}

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
  const commands = banks
    .slice(0, 1)
    .flatMap(({ url, classics }) => [
      `  curl -s ${url}/v1/accounts/cliente:1 -H "Authorization: Bearer ${keyInShell(keyFile)}"`,
      ...classics.flatMap((classic) =>
        classic.url === null ? [] : tryOf(classic.surface, classic.url),
      ),
    ]);
  return ['', words.title, '', ...lines, '', words.tryIt, '', ...commands, '', words.end, ''].join(
    '\n',
  );
}

/** What shows most of a surface in one line; business servers stand for their data server. */
function tryOf(surface: ClassicSurface, url: string): readonly string[] {
  if (surface === 'pedidos') return [`  curl -s -X POST ${url}/pedido`];
  return surface === 'dados' ? [`  curl -s -H 'token: ba0f' '${url}/getSaldo?conta=1'`] : [];
}

function keyInShell(keyFile: string | undefined): string {
  return keyFile === undefined ? '$LASTRO_BOOTSTRAP_KEY' : `$(cat ${quoted(keyFile)})`;
}

/** For a POSIX shell. */
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
