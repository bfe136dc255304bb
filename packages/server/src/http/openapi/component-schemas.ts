import * as contract from '@lastro/contract';
import { EXAMPLES } from './examples.ts';

/** A piece of JSON Schema or OpenAPI, read and copied but not understood. */
export type JsonObject = { readonly [name: string]: unknown };

/** Where a shared schema stood, until the document is whole: swagger looks up every `$ref` itself. */
const PLACE_HOLDER = 'x-component';

/** The contract's schemas of objects under their names in the document: `AccountAnswer` is `Account`. */
const NAMED: ReadonlyMap<string, JsonObject> = new Map(
  Object.entries<unknown>(contract).flatMap(([name, value]): [string, JsonObject][] =>
    isObject(value) && value['type'] === 'object' && !/(?:Query|Path)$/.test(name)
      ? [[name.replace(/Answer$/, ''), value]]
      : [],
  ),
);

const NAMES_BY_SHAPE: ReadonlyMap<string, string> = new Map(
  [...NAMED].map(([name, schema]) => [shapeOf(schema), name]),
);

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a schema says, whatever a route has it described as. */
function shapeOf({ description: _, ...schema }: JsonObject): string {
  return JSON.stringify(schema);
}

/** The name of the component that a schema is; undefined for one that stands for itself. */
export function componentOf(schema: unknown): string | undefined {
  return isObject(schema) ? NAMES_BY_SHAPE.get(shapeOf(schema)) : undefined;
}

/** A copy in which every schema that is a component is a place holder for it. */
export function withPlaceHolders(value: unknown): unknown {
  return mapped(value, (found) => {
    const name = componentOf(found);
    return name === undefined ? undefined : { [PLACE_HOLDER]: name };
  });
}

/** A copy of a whole document in which the place holders are references to what they stand for. */
export function withReferences(value: unknown): unknown {
  return mapped(value, (found) => {
    const name = found[PLACE_HOLDER];
    return typeof name === 'string' ? { $ref: `#/components/schemas/${name}` } : undefined;
  });
}

/** The components themselves, each with its example where it has one. */
export function componentSchemas(): Record<string, unknown> {
  return Object.fromEntries(
    [...NAMED].map(([name, schema]) => {
      const example = EXAMPLES[name];
      const members = Object.entries(schema).map(([member, value]) => [
        member,
        withReferences(withPlaceHolders(value)),
      ]);
      return [
        name,
        {
          ...Object.fromEntries(members),
          ...(example === undefined ? {} : { examples: [example] }),
        },
      ];
    }),
  );
}

/** Copies what is JSON; where `replace` gives something, that stands in place of an object. */
function mapped(value: unknown, replace: (found: JsonObject) => JsonObject | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => mapped(item, replace));
  if (!isObject(value)) return value;
  const replaced = replace(value);
  if (replaced !== undefined) return replaced;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, mapped(member, replace)]),
  );
}
