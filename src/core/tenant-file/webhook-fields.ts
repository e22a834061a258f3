import { isScalar } from 'yaml'
import { Secret } from '../secret.ts'
import { webhookEventPatterns } from '../webhooks/webhook-event.ts'
import { list } from './collection-shapes.ts'
import { nearestWord } from './nearest-word.ts'
import { text, wholeNumber } from './scalar-shapes.ts'
import { type Fields, optional, readText, required, type Shape } from './shape.ts'

export const WEBHOOK_TIMEOUT_MS_DEFAULT = 8_000
const SECRET_BYTES_MIN = 24
const SECRET_BYTES_MAX = 64

/** As Standard Webhooks writes one; kept in that form, with its padding. Never shown. */
function signingSecret(): Shape<Secret> {
  return {
    type: `secret text: \`whsec_\` and ${SECRET_BYTES_MIN} to ${SECRET_BYTES_MAX} random bytes in base64`,
    read(place, source) {
      const read = readText(place, source)
      if (read === undefined) {
        return undefined
      }
      const secret = normaliseSecret(read.value)
      if (secret === undefined) {
        source.report(
          place,
          `must be whsec_ and ${SECRET_BYTES_MIN} to ${SECRET_BYTES_MAX} bytes in base64: make one with echo "whsec_$(openssl rand -base64 32)"`,
        )
        return undefined
      }
      return new Secret(secret)
    },
  }
}

function normaliseSecret(text: string): string | undefined {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  if (encoded === undefined) {
    return undefined
  }
  const bytes = Buffer.from(encoded, 'base64')
  const canonical = bytes.toString('base64')
  const isWhole = canonical.replace(/=+$/, '') === encoded.replace(/=+$/, '')
  return isWhole && bytes.length >= SECRET_BYTES_MIN && bytes.length <= SECRET_BYTES_MAX
    ? `whsec_${canonical}`
    : undefined
}

function eventPattern(): Shape<string> {
  return {
    type: 'event, group or `*`',
    read(place, source) {
      const read = readText(place, source)
      if (read === undefined || webhookEventPatterns.includes(read.value)) {
        return read?.value
      }
      const nearest = nearestWord(read.value, webhookEventPatterns)
      const hint =
        nearest === undefined
          ? 'write * or a name such as user.created or reset.*; docs/operations/webhooks.md lists them'
          : `did you mean ${nearest}?`
      source.report(place, `${isScalar(place.node) ? read.shown : 'this'} is no event: ${hint}`)
      return undefined
    },
  }
}

export const webhookFields = {
  name: required(
    text({
      type: 'code',
      lengthMax: 64,
      normalise: (value) => (/^[a-z0-9][a-z0-9._-]*$/i.test(value) ? value : undefined),
      complaint: 'is no code: use letters, digits, and . _ - after the first',
    }),
    { effect: 'which webhook this is', example: 'hr' },
  ),
  url: required(text({ type: 'https address', lengthMax: 2_000 }), {
    effect:
      'where events are posted; a public address, unless the host stands in `REKEY_WEBHOOK_PRIVATE_HOSTS`',
    example: '"https://hr.example/hooks"',
  }),
  secret: required(signingSecret(), {
    effect: 'signs, so that the receiver knows who sends',
    example: `"\${HR_WEBHOOK_SECRET}"`,
  }),
  secret_previous: optional(signingSecret(), {
    defaultText: 'none',
    effect: 'signs beside `secret` while the receiver changes from one to the other',
    example: `"\${HR_WEBHOOK_SECRET_PREVIOUS}"`,
  }),
  events: optional(list(eventPattern(), { type: 'list of events', lengthMin: 1, lengthMax: 50 }), {
    defaultText: '`["*"]`: all',
    effect: 'what it is told of: names, groups such as `reset.*`, or `*`',
    example: '[user.created, "reset.*"]',
  }),
  timeout_ms: optional(wholeNumber(100, 30_000), {
    defaultText: `\`${WEBHOOK_TIMEOUT_MS_DEFAULT}\``,
    effect: 'how long an answer is waited for',
    example: '8000',
  }),
} satisfies Fields
