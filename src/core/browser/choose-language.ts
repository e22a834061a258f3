import type { Store } from '../../store/store.ts'
import type { Language } from '../tenants/tenant.ts'
import { replaceRecord } from '../users/replace-record.ts'
import { type InBrowser, requireBrowserSession } from './find-browser-session.ts'

export interface ChooseLanguageCall extends InBrowser {
  readonly language: Language
  readonly requestId: string
}

/**
 * The user who is signed in here chooses the language of pages and messages. On record, if it is another one.
 * @throws ApiError invalid_token
 */
export async function chooseLanguage(
  store: Pick<Store, 'transaction'>,
  { language, requestId, ...inBrowser }: ChooseLanguageCall,
): Promise<void> {
  await store.transaction(async (repositories) => {
    const { tenant } = inBrowser
    const { view } = await requireBrowserSession(repositories, inBrowser)
    const user = await repositories.users.lock(tenant.id, view.user.id)
    if (user === undefined || user.language === language) {
      return
    }
    const { credential: _, ...record } = user
    const actor = { kind: 'user', id: user.id } as const
    const change = { user, after: { ...record, language }, contacts: user, actor, requestId, now: view.now }
    await replaceRecord(repositories, change)
    await repositories.audit.append({
      tenantId: tenant.id,
      action: 'user.updated',
      actor,
      targetKind: 'user',
      targetId: user.id,
      requestId,
      detail: { fields: ['language'] },
    })
  })
}
