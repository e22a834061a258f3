/** Markup that is safe to send: everything in it that came from elsewhere has been escaped. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in markup: text is escaped, markup is not, and what is missing leaves nothing. */
export type HtmlValue = string | number | Html | undefined | false | readonly HtmlValue[]

/**
 * Markup with values in it: html`<p title="${name}">${text}</p>`. Values may stand in text and in quoted attributes, and
 * nowhere else: not in the name of a tag or attribute, nor in scripts, styles or comments.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(
    parts.map((part, index) => (index === 0 ? part : escapeValue(values[index - 1]) + part)).join(''),
  )
}

function escapeValue(value: HtmlValue): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return String(value)
  if (value === undefined || value === false) return ''
  return value.map(escapeValue).join('')
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')
}
