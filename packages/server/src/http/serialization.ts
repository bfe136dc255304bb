import SerializerSelector from '@fastify/fast-json-stringify-compiler';
import type { FastifySerializerCompiler } from 'fastify';
import { onFirstUse } from './on-first-use.ts';

/**
 * Fastify's own writers of answers, each made when its first answer is written: most of them never are
 * in one process, and to make them all took a third of its start.
 */
export function createSerializerCompiler(): FastifySerializerCompiler<unknown> {
  const compile = createEagerCompiler();
  return (route) => onFirstUse(() => compile(route));
}

/** Throws for a schema that can't be compiled. */
export function createEagerCompiler(): FastifySerializerCompiler<unknown> {
  const compile = SerializerSelector()({}, {});
  return ({ httpStatus = '', ...route }) => compile({ ...route, httpStatus });
}
