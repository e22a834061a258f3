import type { User } from './user.ts'

/** What a new user has of everything that whoever makes them does not say. */
export const blankUser: Omit<User, 'tenantId' | 'id' | 'userName' | 'name' | 'createdAt' | 'updatedAt'> = {
  email: undefined,
  mobile: undefined,
  contactChangedAt: {},
  organizationId: undefined,
  relations: [],
  language: undefined,
  timeZone: undefined,
  profile: {},
  extension: {},
  administratorRole: undefined,
  disabled: false,
  mustChangePassword: false,
  passwordChangedAt: undefined,
  lastSignInAt: undefined,
  lastSignInAddress: undefined,
  frozenAt: undefined,
}
