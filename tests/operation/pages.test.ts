import { createHash } from 'node:crypto';
import { ERRORS, problemType, type ErrorCode } from '@lastro/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBankInProcess, type BankInProcess } from '../harness/bank-in-process.ts';

let bank: BankInProcess;

beforeAll(async () => {
  bank = await startBankInProcess({ bank: 'alfa' });
});
afterAll(() => bank.stop());

const open = (path: string, language = 'en') =>
  bank.call('GET', path, undefined, { key: null, headers: { 'accept-language': language } });

/** Addresses that a browser would load something from, in a page, a style sheet or our scripts. */
function loadedAddresses(text: string): string[] {
  const found = text.matchAll(
    /(?:\bsrc=|<link[^>]*\bhref=|url\(|@import\s+|\bfetch\()\s*["']?([^"')>\s]+)/g,
  );
  return [...found].map(([, address = '']) => address).filter((address) => address !== '');
}

const fromElsewhere = (address: string) => /^(?:[a-z]+:)?\/\//i.test(address);

it('has a front page in English and Portuguese that shows how the bank is doing', async () => {
  const english = await open('/');
  expect(english.text).toContain('<html lang="en">');
  expect(english.text).toContain('alfa');
  expect(english.text).toContain('Money and orders that always add up.');
  for (const path of ['/docs', '/openapi.json', '/errors', '/metrics', '/readyz']) {
    expect(english.text).toContain(`href="${path}"`);
    expect((await open(path)).status, path).toBe(200);
  }
  const portuguese = await open('/', 'pt-BR,pt;q=0.9,en;q=0.8');
  expect(portuguese.text).toContain('<html lang="pt-BR">');
  expect(portuguese.text).toContain('gravando');
  expect(portuguese.headers['vary']).toBe('accept-language');
});

it('lists every error where the type of a problem points', async () => {
  const { text } = await open('/errors');
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const [path, anchor] = problemType(code).split('#');
    expect(path).toBe('/errors');
    expect(text).toContain(`<tr id="${anchor}">`);
  }
});

it('has pages that load nothing but their own style', async () => {
  for (const path of ['/', '/errors']) {
    const { text, headers } = await open(path);
    expect(loadedAddresses(text), path).toEqual(['data:,']);
    expect(text).not.toContain('<script');
    const style = /<style>([^<]*)<\/style>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

it('has an explorer that loads nothing from elsewhere', async () => {
  const page = await open('/docs');
  expect(page.status).toBe(200);
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'; script-src 'self'");
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);
  const files = loadedAddresses(page.text);
  expect(files.length).toBeGreaterThan(4);
  expect(files.filter(fromElsewhere)).toEqual([]);
  for (const file of files) {
    const { status, text, headers } = await open(file);
    expect(status, file).toBe(200);
    expect(headers['content-security-policy'], file).toBe(policy);
    // The bundle's own code holds addresses that it shows or compares; the policy keeps it from loading.
    if (file.endsWith('.css') || file.endsWith('initializer.js')) {
      expect(loadedAddresses(text).filter(fromElsewhere), file).toEqual([]);
    }
  }
});

it('gives the explorer the same description as programs, and asks no validator elsewhere', async () => {
  const description = await open('/openapi.json');
  const shown = await open('/docs/json');
  expect(shown.body).toEqual(description.body);
  const initializer = await open('/docs/static/swagger-initializer.js');
  expect(initializer.text).toContain('validatorUrl: null');
  expect(initializer.text).not.toMatch(/https?:\/\/(?!stackoverflow)/);
});

it('says not found, not “wrong method”, of a file that the explorer lacks', async () => {
  expect((await open('/docs/static/none.js')).body['code']).toBe('not_found');
  expect((await bank.call('POST', '/v1/status')).body['code']).toBe('method_not_allowed');
});
