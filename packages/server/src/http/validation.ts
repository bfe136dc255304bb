import { Ajv, type AnySchema, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * Bodies are taken as they are written: nothing is converted, removed or filled in. Query strings
 * and paths are text, so their numbers are read from it. Each part's validator is made when it is first
 * needed.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<AnySchema> {
  const strict = createAjv(false);
  const lenient = createAjv(true);
  return ({ schema, httpPart }) => {
    let compiled: ValidateFunction | undefined;
    const validate: Validate = (value) => {
      compiled ??= (httpPart === 'body' ? strict : lenient).compile(schema);
      const isValid = compiled(value);
      validate.errors = compiled.errors ?? null;
      return isValid;
    };
    validate.errors = null;
    return validate;
  };
}

/** As Fastify wants it: what is wrong stands on the function itself, as with Ajv's own. */
interface Validate {
  (value: unknown): boolean;
  errors: ErrorObject[] | null;
}

function createAjv(coerceTypes: boolean): Ajv {
  const ajv = new Ajv({ coerceTypes, allErrors: false, strict: false, addUsedSchema: false });
  ajvFormats.default(ajv);
  return ajv;
}
