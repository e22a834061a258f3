import { combineLimits } from '../password/channel-limits.ts'
import { explainUndeliverable } from '../password/explain-undeliverable.ts'
import type { PasswordPolicy, SendMode } from '../tenants/tenant.ts'
import { gatewaysAfter, type PlanToCheck } from './plan-to-check.ts'
import type { Place } from './yaml-source.ts'

const HOURS_A_DAY = 24

/** The settings as they will be, with what is stored and the defaults where the file says nothing. */
export function checkSettings(p: PlanToCheck): void {
  const { entry, source } = p.parsed
  const { passwordPolicy: policy, reset } = p.configuration.tenant.settings
  const given = entry.passwordPolicy ?? entry.reset ?? entry.tenant
  const place = source.placeOf(given)
  if (policy.lengthMin > policy.lengthMax) {
    const key = entry.passwordPolicy?.lengthMin === undefined ? 'lengthMax' : 'lengthMin'
    const message = `length_min ${policy.lengthMin} is more than length_max ${policy.lengthMax}: change one of them`
    source.report(source.placeOf(given, key), message)
    return
  }
  for (const complaint of complainOfAges(policy)) {
    source.report(place, complaint)
  }
  if (policy.breachedPasswords === 'refuse' && p.judges.breaches === undefined) {
    const message = 'breached_passwords: refuse needs a source of breached passwords'
    const remedy = 'set REKEY_BREACHED_PASSWORDS_SOURCE for the server and for this command, or write allow'
    source.report(place, `${message}: ${remedy}`)
  }
  for (const sendMode of reset.sendModes) {
    checkDeliverable(p, policy, sendMode, place)
  }
}

/** What is made must fit every gateway that may come to carry it. */
function checkDeliverable(
  { parsed: { entry, source }, stored, configuration }: PlanToCheck,
  policy: PasswordPolicy,
  sendMode: SendMode,
  place: Place,
): void {
  const gateways = gatewaysAfter(stored.gateways, configuration.changes)
  const carrying = gateways.filter((row) => row.channel === sendMode && !row.disabled)
  const limits = combineLimits(carrying.map((row) => JSON.parse(row.settings)))
  const message = explainUndeliverable(policy, sendMode, limits)
  if (message !== undefined) {
    const limiting = (entry.gateways ?? []).find(
      (gateway) => gateway.channel === sendMode && gateway.rest.template_limits,
    )
    source.report(limiting === undefined ? place : source.placeOf(limiting.rest, 'template_limits'), message)
  }
}

/** Nobody may be asked for a new password and refused it at the same time. */
function complainOfAges({ minimumAgeHours, maximumAgeDays, warnDays }: PasswordPolicy): readonly string[] {
  if (maximumAgeDays === 0) {
    return warnDays === 0
      ? []
      : ['warn_days warns of an end that is not set: set maximum_age_days, or warn_days to 0']
  }
  if (warnDays >= maximumAgeDays) {
    return [`warn_days ${warnDays} must be less than maximum_age_days ${maximumAgeDays}: change one of them`]
  }
  const freeHours = (maximumAgeDays - warnDays) * HOURS_A_DAY
  return minimumAgeHours < freeHours
    ? []
    : [
        `minimum_age_hours ${minimumAgeHours} lasts until employees are asked for a new password: make it less than ${freeHours}`,
      ]
}
