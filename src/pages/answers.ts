import type { PageAnswer } from '../http/page.ts'
import { layout } from './layout.ts'
import type { PageContent } from './page-content.ts'
import type { Visit } from './visit.ts'

/** Nothing runs or is styled inline, nothing comes from elsewhere, nobody frames it; a logo is part of the page. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** A page; no browser and no proxy keeps it (OWASP ASVS 5.0, 14.3.2). */
export function showPage(visit: Visit, content: PageContent, status = 200): PageAnswer {
  return {
    status,
    headers: { ...headersFor(visit), 'Set-Cookie': visit.setCookies },
    // the first thing that a screen reader says of the page
    body: layout(visit, { ...content, hasProblem: status === 400 || status === 403 }).text,
  }
}

/** After a form: the browser asks for the next page, and reloading that sends nothing again. */
export function goTo(visit: Visit, path: string): PageAnswer {
  return {
    status: 303,
    headers: { ...headersFor(visit), Location: path, 'Set-Cookie': visit.setCookies },
    body: '',
  }
}

/** Only the demo's own page frames them, which shows a mailbox beside. */
function headersFor({ demo }: Visit): Readonly<Record<string, string>> {
  if (demo === undefined) return pageHeaders
  const policy = pagePolicy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
  return { ...pageHeaders, 'Content-Security-Policy': policy, 'X-Frame-Options': 'SAMEORIGIN' }
}

const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': pagePolicy,
  'Cache-Control': 'no-store',
  // within the pages only: with none at all browsers call the origin of a form "null"
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const
