import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { newCode, useOrganizations } from '../../../../../test/support/organization-fixture.ts'
import { defaultTenantSettings } from '../../../../core/tenants/tenant.ts'

const common = {
  type: 'text',
  isRequired: false,
  isUnique: false,
  lengthMax: undefined,
  pattern: undefined,
} as const
const organizations = [
  { ...common, name: 'category', isRequired: true },
  { ...common, name: 'code', lengthMax: 20 },
  { ...common, name: 'name', pattern: '\\p{Lu}.*' },
  { ...common, name: 'extension.cost_center', isRequired: true, isUnique: true, pattern: '[A-Z0-9-]+' },
]

let number = 0
function complete() {
  number += 1
  return { code: newCode(), name: 'IT', category: 'department', extension: { cost_center: `C-${number}` } }
}

describeEachDatabase('organisations under attribute definitions', (kind) => {
  const fixture = useOrganizations(kind, {
    settings: { ...defaultTenantSettings, attributes: { users: [], organizations } },
  })
  const codeOf = async (method: string, path: string, body: unknown) => {
    const answer = await fixture().call(method, path, body)
    return answer.body.error_code ?? answer.status
  }

  it.each([
    [{ category: undefined }, 'ORG.0011'],
    [{ extension: {} }, 'ORG.9007'],
    [{ extension: { cost_center: '' } }, 'ORG.9007'],
    [{ code: 'x'.repeat(21) }, 'ORG.9002'],
    [{ name: 'it' }, 'ORG.9003'],
    [{ extension: { cost_center: 'c 1' } }, 'ORG.9004'],
    [{ extension: { cost_center: 'C-0', unknown: 1 } }, 'ORG.9004'],
  ])('%j is answered %s', async (body, code) => {
    expect(await codeOf('POST', '', { ...complete(), ...body })).toBe(code)
    const id = await fixture().create(complete())
    const change = Object.fromEntries(Object.entries(body).map(([key, value]) => [key, value ?? null]))
    expect(await codeOf('PUT', `/${id}`, change)).toBe(code)
    expect(await codeOf('PUT', `/${id}`, { name: 'Other' })).toBe(200)
  })

  it('ORG.9008 answers a value that another has; one of many calls at once gets it; removal frees it', async () => {
    const { extension } = complete()
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => fixture().call('POST', '', { ...complete(), extension })),
    )
    const outcomes = answers.map((answer) => answer.body.error_code ?? answer.status)
    expect(outcomes.toSorted()).toEqual([201, 'ORG.9008', 'ORG.9008', 'ORG.9008'])
    const id = await fixture().create(complete())
    expect(await codeOf('PUT', `/${id}`, { extension })).toBe('ORG.9008')
    const holder = answers.find((answer) => answer.status === 201)
    await fixture().call('DELETE', `/${String(holder?.body.org_id)}`)
    expect(await codeOf('PUT', `/${id}`, { extension })).toBe(200)
  })
})
