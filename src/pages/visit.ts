import type { PendingSignIn } from '../core/browser/browser-calls.ts'
import type { BrowserSession } from '../core/browser/find-browser-session.ts'
import { pagesApplication } from '../core/browser/pages-application.ts'
import { Secret } from '../core/secret.ts'
import type { EndUserCall } from '../core/signin/sign-in-calls.ts'
import type { Language } from '../core/tenants/tenant.ts'
import { languageOf } from '../http/language.ts'
import type { PageRequest } from '../http/page.ts'
import { type CookieName, dropCookie, readCookie, setCookie } from './cookies.ts'
import { deviceName } from './device-name.ts'
import { formToken } from './form-token.ts'
import type { SiteDeps } from './site-deps.ts'
import type { Texts } from './texts/text-shape.ts'
import { textsOf } from './texts/texts.ts'

/** One request for a page: who asks, in which language, and which cookies go back. */
export interface Visit {
  readonly core: SiteDeps['core']
  readonly request: PageRequest
  readonly demo: SiteDeps['demo']
  readonly language: Language
  readonly texts: Texts
  /** Undefined: nobody is signed in here. */
  readonly session: BrowserSession | undefined
  /** Undefined: nobody is on the way in. */
  readonly pending: PendingSignIn | undefined
  /** Of the browser's session, as its cookie has it; empty: none. */
  readonly sessionToken: Secret
  /** Of a sign-in that is not finished; empty: none. */
  readonly stateToken: Secret
  readonly formToken: string
  /** Whether the browser brought the cookie that form tokens are of. */
  readonly hasCookies: boolean
  /** For calls of signing in. */
  readonly call: EndUserCall
  setCookie(name: CookieName, value: string, lifetimeSeconds?: number): void
  dropCookie(name: CookieName): void
  readonly setCookies: readonly string[]
}

const FORM_COOKIE_BYTES = 16

/** Finds out who asks. Nothing changes, but the end of the session's idle time. */
export async function openVisit(deps: SiteDeps, request: PageRequest): Promise<Visit> {
  const { tenant } = request
  const [sessionToken, stateToken] = [readCookie(request, 'session'), readCookie(request, 'state')]
  const session =
    sessionToken === undefined
      ? undefined
      : await deps.core.findBrowserSession({ tenant, sessionToken: new Secret(sessionToken) })
  const pending =
    stateToken === undefined
      ? undefined
      : await deps.core.findPendingSignIn({ tenant, stateToken: new Secret(stateToken) })
  return visitOf(deps, request, { session, pending })
}

/** The same without asking who it is. */
export function strangerVisit(deps: SiteDeps, request: PageRequest): Visit {
  return visitOf(deps, request, { session: undefined, pending: undefined })
}

function visitOf(
  deps: SiteDeps,
  request: PageRequest,
  { session, pending }: Pick<Visit, 'session' | 'pending'>,
): Visit {
  const language = languageFor(request, (session?.view ?? pending)?.user.language)
  const sentCookie = readCookie(request, 'form')
  const formCookie = sentCookie ?? Buffer.from(deps.random(FORM_COOKIE_BYTES)).toString('base64url')
  const setCookies = sentCookie === undefined ? [setCookie(request, 'form', formCookie)] : []
  const [sessionCookie = '', stateCookie = ''] = [
    readCookie(request, 'session'),
    readCookie(request, 'state'),
  ]
  const signedInCookie = sessionCookie === '' ? stateCookie : sessionCookie
  return {
    core: deps.core,
    request,
    demo: deps.demo,
    language,
    texts: textsOf(language),
    session,
    pending,
    sessionToken: new Secret(sessionCookie),
    stateToken: new Secret(stateCookie),
    formToken: formToken(deps.mac, { tenantId: request.tenant.id, formCookie, signedInCookie }),
    hasCookies: sentCookie !== undefined,
    call: callOf(request),
    setCookies,
    setCookie: (name, value, lifetimeSeconds) => {
      setCookies.push(setCookie(request, name, value, lifetimeSeconds))
    },
    dropCookie: (name) => {
      setCookies.push(dropCookie(request, name))
    },
  }
}

/** The person's own, then what was chosen here, then the browser's, then the company's. */
export function languageFor(request: PageRequest, own: Language | undefined): Language {
  const chosen = readCookie(request, 'language')
  const isKnown = chosen === 'en' || chosen === 'zh'
  return own ?? (isKnown ? chosen : languageOf(request.headers, request.tenant.language))
}

function callOf({ tenant, requestId, address, headers }: PageRequest): EndUserCall {
  const agent = headers['user-agent']
  const { idleMinutes, lifetimeHours } = tenant.settings.pages
  return {
    tenant,
    application: pagesApplication(tenant.id),
    requestId,
    address,
    browser: {
      device: deviceName(typeof agent === 'string' ? agent : undefined),
      idleSeconds: idleMinutes * 60,
      lifetimeSeconds: lifetimeHours * 3_600,
    },
  }
}
