import { isLoopbackAddress } from '../http/client-address.ts'
import type { Page, PageSite } from '../http/page.ts'
import { accountPage } from './account/account.ts'
import { accountNotMePage } from './account/not-me.ts'
import { accountPasswordPage } from './account/password.ts'
import { endSessionsAction } from './account/sessions-end.ts'
import { actionOf } from './action-page.ts'
import { goTo } from './answers.ts'
import { assets } from './assets.ts'
import { errorPage, insecurePage } from './error-page.ts'
import { forgotPasswordPage } from './forgot-password.ts'
import { forgotPasswordCodePage, resendCodeAction } from './forgot-password-code.ts'
import { pagesOf, showing } from './form-page.ts'
import { languageAction } from './language.ts'
import { newPasswordPage } from './new-password.ts'
import { notMePage } from './not-me.ts'
import { passwordCheck } from './password-check.ts'
import { passwordExpiresPage } from './password-expires.ts'
import { secondFactorPage, sendSecondFactorAction } from './second-factor.ts'
import { signInPage } from './sign-in.ts'
import { signOutAction } from './sign-out.ts'
import type { SiteDeps } from './site-deps.ts'

/** Every page that employees see: the map. */
export function createSite(deps: SiteDeps): PageSite {
  const pages: readonly Page[] = [
    showing(deps, '/', async (visit) => goTo(visit, visit.session === undefined ? '/sign-in' : '/account')),
    ...pagesOf(deps, signInPage),
    ...pagesOf(deps, newPasswordPage),
    ...pagesOf(deps, passwordExpiresPage),
    ...pagesOf(deps, secondFactorPage),
    actionOf(deps, sendSecondFactorAction),
    ...pagesOf(deps, forgotPasswordPage),
    ...pagesOf(deps, forgotPasswordCodePage),
    actionOf(deps, resendCodeAction),
    accountPage(deps),
    ...pagesOf(deps, accountPasswordPage),
    ...pagesOf(deps, accountNotMePage),
    ...pagesOf(deps, notMePage),
    actionOf(deps, endSessionsAction),
    passwordCheck(deps),
    actionOf(deps, languageAction),
    actionOf(deps, signOutAction),
  ]
  return {
    pages: [...pages.map((page) => overHttps(deps, page)), ...assets],
    renderError: (request, failure) => errorPage(deps, request, failure),
  }
}

/** Passwords go over https, or not beyond this machine. */
function overHttps(deps: SiteDeps, page: Page): Page {
  return {
    ...page,
    handle: async (request) =>
      request.isHttps || isLoopbackAddress(request.address)
        ? page.handle(request)
        : insecurePage(deps, request),
  }
}
