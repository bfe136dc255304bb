import type { AnyBody } from '../harness/http-caller.ts';
import type { IntegerMember, TextMember } from './body-members.ts';
import type { Route } from './every-route.ts';

/** A body that must be refused before it is a command: as bytes, with the status expected. */
export interface BadBody {
  readonly what: string;
  readonly raw: string | Buffer;
  readonly status: number;
  readonly codes: readonly string[];
  readonly contentType?: string;
}

const MARK = '"@@"';
const MALFORMED = ['invalid_request', 'invalid_number'];

/** The body with the member at the place written as `source`; without it when that is undefined. */
export function withMember(
  body: AnyBody,
  at: readonly (string | number)[],
  source: string | undefined,
): string {
  const [name, ...rest] = at;
  const replace = (value: unknown, place: readonly (string | number)[]): unknown => {
    const [first, ...further] = place;
    if (first === undefined) return source === undefined ? undefined : '@@';
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) => (index === first ? replace(item, further) : item));
    }
    return { ...(value as AnyBody), [first]: replace((value as AnyBody)[first], further) };
  };
  return JSON.stringify(replace(body, [name ?? '', ...rest])).replace(MARK, () => source ?? '');
}

function bad(what: string, raw: string | Buffer, codes: readonly string[], status = 400): BadBody {
  return { what, raw, codes, status };
}

const WRITTEN_BADLY = [
  ...'1.0 1.5 0.1 1e2 1E2 1e-2 1e400 -0 -0.0 -1.0 -1e2 4503599627370497.3'.split(' '),
  ...'9007199254740992 9007199254740993 9223372036854775808'.split(' '),
  ...'"1" "" "abc" null true [] [1] {}'.split(' '),
  '1'.repeat(400),
];

/** Numbers as nobody may write them, wrong types, and values out of bounds. */
function badIntegers(body: AnyBody, member: IntegerMember): BadBody[] {
  const written = [
    ...WRITTEN_BADLY,
    ...(member.zero === 'refused' ? ['0'] : []),
    ...(member.negative === 'refused' ? ['-1'] : []),
    ...(member.aboveAmountMax === 'contract' ? ['1000000000001', '-1000000000001'] : []),
  ];
  const sources =
    member.isNullable === true ? written.filter((source) => source !== 'null') : written;
  const place = member.at.join('.');
  return [
    ...sources.map((source) =>
      bad(`${place}: ${source.slice(0, 30)}`, withMember(body, member.at, source), MALFORMED),
    ),
    ...['01', '+1', '.5', '1.', '0x10', 'NaN', 'Infinity', '1_000', '--1', "'1'"].map((source) =>
      bad(`${place}: ${source}`, withMember(body, member.at, source), ['invalid_json']),
    ),
    ...(member.isOptional === true
      ? []
      : [bad(`${place} missing`, withMember(body, member.at, undefined), MALFORMED)]),
  ];
}

function badTexts(body: AnyBody, member: TextMember): BadBody[] {
  const sources = [
    '1',
    'true',
    '[]',
    '{}',
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"a\\udfffb"',
    '"\\udc00\\ud800"',
    ...(member.isNullable === true ? [] : ['null']),
    ...(member.at[0] === 'metadata' ? [] : ['""']),
    JSON.stringify('x'.repeat(member.kind === 'id' ? 65 : 501)),
    ...(member.kind === 'id'
      ? [
          '"a/b"',
          '"../../etc/passwd"',
          '"a b"',
          '"é"',
          '"a\\n"',
          `"'; drop table account; --"`,
          '"<script>"',
          '"%2e%2e"',
          '"a\\\\b"',
        ]
      : []),
  ];
  const place = member.at.join('.');
  return [
    ...sources.map((source) =>
      bad(`${place}: ${source.slice(0, 30)}`, withMember(body, member.at, source), [
        'invalid_request',
      ]),
    ),
    ...['"a\u0000b"', '"a\nb"', '"\\x41"', '"\\u12"', '"open'].map((source) =>
      bad(`${place}: ${JSON.stringify(source)}`, withMember(body, member.at, source), [
        'invalid_json',
      ]),
    ),
    ...(member.isOptional === true || member.at[0] === 'metadata'
      ? []
      : [bad(`${place} missing`, withMember(body, member.at, undefined), ['invalid_request'])]),
  ];
}

