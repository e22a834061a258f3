import type { Visit } from './visit.ts'

/** A time as the reader says it, in their own zone or the company's, to the minute. */
export function formatTime({ language, request, session }: Visit, atMs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone: timeZone ?? session?.view.user.timeZone ?? request.tenant.timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
  }).format(atMs)
}
