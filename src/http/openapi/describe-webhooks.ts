import { TEST_EVENT, webhookEvents } from '../../core/webhooks/webhook-event.ts'
import type { Json, JsonObject } from './json-schema.ts'
import { sampleValues } from './sample-values.ts'

/** What receivers are sent, as OpenAPI 3.1 has it: an operation of theirs, one for all events. */
export function describeWebhooks(tag: string): JsonObject {
  const table = Object.entries(webhookEvents).map(([name, meaning]) => `- \`${name}\`: ${meaning}`)
  const operation: JsonObject = {
    operationId: 'receive-event',
    tags: [tag],
    summary: 'Be told of an event',
    description: `Signed as Standard Webhooks describes it. Verify the signature, pass over a webhook-id that came before, and answer 2xx. Data are ids and words.\n\n${table.join('\n')}`,
    security: [],
    parameters: [...headers],
    requestBody: { required: true, content: { 'application/json': payload } },
    responses: {
      '2XX': { description: 'It was taken: not sent again' },
      '4XX': { description: 'It is sent again later; 410: the webhook is switched off' },
    },
  }
  return { event: { post: operation } }
}

const header = (name: string, description: string, example: string): Json => ({
  ...{ name, in: 'header', required: true, description, schema: { type: 'string' }, example },
})
const headers: readonly Json[] = [
  header('webhook-id', 'The same for every attempt', sampleValues.delivery_id),
  header('webhook-timestamp', 'Of the attempt, in seconds', '1769847300'),
  header(
    'webhook-signature',
    'One for each secret, separated by spaces: v1, and HMAC-SHA256 in base64',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
]

const payload: JsonObject = {
  schema: {
    type: 'object',
    required: ['type', 'timestamp', 'data'],
    properties: {
      type: { type: 'string', enum: [...Object.keys(webhookEvents), TEST_EVENT] },
      timestamp: { type: 'string', format: 'date-time', description: 'When it happened' },
      data: { type: 'object', description: 'Ids and words; docs/operations/webhooks.md lists them' },
    },
  },
  example: {
    type: 'user.created',
    timestamp: '2026-01-31T08:15:00.000Z',
    data: { user_id: sampleValues.user_id, actor: { kind: 'application', id: sampleValues.app_id } },
  },
}
