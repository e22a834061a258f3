import { generatedPasswordBits } from '../password/generate-password.ts'
import type { PlanToCheck } from './plan-to-check.ts'

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
  if (policy.breachedPasswords === 'refuse' && p.judges.breaches === undefined) {
    const message = 'breached_passwords: refuse needs a source of breached passwords'
    const remedy = 'set REKEY_BREACHED_PASSWORDS_SOURCE for the server and for this command, or write allow'
    source.report(place, `${message}: ${remedy}`)
  }
  for (const sendMode of reset.sendModes) {
    if (generatedPasswordBits(policy, sendMode) === undefined) {
      const message = `policy_undeliverable: no password that this policy allows has 60 bits of chance on ${sendMode}`
      source.report(place, `${message}: allow longer passwords, or take ${sendMode} out of reset.send_modes`)
    }
  }
}
