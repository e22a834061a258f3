import type { PasswordViolation } from '../core/password/check-password.ts'
import type { PasswordOwner } from '../core/password/user-info.ts'
import { Secret } from '../core/secret.ts'
import { ApiError, statusOf } from '../errors/api-error.ts'
import type { Page, PageAnswer } from '../http/page.ts'
import { staleForm } from './form-page.ts'
import { type LiveRule, NEW_PASSWORD_FIELD } from './parts/new-password-field.ts'
import type { SiteDeps } from './site-deps.ts'
import { openVisit } from './visit.ts'

/** Longer than any policy allows: not worth judging. */
const LENGTH_MAX = 512

/** Nobody is known where a forgotten password is recovered: only rules that know no owner are judged. */
const nobody: PasswordOwner = { userName: '', name: '', email: undefined, mobile: undefined }

/** For the page's script: which rules what has been typed so far breaks. The password is judged and forgotten. */
export function passwordCheck(deps: SiteDeps): Page {
  return {
    method: 'POST',
    path: '/password-check',
    handle: async (request) => {
      const visit = await openVisit(deps, request)
      if (staleForm(visit) !== undefined) return answer(403, {})
      const password = new Secret((request.form[NEW_PASSWORD_FIELD] ?? '').slice(0, LENGTH_MAX))
      const owner = (visit.session?.view ?? visit.pending)?.user ?? nobody
      const { tenant, address } = request
      try {
        const violations = await deps.core.checkTypedPassword({ tenant, password, owner, address })
        return answer(200, { broken: brokenRules(violations) })
      } catch (error) {
        if (error instanceof ApiError) return answer(statusOf(error.code), {})
        throw error
      }
    },
  }
}

/** Until the plain rules are met nothing is known about how easily it is guessed. */
function brokenRules(violations: readonly PasswordViolation[]): readonly LiveRule[] {
  const broken = violations.map(({ rule }) => liveRules[rule])
  const all = broken.length > 0 ? [...broken, 'weak' as const] : broken
  return [...new Set(all)]
}

const liveRules: Readonly<Record<PasswordViolation['rule'], LiveRule>> = {
  empty: 'length',
  length: 'length',
  classes: 'classes',
  control_characters: 'classes',
  repeats: 'repeats',
  is_user_name: 'user_info',
  is_user_name_reversed: 'user_info',
  user_info: 'user_info',
  weak: 'weak',
  breached: 'weak',
}

function answer(status: number, body: object): PageAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
    body: JSON.stringify(body),
  }
}
