import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { applyText, createApplyTools } from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { useSignIn } from '../../../test/support/sign-in-fixture.ts'
import type { ApplyTools } from '../tenant-file/apply-tools.ts'
import { noticeContext } from './notice.ts'

describeEachDatabase('a notice', (kind) => {
  const fixture = useSignIn(kind)

  async function noticesOf(userId: string): Promise<readonly unknown[]> {
    const rows = await fixture().database.query(
      'select event, channel from notices where user_id = $1 order by id',
      [userId],
    )
    return rows.map(({ event, channel }) => `${event} ${channel}`)
  }

  it('is written when an employee chose a password, and not when the old one was wrong', async () => {
    const { user: newUser, stateToken, reset, update } = fixture()
    const user = await newUser({ mobile: undefined })
    const delivered = await reset(user, 'accepted')
    const token = await stateToken(user.userName, delivered.password)
    const chosen = `Chosen-${randomUUID()}`
    await expect(update(token, 'wrong', chosen)).rejects.toMatchObject({ code: 'PWD.9001' })
    expect(await noticesOf(user.id)).toEqual([])
    await update(token, delivered.password, chosen)
    expect(await noticesOf(user.id)).toEqual(['password-changed EMAIL'])
  })

  it('is written when a password of unknown fate is used for the first time, to the other contact alone', async () => {
    const { user: newUser, stateToken, reset, database } = fixture()
    const user = await newUser()
    const unknown = await reset(user, 'unknown')
    await database.query("update resets set send_mode = 'SMS' where id = $1", [unknown.id])
    await stateToken(user.userName, unknown.password)
    expect(await noticesOf(user.id)).toEqual(['password-changed EMAIL'])
    const byMail = await reset(user, 'unknown')
    await stateToken(user.userName, byMail.password)
    expect(await noticesOf(user.id)).toHaveLength(1)
  })
})

describeEachDatabase('a notice of apply', (kind) => {
  let database: TestDatabase
  let tools: ApplyTools
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    tools = createApplyTools(database.store)
  })
  afterAll(() => database.close())

  const fileOf = (code: string, users: string, more = '') =>
    `tenant: { code: ${code} }\n${more}\nusers:\n${users}`

  /** `user event contact → address`, in order. */
  async function written(): Promise<readonly string[]> {
    const rows = await database.query(
      `select notices.*, users.user_name from notices
       join users on users.tenant_id = notices.tenant_id and users.id = notices.user_id`,
      [],
    )
    await database.query('delete from notices', [])
    return rows
      .map((row) => {
        const key = { tenantId: String(row.tenant_id), id: String(row.id) }
        const address = tools.seal.open(String(row.destination_sealed), noticeContext(key)).reveal()
        const { contact } = JSON.parse(String(row.variables_json)) as { contact: string }
        return `${row.user_name} ${row.event} ${contact} → ${address}`
      })
      .toSorted()
  }

  it('goes to the old address, or to the other contact where there was none', async () => {
    const code = `t-${randomUUID()}`
    await applyText(tools, fileOf(code, '  - { user_name: ann, email: ann@old.example }'))
    expect(await written()).toEqual([])
    const changed = '  - { user_name: ann, email: ann@new.example, mobile: "+86-13800000001" }'
    await applyText(tools, fileOf(code, changed))
    expect(await written()).toEqual([
      'ann contact-changed EMAIL → ann@old.example',
      'ann contact-changed SMS → ann@old.example',
    ])
    await applyText(tools, fileOf(code, changed))
    expect(await written()).toEqual([])
  })

  it('is written once for each of two users who exchange addresses', async () => {
    const code = `t-${randomUUID()}`
    const users = (first: string, second: string) =>
      `  - { user_name: bea, email: ${first}@x.example }\n  - { user_name: cid, email: ${second}@x.example }`
    await applyText(tools, fileOf(code, users('one', 'two')))
    await applyText(tools, fileOf(code, users('two', 'one')))
    expect(await written()).toEqual([
      'bea contact-changed EMAIL → one@x.example',
      'cid contact-changed EMAIL → two@x.example',
    ])
  })

  it('is not written where the tenant says so', async () => {
    const code = `t-${randomUUID()}`
    const off = 'notices: { contact_changed: false }'
    await applyText(tools, fileOf(code, '  - { user_name: dan, email: dan@old.example }', off))
    await applyText(tools, fileOf(code, '  - { user_name: dan, email: dan@new.example }', off))
    expect(await written()).toEqual([])
  })
})
