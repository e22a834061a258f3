import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PageAnswer, PageFields, PageRequest, PageSite } from './page.ts'
import { checkQuery } from './plugins/admit.ts'
import type { RequestState } from './request-state.ts'

/** Puts the pages on the server. Their tenant is the host's; who asks, their own cookies say. */
export function registerPages(server: FastifyInstance, site: PageSite): void {
  for (const page of site.pages) {
    server.route({
      method: page.method,
      url: page.path,
      config: { page },
      preValidation: async (request) => checkQuery(request),
      handler: async (request, reply) => {
        const asked = pageRequestOf(request)
        if (asked === undefined) throw new Error('a page without a tenant')
        return sendPage(reply, await page.handle(asked))
      },
    })
  }
}

/** Undefined: it ended before its tenant was known. */
export function pageRequestOf(request: FastifyRequest): PageRequest | undefined {
  const state: RequestState | undefined = request.state
  if (state?.tenant === undefined) return undefined
  return {
    requestId: request.id,
    tenant: state.tenant,
    address: state.address,
    isHttps: state.isHttps,
    language: state.language,
    headers: request.headers,
    params: request.params as Readonly<Record<string, string>>,
    query: firstOfEach(request.query),
    form: firstOfEach(request.body),
  }
}

export function sendPage(reply: FastifyReply, answer: PageAnswer): FastifyReply {
  reply.code(answer.status)
  for (const [name, value] of Object.entries(answer.headers)) reply.header(name, value)
  return reply.send(answer.body)
}

/** Whether somebody at a browser waits for the answer, although no page is at this address. */
export function wantsPage(request: FastifyRequest): boolean {
  const { accept } = request.headers
  return request.method === 'GET' && accept?.includes('text/html') === true
}

function firstOfEach(fields: unknown): PageFields {
  const entries = Object.entries((fields ?? {}) as Record<string, unknown>)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, String(Array.isArray(value) ? value[0] : (value ?? ''))]),
  )
}
