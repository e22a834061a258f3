const invisible =
  /<!--[\s\S]*?(?:-->|$)|<(script|style|title|template|textarea|noscript)\b[\s\S]*?(?:<\/\1\s*>|$)/gi
// a quoted attribute may hold a >
const tag = /<\/?[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>|<![^>]*>/gi

/** What a reader sees of HTML, still with its entities: comments, styles and tags with their attributes left out. */
export function visibleText(html: string): string {
  return html.replace(invisible, '').replace(tag, '')
}
