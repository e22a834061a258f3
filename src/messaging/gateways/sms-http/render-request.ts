import { Secret } from '../../../core/secret.ts'
import type { OutgoingMessage } from '../../gateway.ts'
import type { Place } from '../../place.ts'
import { type ParsedTemplate, parseTemplate } from '../../template-engine.ts'
import type { SmsHttpSettings } from './settings.ts'

/** A request with the message in it: everything here may hold the password. */
export interface RenderedRequest {
  readonly url: URL
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer | undefined
}

/** Reads the templates once; what comes back fills them. @throws Error when a value is missing */
export function createRequestRenderer(
  settings: SmsHttpSettings,
): (message: OutgoingMessage) => RenderedRequest {
  const parse = (source: string, place: Place): ParsedTemplate => parseTemplate(source, place)
  const url = parse(settings.url, 'url')
  const headers = settings.headers.map(([name, value]) => [name, parse(value, 'line')] as const)
  const body = settings.body === undefined ? undefined : parse(settings.body, settings.bodyPlace)
  return (message) => {
    const values = requestValues(message)
    return {
      url: new URL(url.render(values)),
      headers: headers.map(([name, value]) => [name, headerBytes(value.render(values))]),
      body: body === undefined ? undefined : Buffer.from(body.render(values), 'utf8'),
    }
  }
}

function requestValues(message: OutgoingMessage): Readonly<Record<string, string>> {
  const shown = Object.entries(message.variables).map(([name, value]) => [
    name,
    value instanceof Secret ? value.reveal() : value,
  ])
  return { ...Object.fromEntries(shown), to: message.to, text: message.text.reveal() }
}

/** UTF-8 in the one-byte form that Node takes for header values. */
function headerBytes(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1').trim()
}
