import swaggerUi from '@fastify/swagger-ui';
import type { Application } from '../application.ts';
import { apiDescription } from '../openapi/describe-api.ts';
import { EXPLORER_POLICY } from '../security-headers.ts';

/** The explorer of the API at `/docs`, from this bank's own files: it loads nothing from elsewhere. */
export function registerExplorer(app: Application, { bank }: { readonly bank: string }): void {
  app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: EXPLORER_POLICY,
    theme: { title: `Lastro · ${bank}` },
    transformSpecification: () => apiDescription(app),
    transformSpecificationClone: false,
    uiConfig: {
      // Without the bar on top, which would load any description that somebody types in.
      layout: 'BaseLayout',
      docExpansion: 'none',
      deepLinking: true,
      displayRequestDuration: true,
      filter: true,
      persistAuthorization: false,
      tryItOutEnabled: true,
      validatorUrl: null,
    },
  });
}
