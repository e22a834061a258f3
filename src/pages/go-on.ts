import type { Secret } from '../core/secret.ts'
import type { SignedIn, SignInAnswer } from '../core/signin/sign-in-calls.ts'
import type { PageAnswer } from '../http/page.ts'
import { goTo } from './answers.ts'
import { showDisabled } from './disabled.ts'
import type { Visit } from './visit.ts'

/** Where somebody goes whose password or code was right. */
export function goOn(visit: Visit, answer: SignInAnswer): PageAnswer {
  switch (answer.status) {
    case 'SUCCESS':
      return enter(visit, answer, '/account')
    case 'PASSWORD_EXPIRED':
      return pause(visit, answer.stateToken, '/new-password')
    case 'PASSWORD_WARN':
      return pause(visit, answer.stateToken, '/password-expires')
    case 'MFA_AUTH':
      return pause(visit, answer.stateToken, '/second-factor')
    case 'ACCESS_DENIED':
      return showDisabled(visit)
  }
}

/** The session is this browser's now; every cookie from before is gone (OWASP ASVS 5.0, 7.2.4). */
export function enter(visit: Visit, { sessionToken }: SignedIn, path: string): PageAnswer {
  visit.setCookie('session', sessionToken.reveal())
  visit.dropCookie('state')
  visit.dropCookie('recovery')
  visit.dropCookie('form')
  return goTo(visit, path)
}

/** Something is asked for first. */
function pause(visit: Visit, stateToken: Secret, path: string): PageAnswer {
  visit.setCookie('state', stateToken.reveal())
  visit.dropCookie('session')
  visit.dropCookie('form')
  return goTo(visit, path)
}
