import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  applyText,
  changeLines,
  createApplyTools,
  problemLines,
} from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import type { Store } from '../../store/store.ts'
import type { ApplyCall } from './apply-tenant-file.ts'
import { readConfiguration } from './tenant-plan.ts'

describeEachDatabase('bundles of permissions in a tenant file', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  function company(store: () => Store = () => database.store) {
    const code = `t-${randomUUID()}`
    const apply = (lines: string, call: Partial<ApplyCall> = {}) =>
      applyText(createApplyTools(store()), `tenant: { code: ${code} }\n${lines}`, call)
    const stored = async () => {
      const { applications, permissionBundles } = await readConfiguration(database.store.read, code)
      return {
        bundles: permissionBundles.map((row) => [row.code, row.name, row.permissions]),
        applications: applications.map((row) => [row.clientId, row.grants, row.permissions]),
      }
    }
    const actions = async () => {
      const { tenant } = await readConfiguration(database.store.read, code)
      const rows = await database.store.read.audit.list(tenant?.id ?? '', 100)
      return rows.filter((row) => row.targetKind === 'permission_bundle').toReversed()
    }
    return { apply, stored, actions }
  }

  const desk = (keys: string) =>
    `applications: [ { name: Desk, client_id: desk, client_secret: "a-secret-of-the-desk-1"${keys} } ]\n`
  const bundle = (permissions: string, more = '') =>
    `permission_bundles: [ { code: helpdesk, permissions: [${permissions}]${more} } ]\n`

  it('grant what they hold, together with built-in codes, and each code once', async () => {
    const { apply, stored } = company()
    const done = await apply(
      bundle('user_read, user_reset', ', name: Help desk') +
        desk(', permissions: [user_read, helpdesk, org_read]'),
    )
    expect(changeLines(done).slice(1)).toEqual([
      'create permission_bundle helpdesk',
      'create application desk',
    ])
    const grants = { codes: ['user_read', 'org_read'], bundles: ['helpdesk'] }
    expect(await stored()).toEqual({
      bundles: [['helpdesk', 'Help desk', ['user_read', 'user_reset']]],
      applications: [['desk', grants, ['user_read', 'org_read', 'user_reset']]],
    })
  })

  it('are had by reference: a change of one changes what its applications may do, and not them', async () => {
    const { apply, stored, actions } = company()
    await apply(bundle('user_read', ', name: Help desk') + desk(', permissions: [helpdesk]'))
    const dry = await apply(bundle('user_all'), { isDryRun: true })
    expect(changeLines(dry)).toEqual(['update permission_bundle helpdesk: permissions'])
    expect((await stored()).applications).toEqual([['desk', expect.anything(), ['user_read']]])
    const done = await apply(bundle('user_all'))
    expect(changeLines(done)).toEqual(['update permission_bundle helpdesk: permissions'])
    expect(await stored()).toEqual({
      bundles: [['helpdesk', 'Help desk', ['user_all']]],
      applications: [['desk', { codes: [], bundles: ['helpdesk'] }, ['user_all']]],
    })
    expect(changeLines(await apply(bundle('user_all', ', name: null')))).toEqual([
      'update permission_bundle helpdesk: name',
    ])
    expect((await actions()).map(({ action, targetId, detail }) => [action, targetId, detail])).toEqual([
      ['permission_bundle.created', 'helpdesk', {}],
      ['permission_bundle.updated', 'helpdesk', { fields: ['permissions'] }],
      ['permission_bundle.updated', 'helpdesk', { fields: ['name'] }],
    ])
  })

  it('are left alone where the file does not speak of them, and known to it all the same', async () => {
    const { apply, stored } = company()
    await apply(bundle('user_read') + desk(', permissions: [helpdesk]'))
    expect(changeLines(await apply(desk('')))).toEqual([])
    expect(changeLines(await apply(desk(', permissions: [helpdesk]'), { isPruning: true }))).toEqual([])
    const changed = await apply(desk(', permissions: [helpdesk, org_read]'))
    expect(changeLines(changed)).toEqual(['update application desk: permissions'])
    await apply(desk(', permissions: [org_read]'))
    expect((await stored()).applications).toEqual([
      ['desk', { codes: ['org_read'], bundles: [] }, ['org_read']],
    ])
  })

  it.each([
    [
      'an unknown code',
      bundle('user_rest'),
      /^2:\d+ permission_bundles\[0\]\.permissions\[0\] "user_rest" is no built-in permission code: a bundle holds user_all, .* or read, and no other bundle; did you mean user_reset\?$/,
    ],
    [
      'another bundle',
      `permission_bundles:\n  - { code: one, permissions: [read] }\n  - { code: two, permissions: [one] }\n`,
      /^4:\d+ permission_bundles\[1\]\.permissions\[0\] "one" is no built-in permission code: .* and no other bundle$/,
    ],
    ['nothing', bundle(''), /permissions must not be empty$/],
    [
      'a code twice',
      bundle('read, read'),
      /^2:\d+ permission_bundles\[0\]\.permissions\[1\] is the same as permission_bundles\[0\]\.permissions\[0\]/,
    ],
  ])('hold built-in codes, and not %s', async (_what, lines, problem) => {
    expect(problemLines(await company().apply(lines))).toEqual([expect.stringMatching(problem)])
  })

  it.each([
    ['user_read', 'user_read is a built-in permission code: give the bundle another'],
    [
      'Help desk',
      '"Help desk" is no code of a bundle: use lower-case letters, digits, _ and - after a letter',
    ],
    ['User_Read', '"User_Read" is no code of a bundle'],
  ])('have codes of their own, which %s is not', async (code, problem) => {
    const done = await company().apply(`permission_bundles:\n  - { code: ${code}, permissions: [read] }\n`)
    expect(problemLines(done)).toEqual([
      expect.stringContaining(`3:13 permission_bundles[0].code ${problem}`),
    ])
  })

  it('stand in the file once', async () => {
    const twice =
      'permission_bundles:\n  - { code: a, permissions: [read] }\n  - { code: a, permissions: [all] }\n'
    expect(problemLines(await company().apply(twice))).toEqual([
      '4:13 permission_bundles[1].code is the same as permission_bundles[0].code: remove or change one of them',
    ])
  })

  it('are granted only if they are there, and once', async () => {
    const { apply } = company()
    expect(problemLines(await apply(bundle('read') + desk(', permissions: [helpdeks]')))).toEqual([
      expect.stringMatching(
        /^3:\d+ applications\[0\]\.permissions\[0\] "helpdeks" is neither a permission code nor a bundle: write user_all, .* or read, or the code of an entry of permission_bundles; did you mean helpdesk\?$/,
      ),
    ])
    expect(problemLines(await apply(bundle('read') + desk(', permissions: [helpdesk, helpdesk]')))).toEqual([
      expect.stringContaining('permissions[1] is the same as applications[0].permissions[0]'),
    ])
    // the one that cannot be read may be the one that is meant
    expect(problemLines(await apply(bundle('rea') + desk(', permissions: [helpdesk]')))).toHaveLength(1)
  })

  it('go with --prune, but none that an application has', async () => {
    const { apply, stored, actions } = company()
    await apply(bundle('user_read') + desk(', permissions: [helpdesk]'))
    const none = 'permission_bundles: []\n'
    expect(changeLines(await apply(none))).toEqual([])
    for (const isDryRun of [true, false]) {
      for (const lines of [none, none + desk('')]) {
        expect(problemLines(await apply(lines, { isPruning: true, isDryRun }))).toEqual([
          expect.stringMatching(
            /^2:\d+ permission_bundles the bundle helpdesk cannot go: the application desk has it; name it here, or change the application's permissions$/,
          ),
        ])
      }
      const named = await apply(none + desk(', permissions: [helpdesk]'), { isPruning: true, isDryRun })
      expect(problemLines(named)).toEqual([
        expect.stringMatching(
          /^3:\d+ applications\[0\]\.permissions\[0\] helpdesk is a bundle that permission_bundles does not name, so that it would be removed/,
        ),
      ])
    }
    expect((await stored()).bundles).toHaveLength(1)
    const done = await apply(none + desk(', permissions: [org_read]'), { isPruning: true })
    expect(changeLines(done)).toEqual([
      'update application desk: permissions',
      'remove permission_bundle helpdesk',
    ])
    expect((await stored()).bundles).toEqual([])
    expect((await actions()).at(-1)?.action).toBe('permission_bundle.removed')
  })

  it('go together with the application that had them', async () => {
    const { apply, stored } = company()
    await apply(bundle('user_read') + desk(', permissions: [helpdesk]'))
    const done = await apply('permission_bundles: []\napplications: []\n', { isPruning: true })
    expect(changeLines(done)).toEqual(['remove application desk', 'remove permission_bundle helpdesk'])
    expect(await stored()).toEqual({ bundles: [], applications: [] })
  })

  it('make a bound to organisations worth nothing as built-in codes do, whoever is changed', async () => {
    const { apply, stored } = company()
    const bounded = ', permissions: [helpdesk], reset_organizations: [it]'
    const organizations = 'organizations: [ { code: it } ]\n'
    expect(problemLines(await apply(organizations + bundle('read, user_all') + desk(bounded)))).toEqual([
      expect.stringMatching(
        /^4:\d+ applications\[0\]\.reset_organizations reset_organizations bounds nothing beside user_all of the bundle helpdesk: grant user_reset instead of user_all/,
      ),
    ])
    await apply(organizations + bundle('read, user_reset') + desk(bounded))
    expect(problemLines(await apply(bundle('read, user_all')))).toEqual([
      expect.stringMatching(
        /^2:\d+ permission_bundles\[0\]\.permissions reset_organizations of the application desk bounds nothing beside user_all of the bundle helpdesk/,
      ),
    ])
    expect((await stored()).bundles).toEqual([['helpdesk', 'helpdesk', ['read', 'user_reset']]])
  })

  it('are not removed under an application that gets one while apply runs', async () => {
    let before: (() => Promise<unknown>) | undefined
    const { apply, stored } = company(() => ({
      ...database.store,
      async transaction(work) {
        const others = before
        before = undefined
        await others?.()
        return await database.store.transaction(work)
      },
    }))
    await apply(bundle('user_read') + desk(', permissions: [org_read]'))
    before = () => apply(desk(', permissions: [helpdesk]'))
    const done = await apply('permission_bundles: []\n', { isPruning: true })
    expect(problemLines(done)).toEqual([
      expect.stringContaining(
        'somebody else changed applications or permission_bundles while apply ran: run it again',
      ),
    ])
    expect(await stored()).toEqual({
      bundles: [['helpdesk', 'helpdesk', ['user_read']]],
      applications: [['desk', { codes: [], bundles: ['helpdesk'] }, ['user_read']]],
    })
  })
})
