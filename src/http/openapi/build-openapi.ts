import type { Route } from '../route.ts'
import { createComponents } from './components.ts'
import { describeOperation, templateOf } from './describe-operation.ts'
import { describeExamples, errorSchemas } from './describe-responses.ts'
import { introduction } from './introduction.ts'
import { type Json, type JsonObject, sorted } from './json-schema.ts'
import { tagOf } from './tags.ts'

/**
 * The API as OpenAPI 3.1, from the route table alone: every path, every alias, every code that may come back.
 */
export function buildOpenApi(routes: readonly Route[], version: string): JsonObject {
  const components = createComponents()
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) {
    for (const path of [route.path, ...(route.aliases ?? [])]) {
      const template = templateOf(path)
      const operation = describeOperation({ route, path }, components)
      paths[template] = { ...paths[template], [route.method.toLowerCase()]: operation }
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
    paths,
    components: {
      securitySchemes,
      schemas: { ...errorSchemas, ...schemas },
      responses,
      examples: describeExamples(routes),
    },
  }) as JsonObject
  // chapters keep the order of the route table
  return { ...document, tags: [...tags.values()].map(({ name, description }) => ({ name, description })) }
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
