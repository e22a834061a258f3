import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/support/databases.ts'
import { startApp, type TestApp } from '../../../test/support/start-app.ts'
import type { AttributeDefinition } from '../attributes/attribute-definition.ts'
import { blankUser } from '../users/blank-user.ts'
import { profileFields } from '../users/profile-fields.ts'

import { exportUsers } from './export-users.ts'
import { importFile } from './import-file.ts'
import { readUserFile } from './read-users.ts'
import { startImport } from './start-import.ts'
import type { UserImport } from './user-import.ts'

/** What spreadsheets, CSV and our own marks could trip over. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      "'",
      '"',
      '\\',
      'N',
      ',',
      ';',
      'a',
      '张',
      ' ',
      '\n',
      '\r',
      '\t',
    ),
    minLength: 1,
    maxLength: 6,
  }),
  fc.constantFrom('\\N', '\\\\N', 'json:1', 'true', '12', "'=1", "'t Hooft", '-', '"=1', '=1+1', '\uFF1D1'),
)
/** As names may be. */
const name = hostile.map(
  (text) =>
    text
      .replace(/[\p{Cc}]/gu, '')
      .toWellFormed()
      .trim() || 'x',
)
const extensionValue = fc.oneof(
  hostile.map((text) => text.toWellFormed().replaceAll('\0', '')),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number || 0),
  fc.boolean(),
  fc.array(fc.oneof(name, fc.integer()), { maxLength: 2 }),
)

const definitions: readonly AttributeDefinition[] = []

describeEachDatabase('an export of users', (kind) => {
  let test: TestApp
  beforeAll(async () => {
    test = await startApp(kind)
  })
  afterAll(() => test.close())

  async function exportText(): Promise<string> {
    let text = ''
    for await (const page of exportUsers(test.database.store, {
      tenant: test.tenant,
      organizationId: undefined,
    })) {
      text += page.text
    }
    return text
  }

  async function importText(text: string, isUpdate: boolean): Promise<UserImport> {
    const by = { tenant: test.tenant, applicationId: undefined, requestId: randomUUID() }
    const { importTools } = test.app
    const options = {
      isUpdate,
      sendMode: undefined,
      perMinute: 60,
      rowsTotal: undefined,
      fingerprint: undefined,
    }
    const userImport = await startImport(importTools, { ...options, by })
    async function* chunks() {
      yield Buffer.from(text)
    }
    const { rows } = await readUserFile(chunks(), definitions)
    const call = { by, userImport, rows, isStopping: () => false, onBatch: () => undefined }
    return await importFile(importTools, call)
  }

  const users = async () =>
    await test.database.store.read.users.listWithCredentials(test.tenant.id, undefined, 1_000)

  it('changes nothing when it is imported, whatever users hold', async () => {
    let number = 0
    const user = fc.record({
      name,
      profile: fc.dictionary(fc.constantFrom(...profileFields.slice(0, 8)), name, { maxKeys: 4 }),
      extension: fc.dictionary(name, extensionValue, { maxKeys: 3 }),
      disabled: fc.boolean(),
      mustChangePassword: fc.boolean(),
      hasMobile: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(user, { minLength: 1, maxLength: 4 }), async (made) => {
        for (const { hasMobile, ...given } of made) {
          number += 1
          const { credential } = await test.addUser()
          await test.database.store.transaction(({ users: stored }) =>
            stored.insert({
              ...blankUser,
              ...given,
              ...{
                tenantId: test.tenant.id,
                id: randomUUID(),
                userName: `=round-${number}`,
                createdAt: 1,
                updatedAt: 1,
              },
              email: `+round-${number}@acme.example`,
              mobile: hasMobile ? `+86-135${String(number).padStart(8, '0')}` : undefined,
              credential,
            }),
          )
        }
        const [before, text] = [await users(), await exportText()]
        const imported = await importText(text, true)
        expect(imported.counts).toEqual({ created: 0, updated: 0, unchanged: before.length, failed: 0 })
        expect(await users()).toEqual(before)
        expect(await exportText()).toBe(text)
        await test.database.query('delete from users')
        expect((await importText(text, false)).counts).toMatchObject({ created: before.length, failed: 0 })
        expect((await exportText()).split('\r\n').toSorted()).toEqual(text.split('\r\n').toSorted())
        await test.database.query('delete from users')
      }),
      { numRuns: 25 },
    )
  }, 120_000)
})
