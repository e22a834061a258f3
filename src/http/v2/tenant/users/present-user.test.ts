import { describe, expect, it } from 'vitest'
import type { UserView } from '../../../../store/store.ts'
import { presentUser } from './present-user.ts'

const minimal: UserView = {
  tenantId: 't',
  id: '20201028102749564-9082-DC8CD2722',
  userName: 'alice',
  name: 'Alice',
  email: undefined,
  contactChangedAt: {},
  mobile: undefined,
  organizationId: undefined,
  relations: [],
  language: undefined,
  timeZone: undefined,
  frozenAt: undefined,
  profile: {},
  extension: {},
  administratorRole: undefined,
  disabled: false,
  mustChangePassword: false,
  passwordChangedAt: undefined,
  lastSignInAt: undefined,
  lastSignInAddress: undefined,
  createdAt: Date.parse('2020-10-28T02:27:49.564Z'),
  updatedAt: Date.parse('2020-10-28T16:00:00.000Z'),
  locked: false,
}

describe('presentUser', () => {
  it('leaves out what a user does not have', () => {
    expect(presentUser(minimal, 'Asia/Shanghai')).toEqual({
      user_id: '20201028102749564-9082-DC8CD2722',
      user_name: 'alice',
      name: 'Alice',
      pwd_must_modify: false,
      disabled: false,
      locked: false,
      grade: 1,
      created_at: '2020-10-28 10:27:49.564',
      updated_at: '2020-10-29 00:00:00.000',
      user_org_relation_list: [],
      extension: {},
    })
  })

  it('writes everything a user has, under the names of the contract', () => {
    const full = presentUser(
      {
        ...minimal,
        email: 'alice@acme.example',
        mobile: '+86-13800000001',
        organizationId: 'org-1',
        profile: { attr_gender: 'female', employee_id: 'E1' },
        extension: { shoe_size: 42 },
        mustChangePassword: true,
        disabled: true,
        locked: true,
        passwordChangedAt: 0,
        lastSignInAt: 1,
        lastSignInAddress: '192.0.2.1',
      },
      'UTC',
    )
    expect(full).toMatchObject({
      org_id: 'org-1',
      mobile: '+86-13800000001',
      email: 'alice@acme.example',
      attr_gender: 'female',
      employee_id: 'E1',
      pwd_must_modify: true,
      disabled: true,
      locked: true,
      pwd_change_at: '1970-01-01 00:00:00.000',
      last_login_at: '1970-01-01 00:00:00.001',
      last_login_ip: '192.0.2.1',
      user_org_relation_list: [{ org_id: 'org-1', relation_type: 1 }],
      extension: { shoe_size: 42 },
    })
  })
})
