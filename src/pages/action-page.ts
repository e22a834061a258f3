import { ApiError } from '../errors/api-error.ts'
import type { Page, PageAnswer } from '../http/page.ts'
import { goTo } from './answers.ts'
import { staleForm } from './form-page.ts'
import type { SiteDeps } from './site-deps.ts'
import { openVisit, type Visit } from './visit.ts'

/** An address that only takes forms, which stand on other pages. */
export interface ActionPage {
  readonly path: string
  /** Called only with a form of our own. */
  submit(visit: Visit): Promise<PageAnswer>
}

/** A stale form changes nothing, and leads to the page where it stands anew. */
export function actionOf(deps: SiteDeps, { path, submit }: ActionPage): Page {
  return {
    method: 'POST',
    path,
    handle: async (request) => {
      const visit = await openVisit(deps, request)
      const home = visit.session === undefined ? '/sign-in' : '/account'
      if (staleForm(visit) !== undefined) return goTo(visit, `${home}?said=stale`)
      try {
        return await submit(visit)
      } catch (error) {
        if (error instanceof ApiError && error.code === 'invalid_token')
          return goTo(visit, '/sign-in?said=ended')
        throw error
      }
    },
  }
}
