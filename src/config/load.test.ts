import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadSettings } from './load.ts'
import { SettingsError } from './settings-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'rekey-load-'))
const key = Buffer.alloc(32, 7).toString('base64')

afterAll(() => rmSync(folder, { recursive: true }))

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadSettings(env)
  } catch (error) {
    if (error instanceof SettingsError) {
      return error.problems
    }
    throw error
  }
  return []
}

function writeSecret(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

describe('loadSettings', () => {
  it('starts on loopback with an embedded database when nothing is set', () => {
    const { databaseUrl, ...rest } = loadSettings({})
    expect(databaseUrl.reveal()).toBe('sqlite:./data/rekey.db')
    expect(rest).toEqual({
      host: '127.0.0.1',
      port: 8080,
      masterKey: undefined,
      publicUrl: undefined,
      logLevel: 'info',
      apiReference: 'on',
      webhookPrivateHosts: [],
      trustProxy: [],
      resetCallDeadlineMs: 25_000,
      resetLeaseGraceMs: 30_000,
      hashParameters: 'argon2id$m=19456,t=2,p=1',
      hashQueueMax: 256,
      databaseConnectionsMax: 10,
      breachedPasswordsSource: undefined,
    })
  })

  it('takes every setting from its variable', () => {
    const settings = loadSettings({
      REKEY_HOST: '::1',
      REKEY_PORT: '0',
      REKEY_DATABASE_URL: 'postgres://rekey:pw@db-a.example,db-b.example/rekey',
      REKEY_MASTER_KEY: key,
      REKEY_PUBLIC_URL: 'https://id.acme.example/',
      REKEY_LOG_LEVEL: 'debug',
      REKEY_TRUST_PROXY: '10.0.0.0/8, ::1',
      REKEY_RESET_CALL_DEADLINE_SECONDS: '5',
      REKEY_RESET_LEASE_GRACE_SECONDS: '6',
      REKEY_HASH_PARAMETERS: 'argon2id$m=65536,t=3,p=1',
      REKEY_HASH_QUEUE_MAX: '7',
      REKEY_DATABASE_CONNECTIONS_MAX: '8',
      REKEY_BREACHED_PASSWORDS_SOURCE: 'https://ranges.example/range/',
    })
    expect(settings.databaseUrl.reveal()).toBe('postgres://rekey:pw@db-a.example,db-b.example/rekey')
    expect(settings.masterKey?.reveal()).toBe(key)
    expect(settings).toMatchObject({
      host: '::1',
      port: 0,
      publicUrl: 'https://id.acme.example',
      logLevel: 'debug',
      trustProxy: ['10.0.0.0/8', '::1'],
      resetCallDeadlineMs: 5_000,
      resetLeaseGraceMs: 6_000,
      hashParameters: 'argon2id$m=65536,t=3,p=1',
      hashQueueMax: 7,
      databaseConnectionsMax: 8,
      breachedPasswordsSource: 'https://ranges.example/range',
    })
  })

  it('names all problems at once', () => {
    const problems = problemsOf({
      REKEY_PORT: '80a',
      REKEY_LOG_LEVEL: 'loud',
      REKEY_TRUST_PROXY: '10.0.0.0/33',
      REKEY_PUBLIC_URL: 'https://id.acme.example/login',
    })
    expect(problems).toEqual([
      'REKEY_PORT: must be a whole number from 0 to 65535, not "80a"',
      'REKEY_PUBLIC_URL: must be http:// or https:// and a host, without a path, not "https://id.acme.example/login"',
      'REKEY_LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent, not "loud"',
      'REKEY_TRUST_PROXY: must be IP addresses or CIDR blocks, separated by commas, not "10.0.0.0/33"',
    ])
  })

  it('takes breached passwords from a folder or a plain address', () => {
    const sourceOf = (text: string) =>
      loadSettings({ REKEY_BREACHED_PASSWORDS_SOURCE: text }).breachedPasswordsSource
    expect(sourceOf('/srv/ranges')).toBe('/srv/ranges')
    expect(sourceOf('ranges')).toBe('ranges')
    expect(sourceOf('http://10.0.0.5:8080')).toBe('http://10.0.0.5:8080')
    for (const text of [
      'ftp://ranges.example',
      'file:/srv/ranges',
      'https://u:p@ranges.example',
      'https://ranges.example/?k=1',
    ]) {
      expect(problemsOf({ REKEY_BREACHED_PASSWORDS_SOURCE: text })).toHaveLength(1)
    }
  })

  it('suggests the nearest name for a variable that does not exist', () => {
    expect(problemsOf({ REKEY_PROT: '1' })).toEqual([
      'REKEY_PROT: there is no such setting; did you mean REKEY_PORT?',
    ])
    expect(problemsOf({ REKEY_PORT_FILE: '/x' })).toHaveLength(1)
  })

  it('leaves the variables of the tests alone', () => {
    expect(problemsOf({ REKEY_TEST_DATABASES: 'sqlite', PATH: '/bin' })).toEqual([])
  })

  it('reads a secret from a file without its last line feed', () => {
    const file = writeSecret('key', `${key}\n`)
    expect(loadSettings({ REKEY_MASTER_KEY_FILE: file }).masterKey?.reveal()).toBe(key)
  })

  it('refuses a secret given twice', () => {
    const file = writeSecret('twice', key)
    expect(problemsOf({ REKEY_MASTER_KEY: key, REKEY_MASTER_KEY_FILE: file })).toEqual([
      'REKEY_MASTER_KEY and REKEY_MASTER_KEY_FILE are both set; keep one of them',
    ])
  })

  it('says which file could not be read', () => {
    const file = join(folder, 'absent')
    expect(problemsOf({ REKEY_DATABASE_URL_FILE: file })).toEqual([
      `REKEY_DATABASE_URL_FILE: the file ${file} cannot be read (ENOENT)`,
    ])
  })

  it('never repeats the value of a secret', () => {
    const problems = problemsOf({
      REKEY_MASTER_KEY: 'hunter2hunter2',
      REKEY_DATABASE_URL: 'mysql://u:hunter2@h/d',
    })
    expect(problems).toHaveLength(2)
    expect(problems.join()).not.toContain('hunter2')
  })

  it.each([
    'AAAA',
    `${key}=`.replace('=', '!'),
    Buffer.alloc(31).toString('base64'),
    Buffer.alloc(33).toString('base64'),
  ])('refuses %s as a master key', (text) => {
    expect(problemsOf({ REKEY_MASTER_KEY: text })).toEqual(['REKEY_MASTER_KEY: must be 32 bytes in base64'])
  })

  it.each(['-1', '65536', '1e3', '0x10', ' 80', '80.5', '1234567890'])('refuses %j as a port', (text) => {
    expect(problemsOf({ REKEY_PORT: text })).toHaveLength(1)
  })

  it.each(['10.0.0.0/', '10.0.0.0/8/8', 'proxy.example', '10.0.0.0/x', '::1/129'])(
    'refuses %j as a trusted proxy',
    (text) => {
      expect(problemsOf({ REKEY_TRUST_PROXY: text })).toHaveLength(1)
    },
  )
})
