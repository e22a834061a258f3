/**
 * `postgres://user@a:5432,b:5433/name` as one address for each host, in the order given; an address with one host stays
 * as it is. A host without a port gets PostgreSQL's default.
 */
export function splitHosts(url: string): readonly string[] {
  const [, start, hosts, rest] = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^/?#]*)(.*)$/s.exec(url) ?? []
  if (start === undefined || hosts === undefined || !hosts.includes(',')) {
    return [url]
  }
  return hosts.split(',').map((host) => `${start}${host}${rest}`)
}
