import type { PasswordPolicy, SendMode } from '../tenants/tenant.ts'
import type { ChannelLimits } from './channel-limits.ts'
import { GENERATED_BITS_MIN, generatedPasswordBits, longestPasswordBits } from './generate-password.ts'

/**
 * Why no password can be made that policy and gateways allow, as a sentence that says what to change; undefined: one
 * can. Begins with the stable word `policy_undeliverable`.
 */
export function explainUndeliverable(
  policy: PasswordPolicy,
  sendMode: SendMode,
  limits: ChannelLimits,
): string | undefined {
  if (generatedPasswordBits(policy, sendMode, limits) !== undefined) {
    return undefined
  }
  return `policy_undeliverable: ${reasonOf(policy, sendMode, limits)}, or take ${sendMode} out of reset.send_modes`
}

function reasonOf(policy: PasswordPolicy, sendMode: SendMode, limits: ChannelLimits): string {
  const carried = limits.classes.length
  if (policy.lengthMin > limits.lengthMax) {
    return `length_min ${policy.lengthMin} is more than the ${limits.lengthMax} characters that every ${sendMode} gateway carries (template_limits.variable_length_max): lower length_min, or register a template with a longer variable`
  }
  if (carried === 0) {
    return `the ${sendMode} gateways have no character in common (template_limits.variable_characters): one must carry what the other does`
  }
  if (policy.classesMin > carried) {
    return `classes_min ${policy.classesMin} is more than the ${carried} ${carried === 1 ? 'kind' : 'kinds'} of character that every ${sendMode} gateway carries (template_limits.variable_characters): lower classes_min, or register a template with a wider variable`
  }
  const { length, bits } = longestPasswordBits(policy, limits)
  const shown = (Math.floor(bits * 10) / 10).toFixed(1)
  const isGatewayShort = limits.lengthMax < policy.lengthMax
  const [bound, remedy] = isGatewayShort
    ? [
        `template_limits of the ${sendMode} gateways let through`,
        'register a template with a longer or wider variable',
      ]
    : ['length_max lets through', 'allow longer passwords']
  return bits >= GENERATED_BITS_MIN
    ? `hardly any password on ${sendMode} meets repeats_max ${policy.repeatsMax}: raise it, or allow shorter passwords`
    : `the longest password that ${bound} has ${length} characters and ${shown} bits of chance on ${sendMode}, and must have ${GENERATED_BITS_MIN}: ${remedy}`
}
