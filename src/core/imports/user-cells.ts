import { ApiError } from '../../errors/api-error.ts'
import {
  type AttributeDefinition,
  type AttributeType,
  EXTENSION_PREFIX,
} from '../attributes/attribute-definition.ts'
import { Secret } from '../secret.ts'
import { type ProfileField, profileFields } from '../users/profile-fields.ts'
import type { User } from '../users/user.ts'
import type { NamedRelation } from '../users/user-calls.ts'
import { readDefused } from './defuse-formula.ts'
import type { GivenUser } from './import-row.ts'
import { cellError, isExtensionColumn } from './user-columns.ts'

/** Takes a value away, as null does in JSON; an empty cell leaves it as it is. */
const NONE = '\\N'
/** Behind it stands JSON: what is no text, or could be taken for something else. */
const JSON_MARK = 'json:'

type Cell = string | null | undefined

/**
 * What a row says, by its header. Empty cells are absent; `\N` takes a value away.
 * @returns ApiError USER.9005 when a cell is not what its column holds
 */
export function readUserCells(
  header: readonly string[],
  cells: readonly string[],
  definitions: readonly AttributeDefinition[],
): GivenUser | ApiError {
  const given = new Map(header.map((name, index) => [name, readCell(cells[index] ?? '')]))
  try {
    return readGiven(given, definitions)
  } catch (error) {
    if (error instanceof ApiError) {
      return error
    }
    throw error
  }
}

function readGiven(given: ReadonlyMap<string, Cell>, definitions: readonly AttributeDefinition[]): GivenUser {
  const [password, relations] = [given.get('password'), given.get('user_org_relation_list')]
  const [mustChange, disabled] = [readFlag(given, 'pwd_must_modify'), readFlag(given, 'disabled')]
  const profile = entriesOf(given, (name) => profileFields.includes(name as ProfileField))
  const extension = entriesOf(given, isExtensionColumn).map(([name, cell]) => [
    name.slice(EXTENSION_PREFIX.length),
    cell === null ? null : readExtension(cell, definitions.find((one) => one.name === name)?.type, name),
  ])
  return {
    ...present('userName', given.get('user_name')),
    ...present('name', given.get('name')),
    ...present('mobile', given.get('mobile')),
    ...present('email', given.get('email')),
    ...present('organizationCode', given.get('org_code')),
    ...present('relations', relations ? readRelations(relations) : relations === null ? null : undefined),
    ...present('mustChangePassword', mustChange),
    ...present('disabled', disabled),
    ...(profile.length === 0 ? {} : { profile: Object.fromEntries(profile) }),
    ...(extension.length === 0 ? {} : { extension: Object.fromEntries(extension) }),
    password: password ? new Secret(password) : undefined,
  }
}

/** Undefined: the cell is empty. */
function readCell(written: string): Cell {
  const cell = readDefused(written)
  if (cell.trim() === '') {
    return undefined
  }
  if (cell === NONE) {
    return null
  }
  return cell.startsWith('\\\\') ? cell.slice(1) : cell
}

function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V })
}

function entriesOf(
  given: ReadonlyMap<string, Cell>,
  isWanted: (name: string) => boolean,
): readonly (readonly [string, string | null])[] {
  return [...given].flatMap(([name, cell]): [string, string | null][] =>
    isWanted(name) && cell !== undefined ? [[name, cell]] : [],
  )
}

function readFlag(given: ReadonlyMap<string, Cell>, name: string): boolean | undefined {
  const cell = given.get(name)
  if (cell === undefined) {
    return undefined
  }
  const word = cell?.trim().toLowerCase() // spreadsheets write TRUE
  if (word !== 'true' && word !== 'false') {
    throw cellError(name)
  }
  return word === 'true'
}

function readRelations(cell: string): readonly NamedRelation[] {
  const list = parseJson(cell, 'user_org_relation_list')
  if (!Array.isArray(list)) {
    throw cellError('user_org_relation_list')
  }
  return list.map((one: unknown): NamedRelation => {
    const relation = typeof one === 'object' && one !== null ? one : {}
    const { org_code: code, relation_type: type = 0 } = relation as Record<string, unknown>
    if (typeof code !== 'string' || !Number.isSafeInteger(type) || Math.abs(Number(type)) > 2_147_483_647) {
      throw cellError('user_org_relation_list')
    }
    return { organizationCode: code, relationType: Number(type) }
  })
}

function readExtension(cell: string, type: AttributeType | undefined, field: string): unknown {
  if (cell.startsWith(JSON_MARK)) {
    return parseJson(cell.slice(JSON_MARK.length), field)
  }
  switch (type) {
    case 'integer':
    case 'number':
      return /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(cell.trim()) ? Number(cell) : cell
    case 'boolean': {
      const word = cell.trim().toLowerCase()
      return word === 'true' || word === 'false' ? word === 'true' : cell
    }
    default:
      return cell
  }
}

function parseJson(text: string, field: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw cellError(field)
  }
}

/** What `readUserCells` reads as the user is, by the same header. */
export function writeUserCells(
  header: readonly string[],
  user: User,
  p: {
    readonly definitions: readonly AttributeDefinition[]
    /** Of an organisation's id. */
    readonly codeOf: (organizationId: string) => string | undefined
  },
): readonly string[] {
  return header.map((name) => {
    if (isExtensionColumn(name)) {
      const key = name.slice(EXTENSION_PREFIX.length)
      const value = Object.hasOwn(user.extension, key) ? user.extension[key] : undefined
      return writeExtension(value, p.definitions.find((one) => one.name === name)?.type)
    }
    return writeText(fieldOf(name, user, p.codeOf) ?? '')
  })
}

function fieldOf(
  name: string,
  user: User,
  codeOf: (organizationId: string) => string | undefined,
): string | undefined {
  switch (name) {
    case 'user_name':
      return user.userName
    case 'name':
      return user.name
    case 'mobile':
      return user.mobile
    case 'email':
      return user.email
    case 'org_code':
      return user.organizationId && codeOf(user.organizationId)
    case 'user_org_relation_list':
      return user.relations.length === 0 ? undefined : JSON.stringify(writeRelations(user, codeOf))
    case 'pwd_must_modify':
      return String(user.mustChangePassword)
    case 'disabled':
      return String(user.disabled)
    default:
      return user.profile[name as ProfileField]
  }
}

function writeRelations({ relations }: User, codeOf: (organizationId: string) => string | undefined) {
  return relations.map(({ organizationId, relationType }) => ({
    org_code: codeOf(organizationId),
    relation_type: relationType,
  }))
}

function writeText(text: string): string {
  return text.startsWith('\\') ? `\\${text}` : text
}

/** As it stands where it is read back as it is; else as JSON. */
function writeExtension(value: unknown, type: AttributeType | undefined): string {
  if (value === undefined) {
    return ''
  }
  const cell = writeText(String(value))
  const isPlain = typeof value !== 'object' && cell.trim() !== '' && !cell.startsWith(JSON_MARK)
  const readBack = isPlain ? readExtension(String(value), type, '') : undefined
  return isPlain && Object.is(readBack, value) ? cell : `${JSON_MARK}${JSON.stringify(value)}`
}
