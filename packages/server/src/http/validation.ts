import { Ajv, type AnySchema } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * Bodies are taken as they are written: nothing is converted, removed or filled in. Query strings
 * and paths are text, so their numbers are read from it.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<AnySchema> {
  const strict = createAjv(false);
  const lenient = createAjv(true);
  return ({ schema, httpPart }) => (httpPart === 'body' ? strict : lenient).compile(schema);
}

function createAjv(coerceTypes: boolean): Ajv {
  const ajv = new Ajv({ coerceTypes, allErrors: false, strict: false, addUsedSchema: false });
  ajvFormats.default(ajv);
  return ajv;
}
