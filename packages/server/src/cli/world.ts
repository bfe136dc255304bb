import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AccountId, Amount, AssetName, NaturalAmount, Sku } from '@lastro/contract';
import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';

const Bank = Type.Object({
  id: Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' }),
  asset: AssetName,
  /** How much each of the other banks may owe it; minor units. */
  exposureLimit: NaturalAmount,
  classics: Type.Array(
    Type.Object({
      surface: Type.Union([
        Type.Literal('pedidos'),
        Type.Literal('dados'),
        Type.Literal('negocio'),
        Type.Literal('contas'),
      ]),
      port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    }),
  ),
});

const Person = Type.Object({
  account: AccountId,
  name: Type.String({ minLength: 1, maxLength: 100 }),
  /** Minor units. */
  balance: NaturalAmount,
});

const Shop = Type.Object({
  merchant: AccountId,
  name: Type.String({ minLength: 1, maxLength: 100 }),
  goods: Type.Array(
    Type.Object({
      sku: Sku,
      name: Type.String({ minLength: 1, maxLength: 200 }),
      /** Minor units. */
      price: Amount,
      stock: NaturalAmount,
    }),
  ),
});

/** A bank of the demo with those who live in it. */
export interface WorldBank extends Static<typeof Bank> {
  readonly people: readonly Static<typeof Person>[];
  readonly shop: Static<typeof Shop> | undefined;
}

/**
 * The named banks of `world/`, each with its people and, where `shop.json` lies beside them, its shop.
 * Throws when a file is missing or wrong.
 */
export function readWorld(folder: string = worldFolder()): WorldBank[] {
  return readChecked(`${folder}/banks.json`, Type.Array(Bank, { minItems: 1 })).map((bank) => ({
    ...bank,
    people: readChecked(`${folder}/${bank.id}/people.json`, Type.Array(Person)),
    shop: readIfAny(`${folder}/${bank.id}/shop.json`, Shop),
  }));
}

/** What a bank's shop sells; nothing where it has none. */
export function goodsOf({ shop }: WorldBank): Static<typeof Shop>['goods'] {
  return shop === undefined ? [] : shop.goods;
}

/** Beside the program in a published package, at the root of the repository in a clone. */
function worldFolder(): string {
  const inPackage = fileURLToPath(new URL('../../world', import.meta.url));
  return existsSync(inPackage)
    ? inPackage
    : fileURLToPath(new URL('../../../../world', import.meta.url));
}

function readIfAny<Schema extends TSchema>(
  path: string,
  schema: Schema,
): Static<Schema> | undefined {
  return existsSync(path) ? readChecked(path, schema) : undefined;
}

function readChecked<Schema extends TSchema>(path: string, schema: Schema): Static<Schema> {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Value.Check(schema, value)) {
    const [first] = Value.Errors(schema, value);
    throw new Error(`${path} is wrong at ${first?.instancePath ?? '/'}: ${first?.message ?? ''}`);
  }
  return value;
}
