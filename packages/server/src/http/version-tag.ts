import type { FastifyRequest } from 'fastify';
import { ProblemError } from './problem.ts';

const VERSION_TAG = /^"([1-9][0-9]{0,14})"$/;

/** The ETag of a version. */
export function versionTag(version: number): string {
  return `"${version}"`;
}

/**
 * The version that `If-Match` names; undefined without one. Throws `version_conflict` for a tag that
 * no version has.
 */
export function expectedVersion(request: FastifyRequest): number | undefined {
  const tag = request.headers['if-match'];
  if (tag === undefined) return undefined;
  const version = VERSION_TAG.exec(tag)?.[1];
  if (version === undefined) throw new ProblemError('version_conflict');
  return Number(version);
}
