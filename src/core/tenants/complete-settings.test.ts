import { expect, it } from 'vitest'
import { completeSettings } from './complete-settings.ts'
import { defaultTenantSettings } from './tenant.ts'

it('gives settings that an earlier release stored the defaults of what came since, and keeps what they say', () => {
  const { administratorContactQuarantineHours: _, ...reset } = defaultTenantSettings.reset
  const stored = {
    passwordPolicy: { lengthMin: 20 },
    reset: { ...reset, sendModes: ['SMS'], contactQuarantineHours: 0 },
  }
  const completed = completeSettings(stored)
  expect(completed.passwordPolicy).toEqual({ ...defaultTenantSettings.passwordPolicy, lengthMin: 20 })
  expect(completed.reset).toEqual({ ...defaultTenantSettings.reset, sendModes: ['SMS'] })
  expect(completed.signIn).toEqual(defaultTenantSettings.signIn)
})

it('leaves complete settings as they are, also what this release does not know', () => {
  const settings = { ...defaultTenantSettings, later: { key: 1 } }
  expect(completeSettings(settings)).toEqual(settings)
})
