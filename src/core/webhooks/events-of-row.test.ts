import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { actionsWithEvents, eventsOfRow } from './events-of-row.ts'
import { isWanted, webhookEventNames, webhookEventPatterns, webhookEvents } from './webhook-event.ts'

const row = (action: string, detail: object, change: Partial<Parameters<typeof eventsOfRow>[0]> = {}) => ({
  ...{ id: 'row-1', at: 1, action, actorKind: 'application', actorId: 'app-1' },
  ...{ targetKind: 'user', targetId: 'u1', detailJson: JSON.stringify(detail), ...change },
})
const ofReset = { targetKind: 'reset', targetId: 'r1' } as const

describe('the events of an audit row', () => {
  it.each([
    ['user.created', {}, {}, ['user.created']],
    ['user.removed', {}, {}, ['user.deleted']],
    ['user.disabled', { voidedPassword: true }, {}, ['user.disabled', 'credential.voided']],
    ['sign_in.locked', {}, {}, ['user.locked']],
    ['second_factor.locked', {}, {}, ['user.locked']],
    ['password.change_failed', { reason: 'wrong_password_locked' }, {}, ['user.locked']],
    ['password.change_failed', { reason: 'wrong_password' }, {}, []],
    ['password.changed', {}, {}, ['credential.changed']],
    ['reset.prepared', { userId: 'u1' }, ofReset, ['reset.requested']],
    [
      'reset.prepared',
      { userId: 'u1', voidedPassword: true },
      ofReset,
      ['reset.requested', 'credential.voided'],
    ],
    ['reset.accepted', { userId: 'u1', endedSessions: 0 }, ofReset, ['reset.accepted', 'credential.changed']],
    ['reset.accepted', { userId: 'u1', promoted: false }, ofReset, ['reset.accepted']],
    ['reset.used', { userId: 'u1' }, ofReset, ['reset.used']],
    [
      'reset.disowned',
      { userId: 'u1', wasDisabled: false, voidedPassword: true },
      ofReset,
      ['reset.disowned'],
    ],
    [
      'password.disowned',
      { userId: 'u1', wasDisabled: true, voidedPassword: true },
      {},
      ['credential.disowned', 'credential.voided'],
    ],
    ['token.issued', {}, {}, []],
  ])('%s with %j is %j', (action, detail, change, expected) => {
    expect(eventsOfRow(row(action, detail, change)).map(({ event }) => event)).toEqual(expected)
  })

  it('tells nobody of a lock on a name that nobody has', () => {
    expect(eventsOfRow(row('sign_in.locked', {}, { targetId: undefined }))).toEqual([])
  })

  it('says who and whose doing it was, in ids and words', () => {
    const detail = { supersededResets: ['r0'], endedSessions: 1, fields: ['email'], password: 'secret' }
    const [event] = eventsOfRow(row('password.changed', detail, { requestId: 'request-1' }))
    expect(event?.data).toEqual({
      audit_id: 'row-1',
      user_id: 'u1',
      by: 'application',
      fields: ['email'],
      superseded_reset_ids: ['r0'],
      actor: { kind: 'application', id: 'app-1' },
      request_id: 'request-1',
    })
    const own = eventsOfRow(row('password.changed', {}, { actorKind: 'user', actorId: 'u1' }))
    expect(own[0]?.data.by).toBe('self')
    const promoted = eventsOfRow(row('reset.used', { userId: 'u1', endedSessions: 1 }, ofReset))
    expect(promoted.map(({ data }) => [data.user_id, data.reset_id, data.by])).toEqual([
      ['u1', 'r1', undefined],
      ['u1', 'r1', 'reset'],
    ])
  })
})

describe('the names of events', () => {
  it('can all be asked for by name, by group and altogether', () => {
    for (const name of webhookEventNames) {
      const group = `${name.split('.')[0]}.*`
      expect(webhookEventPatterns).toEqual(expect.arrayContaining([name, group, '*']))
      expect([[name], [group], ['*']].every((patterns) => isWanted(name, patterns))).toBe(true)
    }
    expect(isWanted('reset.expired_unused', ['reset.expired', 'user.*'])).toBe(false)
  })

  it('all come from some row of the record', () => {
    const everything = {
      userId: 'u1',
      endedSessions: 0,
      voidedPassword: true,
      reason: 'wrong_password_locked',
    }
    const told = new Set(
      actionsWithEvents.flatMap((action) => eventsOfRow(row(action, everything)).map(({ event }) => event)),
    )
    expect([...told].toSorted()).toEqual(webhookEventNames.toSorted())
  })
})

it('docs/operations/webhooks.md tells of every event, in these words', () => {
  const page = readFileSync(new URL('../../../docs/operations/webhooks.md', import.meta.url), 'utf8')
  const rows = Object.entries(webhookEvents).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`)
  expect(page).toContain(rows.join('\n'))
})
