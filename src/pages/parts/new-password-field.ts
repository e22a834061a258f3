import type { PasswordPolicy } from '../../core/tenants/tenant.ts'
import { type FormState, field } from '../form.ts'
import { type Html, html } from '../html.ts'
import type { Texts } from '../texts/text-shape.ts'
import type { Visit } from '../visit.ts'
import { revealButton } from './reveal-button.ts'

export const NEW_PASSWORD_FIELD = 'new_password'
const RULES_ID = 'rules'

/** Rules of which the server says while one types whether they are met (`password-check.ts`). */
export type LiveRule = 'length' | 'classes' | 'repeats' | 'user_info' | 'weak'

/** A field for a password that somebody chooses, and what it must be. */
export function newPasswordField(
  visit: Visit,
  state: FormState,
  { isFirst }: { readonly isFirst: boolean } = { isFirst: true },
): Html {
  const { texts, request } = visit
  const text = texts.newPassword
  return html`${field(state, {
    name: NEW_PASSWORD_FIELD,
    label: text.label,
    type: 'password',
    autocomplete: 'new-password',
    isFirst,
    describedBy: RULES_ID,
    beside: revealButton(visit, NEW_PASSWORD_FIELD),
  })}
<div id="${RULES_ID}" class="rules-box">
<p class="rules-title">${text.rules}</p>
<ul class="rules" data-check="${NEW_PASSWORD_FIELD}" data-said="said" data-met="${text.met}" data-not-met="${text.notMet}" data-good="${text.good}">
${rulesOf(request.tenant.settings.passwordPolicy, texts).map(ruleItem)}
</ul>
</div>
<p class="visually-hidden" id="said" role="status"></p>`
}

interface RuleText {
  /** Undefined: only the saving shows it. */
  readonly live: LiveRule | undefined
  readonly text: string
}

function ruleItem({ live, text }: RuleText): Html {
  return live === undefined
    ? html`<li>${text}</li>`
    : html`<li data-rule="${live}">${text} <span class="state visually-hidden"></span></li>`
}

/** Only what the policy really asks. */
function rulesOf(policy: PasswordPolicy, { newPassword: text }: Texts): readonly RuleText[] {
  const { lengthMin, lengthMax, classesMin, repeatsMax, history } = policy
  const rules: readonly (RuleText | false)[] = [
    { live: 'length', text: text.rulesLength(lengthMin, lengthMax) },
    classesMin > 1 && { live: 'classes', text: text.rulesClasses(classesMin) },
    repeatsMax > 0 && { live: 'repeats', text: text.rulesRepeats(repeatsMax) },
    policy.userInfo === 'refuse' && { live: 'user_info', text: text.rulesUserInfo },
    policy.weakPasswords === 'refuse' && { live: 'weak', text: text.rulesWeak },
    history > 0 && { live: undefined, text: text.rulesHistory(history) },
  ]
  return rules.filter((rule) => rule !== false)
}
