import type { AddressLimit } from '../signin/address-limit.ts'
import { readStateToken } from '../signin/read-state-token.ts'
import type { SignInDeps } from '../signin/sign-in-deps.ts'
import type { BrowserCalls } from './browser-calls.ts'
import { changePasswordInBrowser } from './change-password-in-browser.ts'
import { checkTypedPassword } from './check-typed-password.ts'
import { chooseLanguage } from './choose-language.ts'
import { chooseNewPassword } from './choose-new-password.ts'
import { findBrowserSession } from './find-browser-session.ts'
import { listOwnEvents } from './own-events.ts'
import { endOwnSessions, listOwnSessions } from './own-sessions.ts'
import { pagesApplication } from './pages-application.ts'

export interface BrowserCallsDeps extends SignInDeps {
  /** Of checks while a password is typed: they must not use up what signing in may do. */
  readonly typing: AddressLimit
}

/** The operations of the employees' pages with what they need already given. */
export function bindBrowserCalls(deps: BrowserCallsDeps): BrowserCalls {
  const { store } = deps
  return {
    findBrowserSession: (p) => findBrowserSession(store, p),
    findPendingSignIn: async ({ tenant, stateToken }) => {
      const p = { tenant, stateToken, application: pagesApplication(tenant.id) }
      const found = await readStateToken(store.read, p, ['must_change', 'may_change', 'second_factor'])
      return found && { user: found.user, purpose: found.token.purpose }
    },
    chooseNewPassword: (call) => chooseNewPassword(deps, call),
    changePasswordInBrowser: (call) => changePasswordInBrowser(deps, call),
    listOwnSessions: (view) => listOwnSessions(store.read, view),
    endOwnSessions: (call) => endOwnSessions(store, call),
    listOwnEvents: (user) => listOwnEvents(store.read, user),
    chooseLanguage: (call) => chooseLanguage(store, call),
    checkTypedPassword: async ({ tenant, password, owner, address }) => {
      deps.typing.count(tenant, address)
      return await checkTypedPassword(deps.judges, tenant, password, owner)
    },
  }
}
