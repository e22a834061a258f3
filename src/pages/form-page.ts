import { ApiError, publicText } from '../errors/api-error.ts'
import type { Page, PageAnswer, PageRequest } from '../http/page.ts'
import { blankForm, type FormState, type Problem } from './form.ts'
import { FORM_TOKEN_FIELD, isFormToken } from './form-token.ts'
import { showLocked } from './sign-in-locked.ts'
import type { SiteDeps } from './site-deps.ts'
import { openVisit, type Visit } from './visit.ts'

/** One address with one form: reading it shows it, sending it does what it is for. */
export interface FormPage {
  readonly path: string
  /** May also lead elsewhere, when there is nothing to do here. */
  show(visit: Visit, state: FormState, status: number): Promise<PageAnswer>
  /** Called only with a form of our own. @throws ApiError which `explain` tells at a field, or the page as a whole */
  submit(visit: Visit): Promise<PageAnswer>
  /** What a code means here; undefined: what it means everywhere. */
  explain?(visit: Visit, error: ApiError): Problem | PageAnswer | undefined
}

/** Both addresses of a form page. */
export function pagesOf(deps: SiteDeps, page: FormPage): readonly Page[] {
  const { path } = page
  return [
    {
      method: 'GET',
      path,
      handle: async (request) => page.show(await openVisit(deps, request), blankForm, 200),
    },
    { method: 'POST', path, handle: async (request) => submit(page, await openVisit(deps, request)) },
  ]
}

async function submit(page: FormPage, visit: Visit): Promise<PageAnswer> {
  const { form } = visit.request
  const showAgain = (problem: Problem, status: number) => page.show(visit, { values: form, problem }, status)
  const stale = staleForm(visit)
  if (stale !== undefined) return await showAgain(stale, 403)
  try {
    return await page.submit(visit)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const explained = page.explain?.(visit, error) ?? explain(visit, error)
    if (explained === undefined) throw error
    return 'status' in explained ? explained : await showAgain(explained, 400)
  }
}

/** Undefined: the form is of our own, made for this browser and this sign-in. */
export function staleForm({ request, formToken, hasCookies, texts }: Visit): Problem | undefined {
  const sent = request.form[FORM_TOKEN_FIELD] ?? ''
  if (hasCookies && isFormToken(sent, formToken)) return undefined
  const { staleForm: tooOld, noCookies } = texts.problems
  return { text: hasCookies ? tooOld : noCookies }
}

/** What every form may be answered; undefined: a page of its own (`error-page.ts`). */
function explain(visit: Visit, error: ApiError): Problem | PageAnswer | undefined {
  const { texts, language } = visit
  if (error.code === 'SDK.LOGIN.1003') {
    const [minutes, seconds] = error.params.map(Number)
    return showLocked(visit, { minutes: minutes ?? 0, seconds: seconds ?? 0 })
  }
  if (error.code === 'SDK.LOGIN.9002') {
    return { text: texts.problems.tooMany(error.retryAfterSeconds ?? 60) }
  }
  if (error.code === 'REQUEST.9011') return { text: texts.problems.busy }
  if (error.code.startsWith('PWD.')) {
    return { field: 'new_password', text: publicText(error.code, language, error.params) }
  }
  return undefined
}

/** A page that asks nothing. */
export function showing(deps: SiteDeps, path: string, show: (visit: Visit) => Promise<PageAnswer>): Page {
  return {
    method: 'GET',
    path,
    handle: async (request: PageRequest) => show(await openVisit(deps, request)),
  }
}
