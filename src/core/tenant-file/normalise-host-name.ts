const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`)

/** A host name (or IPv4 address) without port, lower case as requests are compared; undefined: it is none. */
export function normaliseHostName(text: string): string | undefined {
  const lower = text.toLowerCase()
  return lower.length <= 253 && HOST_NAME.test(lower) ? lower : undefined
}
