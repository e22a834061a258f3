import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Route, route } from '../src/http/route.ts'
import { findUnanswered } from './find-unanswered.ts'

const folder = mkdtempSync(join(tmpdir(), 'rekey-answers-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const handle = () => Promise.resolve({ body: undefined })
const common = { permission: 'user_read', summary: '', handle } as const
const routes: readonly Route[] = [
  route({
    ...common,
    method: 'GET',
    path: '/users/:id',
    aliases: ['/people/:id'],
    answers: [200, 'USER.0001'],
  }),
  route({ ...common, method: 'GET', path: '/users/names', answers: [200] }),
]

function reportOf(lines: readonly string[], explained: Readonly<Record<string, string>> = {}) {
  mkdirSync(join(folder, 'answers-given'), { recursive: true })
  writeFileSync(
    join(folder, 'answers-given', '1'),
    lines.map((line) => line.replaceAll(' ', '\t')).join('\n'),
  )
  return findUnanswered(folder, { routes, databases: ['sqlite', 'postgres'], explained })
}

const all = ['sqlite', 'postgres'].flatMap((database) => [
  `${database} GET /users/7 200 -`,
  `${database} GET /people/8 400 USER.0001`,
  `${database} GET /users/names 200 -`,
])

describe('what a test run must have answered', () => {
  it('is complete when every status and code of every route came on both databases, aliases counted', () => {
    expect(reportOf(all)).toEqual({
      isComplete: true,
      lines: ['6 answers declared, 0 never given, 0 explained'],
    })
  })

  it('names what is missing, and on which database', () => {
    const lines = all.filter((line) => line !== 'postgres GET /people/8 400 USER.0001')
    expect(reportOf(lines)).toMatchObject({
      isComplete: false,
      lines: [expect.anything(), '  never answered on postgres: GET /users/:id USER.0001'],
    })
    expect(reportOf([]).lines).toHaveLength(7)
  })

  it('counts an answer for the route that the server chooses', () => {
    const lines = all.filter((line) => !line.includes('/users/7'))
    expect(reportOf(lines).lines.slice(1)).toEqual([
      '  never answered on sqlite: GET /users/:id 200',
      '  never answered on postgres: GET /users/:id 200',
    ])
  })

  it('lets an explained one be missing, and no explanation outlive its code', () => {
    const lines = all.filter((line) => !line.includes('USER.0001'))
    expect(reportOf(lines, { 'GET /users/:id USER.0001': 'why' }).isComplete).toBe(true)
    expect(reportOf(all, { 'GET /users/:id USER.0002': 'why' }).isComplete).toBe(false)
  })
})
