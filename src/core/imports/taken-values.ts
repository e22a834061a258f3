import { ApiError } from '../../errors/api-error.ts'
import type { Repositories } from '../../store/store.ts'
import type { AttributeDefinition } from '../attributes/attribute-definition.ts'
import { uniqueValues } from '../attributes/check-attributes.ts'
import { userValues } from '../users/check-defined.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { User } from '../users/user.ts'

/** Whose the values are that no two users share, as far as they were looked up; rows that were settled since count. */
export interface TakenValues {
  /** Reads who has the values of these users. What was settled since stays so. */
  lookUp(users: readonly User[]): Promise<void>
  ownerOfName(userName: string): string | undefined
  /** The values of `after` are its user's, and those of `before` are free. @throws ApiError USER.9002, 9003, 9004, 9008 */
  take(after: User, before: User | undefined): void
}

const contactKinds = [
  { kind: 'userName', code: 'USER.9002', field: 'user_name' },
  { kind: 'mobile', code: 'USER.9003', field: 'mobile' },
  { kind: 'email', code: 'USER.9004', field: 'email' },
] as const

/**
 * Call `lookUp` after the time of the change was claimed: then nobody else takes or frees a value before the transaction
 * ends, and the index has no reason to say no.
 */
export function createTakenValues(
  repositories: Pick<Repositories, 'users' | 'uniqueAttributes'>,
  tenantId: string,
  definitions: readonly AttributeDefinition[],
): TakenValues {
  /** `undefined` as a value: it was freed. */
  const owners = new Map<string, string | undefined>()
  const unique = definitions.filter(({ isUnique }) => isUnique)

  const learn = (kind: string, found: ReadonlyMap<string, string>) => {
    for (const [key, owner] of found) {
      const place = placeOf(kind, key)
      if (!owners.has(place)) {
        owners.set(place, owner)
      }
    }
  }

  return {
    async lookUp(users) {
      const { users: stored, uniqueAttributes } = repositories
      for (const { kind } of contactKinds) {
        const keys = users.map((user) => keyOf(user, kind)).filter((key) => key !== undefined)
        learn(kind, await stored.findOwners(tenantId, kind, keys))
      }
      const values = users.flatMap((user) => uniqueValues(unique, userValues(user)))
      for (const { name } of unique) {
        const keys = values.filter(({ attribute }) => attribute === name).map(({ valueKey }) => valueKey)
        learn(name, await uniqueAttributes.findOwners({ tenantId, kind: 'users' }, name, keys))
      }
    },

    ownerOfName: (userName) => owners.get(placeOf('userName', normaliseKey(userName))),

    take(after, before) {
      const [wanted, had] = [placesOf(after, unique), before === undefined ? [] : placesOf(before, unique)]
      for (const { place, error } of wanted) {
        const owner = owners.get(place)
        if (owner !== undefined && owner !== after.id) {
          throw error()
        }
      }
      for (const { place } of had) {
        owners.set(place, undefined)
      }
      for (const { place } of wanted) {
        owners.set(place, after.id)
      }
    },
  }
}

interface Place {
  readonly place: string
  readonly error: () => ApiError
}

function placesOf(user: User, unique: readonly AttributeDefinition[]): readonly Place[] {
  const own = contactKinds.flatMap(({ kind, code, field }): Place[] => {
    const key = keyOf(user, kind)
    return key === undefined
      ? []
      : [{ place: placeOf(kind, key), error: () => new ApiError(code, { detail: field }) }]
  })
  const values = uniqueValues(unique, userValues(user)).map(({ attribute, valueKey }): Place => {
    const error = () => new ApiError('USER.9008', { params: [attribute], detail: attribute })
    return { place: placeOf(attribute, valueKey), error }
  })
  return [...own, ...values]
}

function keyOf(user: User, kind: 'userName' | 'email' | 'mobile'): string | undefined {
  switch (kind) {
    case 'userName':
      return normaliseKey(user.userName)
    case 'email':
      return user.email === undefined ? undefined : normaliseKey(user.email)
    case 'mobile':
      return user.mobile
  }
}

function placeOf(kind: string, key: string): string {
  return `${kind}\n${key}`
}
