import { ApiKeyList, ApiKeyRequest, NewApiKeyAnswer } from '@lastro/contract';
import { Type } from 'typebox';
import type { Application } from '../http/application.ts';
import { ProblemError } from '../http/problem.ts';
import { answers } from '../http/answers.ts';
import type { ApiKeys } from './api-keys.ts';

export function registerIdentity(app: Application, keys: ApiKeys): void {
  app.post(
    '/v1/api-keys',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Create an API key; its text is shown this once',
        tags: ['api keys'],
        body: ApiKeyRequest,
        response: answers(201, NewApiKeyAnswer, [400, 401, 403]),
      },
    },
    async (request, reply) => {
      const { name, scope } = request.body;
      return reply.code(201).send(await keys.create(name, scope));
    },
  );

  app.get(
    '/v1/api-keys',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'List API keys, without their text',
        tags: ['api keys'],
        response: answers(200, ApiKeyList, [401, 403]),
      },
    },
    async () => ({ data: await keys.list(), next: null }),
  );

  app.delete(
    '/v1/api-keys/:id',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Revoke an API key; it is refused everywhere within a second',
        tags: ['api keys'],
        params: Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }) }),
        response: answers(204, Type.Null(), [400, 401, 403, 404]),
      },
    },
    async (request, reply) => {
      if (!(await keys.delete(request.params.id))) throw new ProblemError('not_found');
      return reply.code(204).send(null);
    },
  );
}
