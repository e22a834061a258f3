import type { Route } from './route.ts'

/**
 * Methods that a path takes, for `Allow`; empty: nothing is at this path. Meant for requests that matched no
 * route.
 */
export type AllowedMethods = (path: string) => readonly string[]

export function createAllowedMethods(
  routes: readonly Pick<Route, 'method' | 'path' | 'aliases'>[],
): AllowedMethods {
  const known = routes.flatMap((each) =>
    [each.path, ...(each.aliases ?? [])].map((path) => ({ method: each.method, segments: path.split('/') })),
  )
  return (path) => {
    const segments = path.split('/')
    const methods = known.filter((each) => matches(each.segments, segments)).map(({ method }) => method)
    // every GET route answers HEAD too
    const all = methods.includes('GET') ? [...methods, 'HEAD'] : methods
    return [...new Set(all)].toSorted()
  }
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((segment, index) => segment.startsWith(':') || segment === segments[index])
  )
}
