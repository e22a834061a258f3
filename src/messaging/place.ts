/** Where a value is put: what must be escaped there so that it is read as it is. */
export type Place = 'text' | 'html' | 'json' | 'url' | 'line'

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeFor: Readonly<Record<Place, (text: string) => string>> = {
  /** Plain text and SMS: escaping there would change the password. */
  text: (text) => text,
  html: (text) => text.replace(/[&<>"']/g, (character) => htmlEntities[character] ?? character),
  /** Inside the quotes of a JSON string. */
  json: (text) => JSON.stringify(text).slice(1, -1),
  /** URLs and forms; RFC 3986 beyond what encodeURIComponent escapes. */
  url: (text) =>
    encodeURIComponent(text.toWellFormed()).replace(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  /** Header values and subjects: one line. */
  line: (text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '),
}