function badWholes(body: AnyBody, isOptional: boolean): BadBody[] {
  const text = JSON.stringify(body);
  const beside = (member: string) => `${text.slice(0, -1)},${member}}`;
  const megabytes = (count: number) => beside(`"filler":"${'x'.repeat(count * 1_048_576)}"`);
  return [
    ...['null', '[]', `[${text}]`, '"text"', '5', 'true', ...(isOptional ? [] : ['{}'])].map(
      (raw) => bad(`a body of ${raw.slice(0, 10)}`, raw, ['invalid_request']),
    ),
    ...[
      ...(isOptional ? [] : ['']),
      ' ',
      '{',
      '}',
      text.slice(0, -1),
      `${text},`,
      `${text}${text}`,
      `${text}x`,
      "{'a':1}",
      '{a:1}',
      `/*c*/${text}`,
      'undefined',
      'amount=5&to=bob',
    ].map((raw) => bad(`broken JSON ${JSON.stringify(raw.slice(0, 12))}`, raw, ['invalid_json'])),
    bad('trailing comma', `${text.slice(0, -1)},}`, ['invalid_json']),
    bad(
      'not UTF-8',
      Buffer.concat([
        Buffer.from(beside('"filler":"').slice(0, -1)),
        Buffer.from([0xc3, 0x28, 0x22, 0x7d]),
      ]),
      ['invalid_json'],
    ),
    bad('an unknown member', beside('"surprise":1'), ['invalid_request']),
    bad('an unknown member that is null', beside('"surprise":null'), ['invalid_request']),
    bad('a status', beside('"status":"posted"'), ['invalid_request']),
    ...[
      '__proto__',
      'constructor',
      'prototype',
      '\\u005f_proto__',
      '__proto\\u005f_',
      'c\\u006fnstructor',
    ].flatMap((name) => [
      bad(`a member ${name}`, beside(`"${name}":{"amount":1}`), ['invalid_request']),
      bad(`a member ${name} below`, beside(`"metadata":{"${name}":"x"}`), ['invalid_request']),
    ]),
    bad('deep nesting', beside(`"surprise":${'['.repeat(100_000)}${']'.repeat(100_000)}`), [
      'invalid_request',
      'invalid_json',
    ]),
    bad(
      'deep nesting with a suspicion',
      beside(`"surprise":${'['.repeat(100_000)}-1${']'.repeat(100_000)}`),
      ['invalid_request', 'invalid_json'],
    ),
    bad('too large', megabytes(1), ['body_too_large'], 413),
    bad('10 MB', megabytes(10), ['body_too_large'], 413),
    ...[
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/json-patch+json',
      'nonsense',
      ';;',
    ].map((contentType) => ({
      ...bad(`as ${contentType}`, text, ['unsupported_media_type'], 415),
      contentType,
    })),
  ];
}

function badMetadata(body: AnyBody): BadBody[] {
  if (!('metadata' in body)) return [];
  const pairs = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
  const wrong: readonly [string, unknown][] = [
    ['21 pairs', pairs(21)],
    ['a key of 501', { ['k'.repeat(501)]: 'v' }],
    ['an empty key', { '': 'v' }],
    ['a key with NUL', { 'a\u0000': 'v' }],
    ['a key with half a pair', { 'a\ud800': 'v' }],
    ['a number', { a: 1 }],
    ['null', { a: null }],
    ['nested', { a: { b: 'c' } }],
    ['a list', ['a']],
    ['text', 'a'],
  ];
  return wrong.map(([what, metadata]) =>
    bad(`metadata: ${what}`, JSON.stringify({ ...body, metadata }), ['invalid_request']),
  );
}

/** Everything that is wrong with a body of this route. */
export function badBodiesOf(route: Route): BadBody[] {
  const { body, integers = [], texts = [], bodyIsOptional = false } = route;
  if (body === undefined) return [];
  return [
    ...integers.flatMap((member) => badIntegers(body, member)),
    ...texts.flatMap((member) => badTexts(body, member)),
    ...badWholes(body, bodyIsOptional),
    ...badMetadata(body),
  ];
}
