import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { systemRandomBytes } from '../core/randomness.ts'
import { parseSetting } from './parse-setting.ts'
import { type Settings, settingDefinitions } from './schema.ts'
import { SettingsError } from './settings-error.ts'

const { name: settingName, type: keyType } = settingDefinitions.masterKey

/**
 * The 32 bytes that seal the secrets in the database: from the setting, or on SQLite from `{database file}.key`,
 * which is made at the first start. Call it before the database is created.
 * @throws SettingsError on PostgreSQL without the setting; a key file that others may read or that is damaged; a
 *   database whose key file is gone
 */
export function loadMasterKey(settings: Pick<Settings, 'databaseUrl' | 'masterKey'>): Uint8Array {
  if (settings.masterKey !== undefined) {
    return Buffer.from(settings.masterKey.reveal(), 'base64')
  }
  const databaseUrl = settings.databaseUrl.reveal()
  if (!databaseUrl.startsWith('sqlite:')) {
    throw new SettingsError([
      `${settingName}: is required on PostgreSQL, the same on every server; make one with "openssl rand -base64 32", keep it apart from the database, and set ${settingName} or ${settingName}_FILE`,
    ])
  }
  const databaseFile = resolve(databaseUrl.slice('sqlite:'.length))
  const keyFile = `${databaseFile}.key`
  if (!existsSync(keyFile)) {
    refuseToOrphan(databaseFile, keyFile)
    createKeyFile(keyFile)
  }
  return readKeyFile(keyFile)
}

/** A new key would make every secret in an existing database unreadable, for good. */
function refuseToOrphan(databaseFile: string, keyFile: string): void {
  if (existsSync(databaseFile) && statSync(databaseFile).size > 0) {
    throw new SettingsError([
      `${settingName}: the database ${databaseFile} exists but its key file ${keyFile} does not; put the key file back from your backup, or set ${settingName}`,
    ])
  }
}

/**
 * True afterwards: the whole key is on disk under its name, made by this process or by another at the same moment.
 * Written under a second name first, because a reader must never find half a key.
 */
function createKeyFile(keyFile: string): void {
  const folder = dirname(keyFile)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const draft = `${keyFile}.${process.pid}.${Buffer.from(systemRandomBytes(6)).toString('hex')}`
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    writeSync(descriptor, `${Buffer.from(systemRandomBytes(keyType.sizeBytes)).toString('base64')}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  try {
    linkSync(draft, keyFile)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw error
    }
  } finally {
    unlinkSync(draft)
  }
  syncFolder(folder)
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') {
    return // folders cannot be opened there
  }
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function readKeyFile(keyFile: string): Uint8Array {
  const isShared = process.platform !== 'win32' && (statSync(keyFile).mode & 0o077) !== 0
  if (isShared) {
    throw new SettingsError([`The key file ${keyFile} can be read by others; run: chmod 600 '${keyFile}'`])
  }
  const parsed = parseSetting(keyType, readFileSync(keyFile, 'utf8').trim())
  if (!parsed.ok) {
    throw new SettingsError([
      `The key file ${keyFile} does not hold ${keyType.sizeBytes} bytes in base64; put it back from your backup`,
    ])
  }
  return Buffer.from(String(parsed.value), 'base64')
}
