import { describe, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { newMobile, newUserName, useUsers } from '../../../../../test/support/user-fixture.ts'
import type { AttributeDefinition } from '../../../../core/attributes/attribute-definition.ts'
import { defaultTenantSettings } from '../../../../core/tenants/tenant.ts'

const define = (name: string, change: Partial<AttributeDefinition> = {}): AttributeDefinition => ({
  name,
  type: 'text',
  isRequired: false,
  isUnique: false,
  lengthMax: undefined,
  pattern: undefined,
  ...change,
})

const users = [
  define('mobile', { isRequired: true, pattern: '\\+86-.*' }),
  define('email', { isRequired: true }),
  define('name', { isRequired: true, lengthMax: 10 }),
  define('employee_id', { isRequired: true, isUnique: true, pattern: 'E-\\d{1,9}', lengthMax: 8 }),
  define('attr_city', { pattern: '(a+)+' }),
  define('extension.badge', { type: 'integer', isUnique: true }),
  define('extension.started', { type: 'date' }),
  define('extension.remote', { type: 'boolean' }),
  define('extension.share', { type: 'number' }),
  define('extension.desk', { lengthMax: 3 }),
]

let number = 0
function complete() {
  number += 1
  return {
    user_name: newUserName(),
    name: 'Alice',
    mobile: newMobile(),
    email: `${newUserName()}@acme.example`,
    employee_id: `E-${number}`,
  }
}

describeEachDatabase('users under attribute definitions', (kind) => {
  const fixture = useUsers(kind, {
    settings: { ...defaultTenantSettings, attributes: { users, organizations: [] } },
  })
  const post = (body: unknown) => fixture().call('POST', '', body)
  const codeOf = async (method: string, path: string, body: unknown) => {
    const answer = await fixture().call(method, path, body)
    return [answer.body.error_code ?? answer.status, answer.headers.get('x-error-detail')]
  }

  it('201 and 200: what is as defined is taken', async () => {
    const extension = { badge: 7, started: '2024-02-29', remote: false, share: 0.5, desk: 'a💥b' }
    const answer = await post({ ...complete(), attr_city: 'aaa', extension })
    expect(answer.status).toBe(201)
    const id = String(answer.body.user_id)
    expect((await fixture().get(id)).extension).toEqual(extension)
    expect(await codeOf('PUT', `/${id}`, { extension: { badge: 8 } })).toEqual([200, null])
  })

  it.each([
    ['mobile', 'USER.0011'],
    ['email', 'USER.0012'],
    ['name', 'USER.9007'],
    ['employee_id', 'USER.9007'],
  ])('without a %s: %s answers creation and removal, not another change', async (field, code) => {
    if (field !== 'name') {
      // the name of a user who has none is the user name, and of more characters than may be
      expect(await codeOf('POST', '', { ...complete(), [field]: undefined })).toEqual([code, field])
      expect(await codeOf('POST', '', { ...complete(), [field]: '' })).toEqual([code, field])
      const id = await fixture().create(complete())
      expect(await codeOf('PUT', `/${id}`, { [field]: null })).toEqual([code, field])
    }
    const { id } = await fixture().seed({
      [field === 'employee_id' ? 'profile' : field]:
        field === 'employee_id' ? {} : field === 'name' ? 'Much too long a name' : undefined,
    })
    expect(await codeOf('PUT', `/${id}`, { first_name: 'A' })).toEqual([200, null])
  })

  it.each([
    [{ employee_id: 'X-1' }, 'employee_id'],
    [{ employee_id: 'E-1234567' }, 'employee_id'],
    [{ name: 'x'.repeat(11) }, 'name'],
    [{ attr_city: `${'a'.repeat(200)}b` }, 'attr_city'],
    [{ extension: { badge: '7' } }, 'extension.badge'],
    [{ extension: { badge: 7.5 } }, 'extension.badge'],
    [{ extension: { started: '2023-02-29' } }, 'extension.started'],
    [{ extension: { remote: 'true' } }, 'extension.remote'],
    [{ extension: { share: '1' } }, 'extension.share'],
    [{ extension: { desk: 'abcd' } }, 'extension.desk'],
    [{ extension: { unknown: 1 } }, 'extension'],
  ])('USER.9005 answers %j', async (body, field) => {
    expect(await codeOf('POST', '', { ...complete(), ...body })).toEqual(['USER.9005', field])
    const id = await fixture().create(complete())
    expect(await codeOf('PUT', `/${id}`, body)).toEqual(['USER.9005', field])
  })

  it('USER.0038 answers a mobile number that is not as defined', async () => {
    const body = { ...complete(), mobile: '+49-15112345678' }
    expect(await codeOf('POST', '', body)).toEqual(['USER.0038', 'mobile'])
  })

  describe('USER.9008', () => {
    it('answers a value that another user has, whatever its case; it is free when the user gives it up or goes', async () => {
      const { create, call } = fixture()
      const first = complete()
      const id = await create({ ...first, extension: { badge: 100 } })
      const taken = { ...complete(), employee_id: first.employee_id }
      expect(await codeOf('POST', '', taken)).toEqual(['USER.9008', 'employee_id'])
      const other = await create(complete())
      const badge = { extension: { badge: 100 } }
      expect(await codeOf('PUT', `/${other}`, badge)).toEqual(['USER.9008', 'extension.badge'])
      expect(await codeOf('PUT', `/${id}`, { ...badge, first_name: 'A' })).toEqual([200, null])
      await call('PUT', `/${id}`, { extension: { badge: null } })
      expect(await codeOf('PUT', `/${other}`, badge)).toEqual([200, null])
      await call('DELETE', `/${id}`)
      expect((await post(taken)).status).toBe(201)
    })

    it('lets one of many calls at once have a value', async () => {
      const value = complete().employee_id
      const ids = await Promise.all([1, 2, 3].map(() => fixture().create(complete())))
      const answers = await Promise.all([
        ...[1, 2, 3].map(() => post({ ...complete(), employee_id: value })),
        ...ids.map((id) => fixture().call('PUT', `/${id}`, { employee_id: value })),
      ])
      const outcomes = answers.map((answer) => answer.body.error_code ?? 'done')
      expect(outcomes.toSorted()).toEqual([...Array(5).fill('USER.9008'), 'done'])
    })
  })
})
