import { describe, expect, it } from 'vitest'
import { SettingsError } from '../config/settings-error.ts'
import { ApiError } from '../errors/api-error.ts'
import { StoreUnavailableError } from '../errors/store-error.ts'
import { CommandError } from './command-error.ts'
import { describeFailure } from './report-failure.ts'

function systemError(fields: Record<string, unknown>): Error {
  return Object.assign(new Error('raw'), fields)
}

describe('describeFailure', () => {
  it('lists every problem of the settings', () => {
    const failure = describeFailure(new SettingsError(['REKEY_PORT: wrong', 'REKEY_HOST: wrong']))
    expect(failure.problems).toEqual(['REKEY_PORT: wrong', 'REKEY_HOST: wrong'])
  })

  it('keeps the sentence of a command', () => {
    const failure = describeFailure(new CommandError('Run this first.', { problems: ['a'] }))
    expect(failure).toEqual({ message: 'Run this first.', problems: ['a'] })
  })

  it('adds the remedy to a code of the catalogue', () => {
    expect(describeFailure(new ApiError('USER.0012')).message).toBe(
      'Email cannot be empty. Give the user an e-mail address; a reset may use send_mode=SMS instead, and the tenant’s attribute definitions say who must have one.',
    )
  })

  it('says why the database cannot be used, also when several addresses were tried', () => {
    const cause = new AggregateError([
      new Error('connect ECONNREFUSED ::1:5432'),
      new Error('127.0.0.1:5432'),
    ])
    expect(describeFailure(new StoreUnavailableError('down', { cause })).message).toBe(
      'The database cannot be used: connect ECONNREFUSED ::1:5432; 127.0.0.1:5432. Check REKEY_DATABASE_URL.',
    )
  })

  it.each([
    [{ code: 'EADDRINUSE', address: '127.0.0.1', port: 8080 }, /127\.0\.0\.1:8080 is taken.*REKEY_PORT/],
    [{ code: 'EADDRNOTAVAIL', address: '10.9.9.9', port: 8080 }, /10\.9\.9\.9:8080.*REKEY_HOST/],
    [{ code: 'ENOTFOUND', hostname: 'nowhere.example' }, /nowhere\.example.*REKEY_HOST/],
    [{ code: 'EACCES', syscall: 'listen', address: '127.0.0.1', port: 80 }, /127\.0\.0\.1:80.*REKEY_PORT/],
    [{ code: 'EACCES', syscall: 'mkdir', path: '/var/lib/rekey' }, /may not use \/var\/lib\/rekey/],
    [{ code: 'ENOENT', path: '/nowhere' }, /no \/nowhere/],
  ])('turns %j into a sentence with a remedy', (fields, sentence) => {
    expect(describeFailure(systemError(fields)).message).toMatch(sentence)
  })

  it('shows the message of an unforeseen error and no stack', () => {
    expect(describeFailure(new Error('odd')).message).toBe('This went wrong: odd')
  })
})
