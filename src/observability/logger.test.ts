import { describe, expect, it } from 'vitest'
import { Secret } from '../core/secret.ts'
import { createLogger, type LogLevel } from './logger.ts'

function logTo(lines: string[], level: LogLevel = 'info') {
  return createLogger({ level, destination: { write: (line: string) => lines.push(line) } })
}

describe('createLogger', () => {
  it('writes no secret, whether it comes as a Secret or under a name that secrets have', () => {
    const lines: string[] = []
    const logger = logTo(lines)
    logger.info({ value: new Secret('hunter-2') }, 'as a Secret')
    logger.info({ password: 'hunter-2', headers: { authorization: 'Bearer hunter-2' } }, 'by name')
    logger.info({ request: { headers: { cookie: 'hunter-2', 'x-state-token': 'hunter-2' } } }, 'deep')
    logger.error({ err: Object.assign(new Error('no'), { parameters: ['hunter-2'] }) }, 'on an error')
    expect(lines).toHaveLength(4)
    expect(lines.join('')).not.toContain('hunter-2')
  })

  it('writes what went wrong, with its causes', () => {
    const lines: string[] = []
    logTo(lines).error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed')
    expect(lines[0]).toContain('outer')
    expect(lines[0]).toContain('inner')
  })

  it('obeys its level', () => {
    const lines: string[] = []
    logTo(lines, 'warn').info('quiet')
    expect(lines).toEqual([])
  })
})
