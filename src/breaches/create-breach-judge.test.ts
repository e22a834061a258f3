import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type SmsSink, startSmsSink } from '../../test/support/sms-sink.ts'
import { Secret } from '../core/secret.ts'
import { createBreachJudge } from './create-breach-judge.ts'
import { createRangeService } from './range-service.ts'

// SHA-1 of "password" is 5BAA6 1E4C9B93F3F0682250B6CF8331B7EE68FD8
const listed = new Secret('password')
const PREFIX = '5BAA6'
const others = '0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n00D4F6E8FA6EECAD2A3AA415EEC418D38EC:2\r\n'
const range = `${others}1E4C9B93F3F0682250B6CF8331B7EE68FD8:9545824`
const padded = `${others}1E4C9B93F3F0682250B6CF8331B7EE68FD8:0`

describe('a folder of range files', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ranges-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const write = (text: string) => writeFile(join(folder, `${PREFIX}.txt`), text)

  it('finds what stands in the file of the prefix, and nothing else', async () => {
    const judge = createBreachJudge(folder)
    await write(range)
    expect(await judge.isBreached(listed)).toBe(true)
    await write(others)
    expect(await judge.isBreached(listed)).toBe(false)
  })

  it('does not take a file that is missing, empty, too large or no range for a proof', async () => {
    const causes: unknown[] = []
    const judge = createBreachJudge(folder, { onTrouble: (cause) => causes.push(cause) })
    await rm(join(folder, `${PREFIX}.txt`), { force: true })
    await expect(judge.isBreached(listed)).rejects.toThrow('a range file cannot be opened (ENOENT)')
    for (const [text, message] of [
      ['', 'no range'],
      ['<html>', 'no range'],
      [`${others}x`, 'no range'],
      ['0'.repeat(300_000), 'too large'],
    ] as const) {
      await write(text)
      await expect(judge.isBreached(listed)).rejects.toThrow(message)
    }
    expect(causes).toHaveLength(5)
    expect(String(causes)).not.toContain(PREFIX)
  })
})

describe('a range service', () => {
  let service: SmsSink
  beforeAll(async () => {
    service = await startSmsSink()
  })
  afterAll(() => service.close())
  beforeEach(() => {
    service.fault = undefined
    service.beforeAnswer = undefined
  })
  const url = () => new URL('/range', service.url).href

  it('is asked for a prefix, with padding, and learns nothing more', async () => {
    service.answer = { status: 200, body: range }
    expect(await createBreachJudge(url()).isBreached(listed)).toBe(true)
    const request = service.requests.at(-1)
    expect(request).toMatchObject({ method: 'GET', path: `/range/${PREFIX}`, body: '' })
    expect(request?.headers).toMatchObject({ 'add-padding': 'true', 'user-agent': 'rekey' })
    expect(JSON.stringify(request)).not.toMatch(/1E4C9|password/i)
  })

  it.each([
    ['padding', padded],
    ['others', others],
  ])('does not find what is only %s', async (_what, body) => {
    service.answer = { status: 200, body }
    expect(await createBreachJudge(url()).isBreached(listed)).toBe(false)
  })

  it.each([
    [{ status: 503, body: range }, 'status 503'],
    [{ status: 404, body: '' }, 'status 404'],
    [{ status: 200, body: '' }, 'no range'],
    [{ status: 200, body: '<p>Sign in to this network' }, 'no range'],
    [{ status: 200, body: others.repeat(5_000) }, 'too long'],
  ])('does not take %j for a proof', async (answer, message) => {
    service.answer = answer
    await expect(createBreachJudge(url()).isBreached(listed)).rejects.toThrow(message)
  })

  it('is not followed elsewhere', async () => {
    service.answer = { status: 302, headers: { location: `${url()}/elsewhere` } }
    const before = service.requests.length
    await expect(createBreachJudge(url()).isBreached(listed)).rejects.toThrow('leads elsewhere')
    expect(service.requests).toHaveLength(before + 1)
  })

  it.each(['request', 'answer'] as const)('is given up after its time, hanging at the %s', async (at) => {
    service.answer = { status: 200, body: range }
    service.fault = { at, kind: 'hang' }
    await expect(createRangeService(url(), 100).readRange(PREFIX)).rejects.toThrow()
  })

  it('may be away', async () => {
    await expect(createBreachJudge('http://127.0.0.1:9').isBreached(listed)).rejects.toThrow(
      'cannot be reached',
    )
  })
})
