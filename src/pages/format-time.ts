import type { Visit } from './visit.ts'

/** A time as the reader says it, in the company's zone, to the minute. */
export function formatTime({ language, request }: Visit, atMs: number): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone: request.tenant.timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
  }).format(atMs)
}
