import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Route } from '../route.ts'
import { createDocument, type ReferenceOptions } from './create-document.ts'
import { referencePage, referencePolicy, referenceScript } from './reference-page.ts'
import { referenceStyle } from './reference-style.ts'
import { readViewerFile } from './viewer-files.ts'

export const REFERENCE_PATH = '/docs/api'

interface ServedFile {
  readonly path: string
  readonly type: string
  read(): Promise<string | Buffer>
}

/** What is served, for `Allow`. */
export const referenceRoutes: readonly Pick<Route, 'method' | 'path'>[] = [
  '',
  '/openapi.json',
  '/viewer.js',
  '/viewer.css',
  '/start.js',
  '/page.css',
].map((path) => ({ method: 'GET', path: REFERENCE_PATH + path }))

/**
 * Serves the browsable reference: a page, the viewer, and the description of this very server. At any host and to
 * anybody, like the description in the package: it says nothing about a tenant. Nothing is loaded from elsewhere.
 */
export function serveReference(
  server: FastifyInstance,
  routes: readonly Route[],
  options: ReferenceOptions,
): void {
  const files: readonly ServedFile[] = [
    { path: '', type: 'text/html', read: async () => referencePage },
    { path: '/openapi.json', type: 'application/json', read: createDocument(routes, options) },
    { path: '/viewer.js', type: 'text/javascript', read: () => readViewerFile('swagger-ui-bundle.js') },
    { path: '/viewer.css', type: 'text/css', read: () => readViewerFile('swagger-ui.css') },
    { path: '/start.js', type: 'text/javascript', read: async () => referenceScript },
    { path: '/page.css', type: 'text/css', read: async () => referenceStyle },
  ]
  for (const { path, type, read } of files) {
    server.get(REFERENCE_PATH + path, async (request, reply) => {
      reply.header('Content-Security-Policy', referencePolicy)
      reply.header('Content-Type', `${type}; charset=utf-8`)
      return sendTagged(request, reply, await read())
    })
  }
}

/** Kept by browsers, but asked for each time: an upgrade shows at once. */
function sendTagged(request: FastifyRequest, reply: FastifyReply, content: string | Buffer): FastifyReply {
  const tag = `"${createHash('sha256').update(content).digest('base64url')}"`
  reply.header('Cache-Control', 'no-cache').header('ETag', tag)
  return request.headers['if-none-match'] === tag ? reply.code(304).send() : reply.send(content)
}
