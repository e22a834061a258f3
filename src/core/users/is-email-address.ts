const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const ADDRESS = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+${LABEL}$`)

/**
 * Whether every mail server takes this as an address: RFC 5321's dot-atoms at a host name with a dot, within its
 * lengths. Quoted local parts, address literals, comments and letters beyond ASCII are refused: gateways differ on them.
 */
export function isEmailAddress(text: string): boolean {
  const localLength = text.lastIndexOf('@')
  return text.length <= 254 && localLength <= 64 && ADDRESS.test(text)
}
