import SerializerSelector from '@fastify/fast-json-stringify-compiler';
import type { FastifySerializerCompiler } from 'fastify';

/**
 * Fastify's own writers of answers, each made when its first answer is written: most of them never are
 * in one process, and to make them all took a quarter of its start.
 */
export function createSerializerCompiler(): FastifySerializerCompiler<unknown> {
  const compile = createEagerCompiler();
  return (route) => {
    let write: ReturnType<typeof compile> | undefined;
    return (answer: unknown) => {
      write ??= compile(route);
      return write(answer);
    };
  };
}

/** Throws for a schema that can't be compiled. */
export function createEagerCompiler(): FastifySerializerCompiler<unknown> {
  const compile = SerializerSelector()({}, {});
  return ({ httpStatus = '', ...route }) => compile({ ...route, httpStatus });
}
