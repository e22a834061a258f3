import { combineLimits } from '../password/channel-limits.ts'
import { generatedPasswordLength } from '../password/generate-password.ts'
import { gatewaysAfter, type PlanToCheck } from './plan-to-check.ts'

/** SMS cost by the segment: no template of the file may come to more than the tenant allows, with long values. */
export function checkSmsLengths({ parsed, rules, stored, configuration }: PlanToCheck): void {
  const { entry, source } = parsed
  const { tenant } = configuration
  const { support, smsSegmentsMax } = tenant.settings.messages
  const gateways = gatewaysAfter(stored.gateways, configuration.changes)
  const sms = gateways.filter((row) => row.channel === 'SMS' && !row.disabled)
  const limits = combineLimits(sms.map((row) => JSON.parse(row.settings)))
  const passwordLength = generatedPasswordLength(tenant.settings.passwordPolicy, 'SMS', limits) ?? 0
  for (const template of entry.templates ?? []) {
    const { event, text, language } = template
    const { timeZone, name: tenantName } = tenant
    const size =
      template.channel === 'SMS'
        ? rules.measureLongestSms({ event, text, language, timeZone, tenantName, support, passwordLength })
        : undefined
    if (size !== undefined && size.segments > smsSegmentsMax) {
      source.report(
        source.placeOf(template, 'text'),
        `can come to ${size.segments} SMS in ${size.encoding}, and messages.sms_segments_max is ${smsSegmentsMax}: shorten it, leave out {{ name }} or characters beyond the GSM alphabet, or raise the limit`,
      )
    }
  }
}
