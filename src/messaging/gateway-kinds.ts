import type { Clock } from '../core/clock.ts'
import { Secret } from '../core/secret.ts'
import type { Channel, Gateway } from './gateway.ts'
import type { Probe } from './gateway-probe.ts'
import type { GatewayDeps, GatewaySettings, GatewaySpec } from './gateway-settings.ts'
import { createMailboxGateway, type Mailbox } from './gateways/mailbox.ts'
import { probeSmsHttp } from './gateways/sms-http/probe.ts'
import { validateSmsHttpSettings } from './gateways/sms-http/settings.ts'
import { createSmsHttpGateway } from './gateways/sms-http.ts'
import { probeSmtp } from './gateways/smtp/probe.ts'
import { validateSmtpSettings } from './gateways/smtp/settings.ts'
import { createSmtpGateway } from './gateways/smtp.ts'

interface GatewayKind {
  readonly channels: readonly Channel[]
  /** Keys whose texts, at any depth, are sealed at rest. */
  readonly secretFields: readonly string[]
  validate(settings: GatewaySettings): readonly string[]
  create(spec: GatewaySpec, deps: GatewayKindDeps): Gateway
  /** Tries what can be tried without a message. */
  probe(probe: Probe, clock: Clock, spec: GatewaySpec, to: string | undefined): Promise<void>
}

export interface GatewayKindDeps extends GatewayDeps {
  /** The demo's: without it there is no kind `mailbox`. */
  readonly mailbox?: Mailbox | undefined
}

const kinds: Readonly<Record<string, GatewayKind>> = {
  smtp: {
    channels: ['EMAIL'],
    secretFields: ['url', 'password'],
    validate: validateSmtpSettings,
    create: createSmtpGateway,
    probe: probeSmtp,
  },
  'sms-http': {
    channels: ['SMS'],
    // vendors want their keys in the address, in headers or in the body
    secretFields: ['url', 'headers', 'body'],
    validate: validateSmsHttpSettings,
    create: createSmsHttpGateway,
    probe: probeSmsHttp,
  },
  mailbox: {
    channels: ['EMAIL', 'SMS'],
    secretFields: [],
    validate: (settings) =>
      Object.keys(settings).map((key) => `${key} is no key of a gateway of kind mailbox: remove it`),
    create(spec, { mailbox, clock }) {
      if (mailbox === undefined) {
        throw new Error('gateways of kind mailbox exist in the demo only')
      }
      return createMailboxGateway({ name: spec.name, channel: spec.channel }, mailbox, clock.now)
    },
    probe: async () => undefined,
  },
}

/** The context a gateway's secrets are sealed under: a value moved to another gateway does not open. */
export function sealContext(tenantId: string, gatewayName: string): string {
  return `gateway:${tenantId}:${gatewayName}`
}

/** Keys whose texts, at any depth, are sealed at rest. */
export function secretFields(kind: string): readonly string[] {
  return kindOf(kind)?.secretFields ?? []
}

/**
 * What is wrong with a gateway of the tenant file, in sentences that begin with the key and say what to do, without
 * values. `channel`, when given, is checked against what the kind can carry.
 */
export function validateGatewaySettings(
  kind: string,
  settings: GatewaySettings,
  options: { readonly allowMailbox?: boolean; readonly channel?: Channel } = {},
): string[] {
  const known = kindOf(kind)
  if (known === undefined || (kind === 'mailbox' && options.allowMailbox !== true)) {
    return ['kind must be smtp (for EMAIL) or sms-http (for SMS)']
  }
  if (options.channel !== undefined && !known.channels.includes(options.channel)) {
    return [`kind ${kind} carries ${known.channels.join(' and ')}: change kind or channel`]
  }
  return [...known.validate(settings)]
}

/** @throws Error when the kind is unknown, cannot carry the channel, or its settings are not valid */
export function createGateway(kind: string, spec: GatewaySpec, deps: GatewayKindDeps): Gateway {
  const known = kindOf(kind)
  if (known === undefined) {
    throw new Error(`no gateway kind ${kind}`)
  }
  if (!known.channels.includes(spec.channel)) {
    throw new Error(`a gateway of kind ${kind} cannot carry ${spec.channel}`)
  }
  return known.create(spec, deps)
}

/** Tries a gateway step by step, without a message. @throws Error when the kind is unknown or its settings are not valid */
export async function probeGateway(
  kind: string,
  ...[probe, clock, spec, to]: Parameters<GatewayKind['probe']>
): Promise<void> {
  const known = kindOf(kind)
  if (known === undefined) {
    throw new Error(`no gateway kind ${kind}`)
  }
  await known.probe(probe, clock, spec, to)
}

/** The settings with every text under a secret field replaced by `seal`: as they are stored. */
export function sealSettings(
  kind: string,
  settings: GatewaySettings,
  seal: (text: string) => string,
): GatewaySettings {
  const secret = secretFields(kind)
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      secret.includes(key) ? mapTexts(value, seal) : value,
    ]),
  )
}

/** Stored settings with every sealed text opened to a Secret. @throws whatever `open` throws */
export function openSettings(
  settings: GatewaySettings,
  secrets: { isSealed(text: string): boolean; open(sealed: string): Secret },
): GatewaySettings {
  const open = (text: string) => (secrets.isSealed(text) ? secrets.open(text) : text)
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, mapTexts(value, open)]))
}

function mapTexts(value: unknown, map: (text: string) => string | Secret): unknown {
  if (typeof value === 'string') {
    return map(value)
  }
  if (Array.isArray(value)) {
    return value.map((item) => mapTexts(item, map))
  }
  if (typeof value === 'object' && value !== null && !(value instanceof Secret)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, map)]))
  }
  return value
}

function kindOf(kind: string): GatewayKind | undefined {
  return Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
}
