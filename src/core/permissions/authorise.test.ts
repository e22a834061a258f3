import { describe, expect, it } from 'vitest'
import { authorise } from './authorise.ts'
import { type PermissionCode, permissionCodes } from './permission-codes.ts'

const groups = ['user', 'org', 'account', 'app_org'] as const

function refusal(granted: readonly PermissionCode[], needed: PermissionCode): string {
  try {
    authorise(granted, needed)
    return 'allowed'
  } catch (error) {
    return String((error as { params: readonly string[] }).params[0])
  }
}

describe('authorise', () => {
  it.each(groups)('lets writes of %s through for its own all and for all, and for nothing else', (group) => {
    const sufficient = permissionCodes.filter((code) => refusal([code], `${group}_all`) === 'allowed')
    expect(sufficient.toSorted()).toEqual([`${group}_all`, 'all'].toSorted())
  })

  it.each(groups)(
    'lets reads of %s through for its own codes, all and read, and for nothing else',
    (group) => {
      const sufficient = permissionCodes.filter((code) => refusal([code], `${group}_read`) === 'allowed')
      expect(sufficient.toSorted()).toEqual([`${group}_all`, `${group}_read`, 'all', 'read'].toSorted())
    },
  )

  it('lets a reset through for its own code, writes of users and all, and lets its code do nothing else', () => {
    const sufficient = permissionCodes.filter((code) => refusal([code], 'user_reset') === 'allowed')
    expect(sufficient.toSorted()).toEqual(['all', 'user_all', 'user_reset'])
    const allowed = permissionCodes.filter((needed) => refusal(['user_reset'], needed) === 'allowed')
    expect(allowed).toEqual(['user_reset'])
  })

  it('refuses an application without permissions, and names what would do', () => {
    expect(refusal([], 'user_read')).toBe('user_all, user_read, all, read')
    expect(refusal([], 'user_all')).toBe('user_all, all')
  })
})
