import type { Visit } from '../visit.ts'

/** Whom people call, as the company says it; or a sentence without it. */
export function supportText({ request }: Visit, known: (support: string) => string, unknown: string): string {
  const { support } = request.tenant.settings.messages
  return support === '' ? unknown : known(support)
}
