import type { Route } from '../route.ts'
import { createComponents } from './components.ts'
import { describeOperation, type PlacedRoute, templateOf } from './describe-operation.ts'
import { describeExamples, errorSchemas } from './describe-responses.ts'
import { describeWebhooks } from './describe-webhooks.ts'
import { introduction } from './introduction.ts'
import { type Json, type JsonObject, sorted } from './json-schema.ts'
import { tagOf, WEBHOOKS_TAG } from './tags.ts'

/**
 * The API as OpenAPI 3.1, from the route table alone: every path, every alias, every code that may come back.
 */
export function buildOpenApi(routes: readonly Route[], version: string): JsonObject {
  const components = createComponents()
  const paths: Record<string, Record<string, Json>> = {}
  for (const placed of placesOf(routes)) {
    const template = templateOf(placed.path)
    paths[template] = {
      ...paths[template],
      [placed.route.method.toLowerCase()]: sorted(describeOperation(placed, components)),
    }
  }
  const tags = new Map(routes.map(tagOf).map((tag) => [tag.name, tag]))
  const { schemas, responses } = components
  const document = sorted({
    openapi: '3.1.1',
    info: {
      title: 'Rekey',
      version,
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The host name of the tenant' }],
    components: {
      securitySchemes,
      schemas: { ...errorSchemas, ...schemas },
      responses,
      examples: describeExamples(routes),
    },
  }) as JsonObject
  // operations and their chapters keep the order of the route table
  return {
    ...document,
    paths,
    ...(tags.has(WEBHOOKS_TAG) ? { webhooks: describeWebhooks(WEBHOOKS_TAG) } : {}),
    tags: [...tags.values()].map(({ name, description }) => ({ name, description })),
  }
}

/** Aliases stand last: they are there for old clients. */
function placesOf(routes: readonly Route[]): readonly PlacedRoute[] {
  const aliases = routes.flatMap((route) => (route.aliases ?? []).map((path) => ({ route, path })))
  return [...routes.map((route) => ({ route, path: route.path })), ...aliases]
}

const securitySchemes = {
  application: {
    type: 'oauth2',
    description: 'Fetches an access token with the client_id and client_secret of an application.',
    flows: { clientCredentials: { tokenUrl: '/api/v2/tenant/token', scopes: {} } },
  },
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token that an application has already.',
  },
  clientSecret: {
    type: 'http',
    scheme: 'basic',
    description: 'client_id and client_secret of an application.',
  },
  idToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The id_token of a sign-in.',
  },
}
