import type { Channel } from '../../messaging/gateway.ts'
import type { TemplateEvent } from '../notices/template-event.ts'
import type { Language } from '../tenants/tenant.ts'
import type { TenantDocument } from './tenant-file-schema.ts'
import type { YamlSource } from './yaml-source.ts'

/** One tenant as the file has it, and the source that knows where each part stands. */
export interface ParsedTenant {
  readonly entry: TenantDocument
  readonly source: YamlSource
}

/**
 * What core must not know by itself: the rules of gateways and templates, handed in from messaging. Each complaint is
 * a sentence that begins with its key and holds no secret.
 */
export interface TenantFileRules {
  validateGatewaySettings(
    kind: string,
    settings: Readonly<Record<string, unknown>>,
    options: { readonly channel: Channel },
  ): readonly string[]
  validateTemplate(
    event: TemplateEvent,
    template: {
      readonly channel: Channel
      readonly subject: string | undefined
      readonly text: string
      readonly html: string | undefined
    },
  ): readonly string[]
  /** Segments of an SMS with the longest values it may meet, and why. Undefined: it cannot be rendered. */
  measureLongestSms(p: LongestSms): { readonly segments: number; readonly encoding: string } | undefined
  /** The settings with every text that is secret in this kind replaced by `seal`. */
  sealSettings(
    kind: string,
    settings: Readonly<Record<string, unknown>>,
    seal: (text: string) => string,
  ): Readonly<Record<string, unknown>>
  sealContext(tenantId: string, gatewayName: string): string
  /** What is wrong with the address of a webhook; undefined: nothing. */
  complainOfWebhookUrl(url: string): string | undefined
}

/** A template of an SMS, and what is known of the values it will show. */
export interface LongestSms {
  readonly event: TemplateEvent
  readonly text: string
  readonly language: Language
  readonly timeZone: string
  readonly tenantName: string
  readonly support: string
  readonly passwordLength: number
}
