import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Secret } from '../core/secret.ts'
import { loadMasterKey } from './master-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'rekey-master-key-'))

afterAll(() => rmSync(folder, { recursive: true }))

function embedded(name: string) {
  const databaseFile = join(folder, name, 'rekey.db')
  return {
    databaseFile,
    keyFile: `${databaseFile}.key`,
    settings: { databaseUrl: new Secret(`sqlite:${databaseFile}`), masterKey: undefined },
  }
}

describe('loadMasterKey', () => {
  it('takes the key of the setting and writes no file', () => {
    const { settings, keyFile } = embedded('given')
    const key = Buffer.alloc(32, 9)
    expect(loadMasterKey({ ...settings, masterKey: new Secret(key.toString('base64')) })).toEqual(key)
    expect(existsSync(keyFile)).toBe(false)
  })

  it('makes a key of 32 bytes beside the embedded database that only its owner can read', () => {
    const { settings, keyFile } = embedded('fresh')
    expect(loadMasterKey(settings)).toHaveLength(32)
    expect(statSync(keyFile).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'fresh'))).toEqual(['rekey.db.key'])
  })

  it('gives the same key at every later start', () => {
    const { settings, databaseFile } = embedded('again')
    const first = loadMasterKey(settings)
    writeFileSync(databaseFile, 'rows')
    expect(loadMasterKey(settings)).toEqual(first)
  })

  it('refuses a key file that others can read, with the command that mends it', () => {
    const { settings, keyFile } = embedded('shared')
    loadMasterKey(settings)
    chmodSync(keyFile, 0o640)
    expect(() => loadMasterKey(settings)).toThrow(`can be read by others; run: chmod 600 '${keyFile}'`)
  })

  it('refuses a damaged key file', () => {
    const { settings, keyFile } = embedded('damaged')
    loadMasterKey(settings)
    writeFileSync(keyFile, 'AAAA')
    expect(() => loadMasterKey(settings)).toThrow('does not hold 32 bytes in base64')
  })

  it('makes no new key for a database that exists', () => {
    const { settings, databaseFile, keyFile } = embedded('orphan')
    mkdirSync(join(folder, 'orphan'))
    writeFileSync(databaseFile, 'rows')
    expect(() => loadMasterKey(settings)).toThrow('put the key file back from your backup')
    expect(existsSync(keyFile)).toBe(false)
  })

  it('asks for the setting on PostgreSQL and says how to make one', () => {
    const databaseUrl = new Secret('postgres://rekey:hunter2@db.example/rekey')
    const load = () => loadMasterKey({ databaseUrl, masterKey: undefined })
    expect(load).toThrow('openssl rand -base64 32')
    expect(load).not.toThrow('hunter2')
  })
})
