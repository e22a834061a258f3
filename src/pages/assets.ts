import { createHash } from 'node:crypto'
import type { Page, PageRequest } from '../http/page.ts'
import { pageScript } from './script.ts'
import { pageStyle } from './style.ts'

export const STYLE_PATH = '/pages/style.css'
export const SCRIPT_PATH = '/pages/script.js'

/** Kept by browsers, but asked for each time: an upgrade, or another color of the tenant's, shows at once. */
function asset(path: string, type: string, contentFor: (request: PageRequest) => string): Page {
  return {
    method: 'GET',
    path,
    handle: async (request) => {
      const body = contentFor(request)
      const tag = `"${createHash('sha256').update(body).digest('base64url')}"`
      const isKept = request.headers['if-none-match'] === tag
      return {
        status: isKept ? 304 : 200,
        headers: { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-cache', ETag: tag },
        body: isKept ? '' : body,
      }
    },
  }
}

export const assets: readonly Page[] = [
  asset(STYLE_PATH, 'text/css', ({ tenant }) => pageStyle(tenant.settings.pages.color)),
  asset(SCRIPT_PATH, 'text/javascript', () => pageScript),
]
