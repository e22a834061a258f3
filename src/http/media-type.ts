/** What a body claims to be. Undefined: nothing that is taken here. */
export type BodyKind = 'json' | 'form'

/**
 * Reads `Content-Type`. A missing one counts as JSON; JSON is UTF-8 (RFC 8259), and the spelling `utf8` that
 * some clients of the contract send is taken too.
 */
export function bodyKindOf(contentType: string | undefined): BodyKind | undefined {
  if (contentType === undefined || contentType.trim() === '') return 'json'
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  const charsets = parameters.filter((parameter) => /^\s*charset\b/.test(parameter))
  if (!charsets.every((charset) => /^\s*charset\s*=\s*"?utf-?8"?\s*$/.test(charset))) return undefined
  if (type.trim() === 'application/json') return 'json'
  return type.trim() === 'application/x-www-form-urlencoded' ? 'form' : undefined
}
