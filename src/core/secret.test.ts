import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ApiError } from '../errors/api-error.ts'
import { createLogger } from '../observability/logger.ts'
import { Secret } from './secret.ts'

const value = 'aZ9#kP2m-Qx7+wT'
const secret = new Secret(value)

describe('Secret', () => {
  it('gives its value to reveal() only', () => {
    expect(secret.reveal()).toBe(value)
  })

  it.each([
    ['a template string', () => `${secret}`],
    ['concatenation', () => `${'new password: '}${String(secret)}`],
    ['join', () => [secret, secret].join(' ')],
    ['toString', () => secret.toString()],
    ['JSON', () => JSON.stringify(secret)],
    ['JSON of what holds it', () => JSON.stringify({ message: { password: secret, all: [secret] } })],
    ['inspect', () => inspect(secret)],
    ['inspect of what holds it', () => inspect({ deep: { deeper: { deepest: [secret] } } }, { depth: 9 })],
    ['inspect of hidden fields', () => inspect({ secret }, { showHidden: true })],
    ['inspect in a Map, as the cause of an error', () => inspect(new Error('no', { cause: { secret } }))],
    ['%s, %j, %o and %O', () => format('%s %j %o %O', secret, { secret }, { secret }, { secret })],
    ['the message of an Error', () => new Error(`cannot send ${secret}`).message],
    ['the stack of an Error', () => new Error(`cannot send ${secret}`).stack ?? ''],
    ['the detail of an ApiError', () => new ApiError('MSG.0001', { detail: `${secret}` }).message],
    ['the cause of an Error', () => inspect(new Error('no', { cause: secret }))],
    ['a URL', () => new URL(`https://sms.example/?text=${secret}`).href],
  ])('shows [secret] in %s', (_place, write) => {
    const written = decodeURIComponent(write())
    expect(written).toContain('[secret]')
    expect(written).not.toContain(value)
  })

  it('counts as no number, and is equal to no text', () => {
    expect(Number(secret)).toBeNaN()
    expect(Object.is(secret, value)).toBe(false)
    expect([value].includes(secret as unknown as string)).toBe(false)
  })

  it('has nothing to read from outside: no keys, no copy', () => {
    expect(Reflect.ownKeys(secret)).toEqual([])
    expect({ ...secret }).toEqual({})
    expect(structuredClone(secret)).toEqual({})
    expect(inspect(secret, { customInspect: false })).not.toContain(value)
  })

  it('shows [secret] in the log, under every name and in every place', () => {
    const lines: string[] = []
    const logger = createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } })
    logger.info({ secret }, 'an object that holds it')
    logger.info({ message: { to: 'alice', text: [secret] } }, 'deep inside')
    logger.info(`in the text: ${secret}`)
    logger.info('as a value: %s %j %o', secret, secret, { secret })
    logger.error({ err: new Error(`in an error: ${secret}`, { cause: secret }) }, 'an error')
    logger.child({ secret }).info('a child of the log')
    expect(lines).toHaveLength(6)
    for (const line of lines) {
      expect(line).toContain('[secret]')
      expect(line).not.toContain(value)
    }
  })
})
