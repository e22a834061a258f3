import { normaliseKey } from '../users/normalise-key.ts'
import type { PlaceFinder } from '../users/place-user.ts'

/**
 * The same answers, each asked for once: the rows of a batch name few organisations. What is locked stays so until the
 * transaction ends.
 */
export function rememberPlaces(finder: PlaceFinder): PlaceFinder {
  const idByKey = new Map<string, string | undefined>()
  const kept = new Map<string, Promise<boolean>>()
  let root: Promise<string | undefined> | undefined
  return {
    async findIds(tenantId, codes) {
      const keys = codes.map(normaliseKey)
      const unknown = [...new Set(keys.filter((key) => !idByKey.has(key)))]
      if (unknown.length > 0) {
        const found = await finder.findIds(tenantId, unknown)
        for (const key of unknown) {
          idByKey.set(key, found.get(key))
        }
      }
      return new Map(
        keys.flatMap((key): [string, string][] => {
          const id = idByKey.get(key)
          return id === undefined ? [] : [[key, id]]
        }),
      )
    },

    findFirstRoot(tenantId) {
      root ??= finder.findFirstRoot(tenantId)
      return root
    },

    lockForMember(tenantId, organizationId) {
      const locked = kept.get(organizationId) ?? finder.lockForMember(tenantId, organizationId)
      kept.set(organizationId, locked)
      return locked
    },
  }
}
