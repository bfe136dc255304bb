import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { feedNamespace, readingOrderId } from './reading-id.ts';
import { parseReadings } from './readings.ts';

const namespace = feedNamespace(new URL('http://sensor.example/leituras'));

function idsOf(text: string): string[] {
  return parseReadings(text).map((reading) => readingOrderId(namespace, reading));
}

describe('the canonical JSON of a reading', () => {
  it.each([
    ['{"b":1,"a":[true,null,"x"]}', '{"a":[true,null,"x"],"b":1}'],
    ['{"a":1.0,"b":1e2,"c":-0}', '{"a":1,"b":100,"c":0}'],
    ['{"é":"\\u00e9","Z":"\\n"}', '{"Z":"\\n","é":"é"}'],
    ['{"id":12345678901234567890}', '{"id":12345678901234567890}'],
    ['{"__proto__":1}', '{"__proto__":1}'],
  ])('%s is %s', (text, canonical) => {
    expect(parseReadings(text).map((reading) => canonicalJson(reading))).toEqual([canonical]);
  });

  it('is refused where it is nested too deep', () => {
    const deep = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) as unknown;
    expect(() => canonicalJson(deep)).toThrow(RangeError);
  });
});

describe('the order of a reading', () => {
  it('has the same id for ever', () => {
    expect(idsOf('{"sensor":"a","valor":21.5}')).toEqual(['d7c09f82-e81b-5af6-ab3a-7ccff17be236']);
  });

  it('is one for one content, however it is written', () => {
    const [first, second] = idsOf('[{"sensor":"a","valor":2},{ "valor":2.0, "sensor":"\\u0061" }]');
    expect(first).toBe(second);
  });

  it('is another for another content, and for another feed', () => {
    expect(new Set(idsOf('[{"v":1},{"v":2},{"v":"1"},[1],1,"1",true]')).size).toBe(7);
    const other = feedNamespace(new URL('http://sensor.example/outras'));
    expect(readingOrderId(other, { v: 1 })).not.toBe(readingOrderId(namespace, { v: 1 }));
  });

  it('is told apart by integers that a double would round', () => {
    expect(new Set(idsOf('[{"id":12345678901234567890},{"id":12345678901234567891}]')).size).toBe(
      2,
    );
  });

  it('does not depend on the credentials in the URL', () => {
    expect(feedNamespace(new URL('http://ana:1@sensor.example/leituras#x'))).toBe(namespace);
  });
});

describe('an answer of a feed', () => {
  it.each(['', '1', '"x"', 'null', '{', '[1,]', '<html>'])('%j is malformed', (text) => {
    expect(() => parseReadings(text)).toThrow(SyntaxError);
  });
});
