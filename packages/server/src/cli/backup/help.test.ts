import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { CliError } from '../exit-code.ts';
import { runProgram } from '../program.ts';
import { textsIn } from '../texts.ts';

/** Runs the program in this process, for what ends before anything is started. */
async function run(argv: readonly string[], language: 'en' | 'pt' = 'en'): Promise<string> {
  const stdout = new PassThrough();
  await runProgram(argv, {
    env: language === 'pt' ? { LANG: 'pt_BR.UTF-8' } : {},
    workingFolder: '/somewhere',
    texts: textsIn(language),
    stdout: stdout as unknown as NodeJS.WriteStream,
    version: '1.2.3',
  });
  stdout.end();
  return (await stdout.toArray()).join('');
}

test.each(['backup', 'restore'])('help for %s teaches, in both languages', async (command) => {
  const english = await run([command, '--help']);
  for (const taught of ['Exit codes:', 'Examples:', 'docs/operating/backup.md', 'age ']) {
    expect(english).toContain(taught);
  }
  const portuguese = await run([command, '--help'], 'pt');
  for (const taught of ['Códigos de saída:', 'Exemplos:', 'banco']) {
    expect(portuguese).toContain(taught);
  }
});

test.each([
  [['backup'], 'missing'],
  [['restore', 'a', 'b'], 'Too many arguments'],
  [['restore', 'a', '--output', 'xml'], '--output'],
  [['backup', 'a', '--bank', 'Loja'], 'Loja'],
])('%j is a usage error', async (argv, sentence) => {
  const failure = await run(argv).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CliError);
  expect(failure).toMatchObject({ exitCode: 2 });
  expect(String(failure)).toContain(sentence);
});
