import type { Html } from './html.ts'

/** What differs from page to page. */
export interface PageContent {
  /** Of the browser's window, and heading of the page. */
  readonly title: string
  readonly body: Html
  /** For more than one thing to do. */
  readonly isWide?: boolean
  /** Below the heading, small: whom it is about. */
  readonly subtitle?: string | undefined
}
