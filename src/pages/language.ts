import type { PageAnswer } from '../http/page.ts'
import type { ActionPage } from './action-page.ts'
import { goTo } from './answers.ts'
import type { Visit } from './visit.ts'

const COOKIE_SECONDS = 31_536_000 // a year: it says nothing about anybody

/** The other language, from the foot of every page; whoever is signed in keeps it for messages too. */
export const languageAction: ActionPage = {
  path: '/language',

  async submit(visit: Visit): Promise<PageAnswer> {
    const { request, core, sessionToken } = visit
    const language = request.form.language === 'zh' ? 'zh' : 'en'
    visit.setCookie('language', language, COOKIE_SECONDS)
    if (visit.session !== undefined) {
      const { tenant, requestId } = request
      await core.chooseLanguage({ tenant, requestId, sessionToken, language })
    }
    return goTo(visit, request.form.from === 'account' ? '/account?said=language-saved' : backTo(visit))
  },
}

/** The page that the form stood on, if it is one of ours that can be asked for again. */
function backTo({ request, session }: Visit): string {
  const { referer, host } = request.headers
  const fallback = session === undefined ? '/sign-in' : '/account'
  if (typeof referer !== 'string' || typeof host !== 'string' || !URL.canParse(referer)) return fallback
  const { host: from, pathname } = new URL(referer)
  return from === host && backPaths.includes(pathname) ? pathname : fallback
}

const backPaths = [
  '/sign-in',
  '/new-password',
  '/password-expires',
  '/second-factor',
  '/forgot-password',
  '/forgot-password/code',
  '/account',
  '/account/password',
]
