import { isIP, isIPv6 } from 'node:net'
import { areAllowedHashParameters, parseHashParameters } from '../core/password/hash-parameters.ts'
import type { SettingType } from './schema.ts'

export type ParsedSetting =
  | { readonly ok: true; readonly value: string | number | readonly string[] }
  | { readonly ok: false }

const refused: ParsedSetting = { ok: false }
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i

/** Reads one setting as its type says; a text that does not fit is refused, never bent. */
export function parseSetting(type: SettingType, text: string): ParsedSetting {
  switch (type.kind) {
    case 'host':
      return isIP(text) !== 0 || HOST_NAME.test(text) ? accept(text) : refused
    case 'integer':
      return parseInteger(type, text)
    case 'database-url':
      return isDatabaseUrl(text) ? accept(text) : refused
    case 'key':
      return isBase64Of(text, type.sizeBytes) ? accept(text) : refused
    case 'origin':
      return parseOrigin(text)
    case 'word':
      return type.words.includes(text) ? accept(text) : refused
    case 'cidr-list':
      return parseCidrList(text)
    case 'hash-parameters':
      return isHashParameters(text) ? accept(text) : refused
    case 'host-list':
      return parseHostList(text)
    case 'folder-or-url':
      return parseFolderOrUrl(text)
  }
}

function accept(value: string | number | readonly string[]): ParsedSetting {
  return { ok: true, value }
}

function parseInteger(type: { readonly min: number; readonly max: number }, text: string): ParsedSetting {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return value >= type.min && value <= type.max ? accept(value) : refused
}

function isDatabaseUrl(text: string): boolean {
  if (text.startsWith('sqlite:')) {
    return text.length > 'sqlite:'.length && !text.includes('\0')
  }
  // several hosts are allowed, which URL.parse does not know: only the scheme and a rest are checked here
  return /^postgres(ql)?:\/\/\S+$/.test(text)
}

function isHashParameters(text: string): boolean {
  const parameters = parseHashParameters(text)
  return parameters !== undefined && areAllowedHashParameters(parameters)
}

/** Strict: Node's decoder skips what it does not know and would take a mistyped key. */
function isBase64Of(text: string, sizeBytes: number): boolean {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === sizeBytes && bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '')
}

function parseOrigin(text: string): ParsedSetting {
  const url = URL.parse(text)
  const isOrigin =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    (text === url.origin || text === `${url.origin}/`)
  return isOrigin ? accept(url.origin) : refused
}

function parseFolderOrUrl(text: string): ParsedSetting {
  if (!/^[a-z][a-z0-9+.-]+:/i.test(text)) {
    return text.includes('\0') ? refused : accept(text)
  }
  const url = URL.parse(text)
  const isPlain =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    !/[?#]/.test(text)
  return isPlain ? accept(url.href.replace(/\/+$/, '')) : refused
}

function parseCidrList(text: string): ParsedSetting {
  const blocks = text
    .split(',')
    .map((block) => block.trim())
    .filter((block) => block !== '')
  return blocks.every(isAddressOrBlock) ? accept(blocks) : refused
}

function parseHostList(text: string): ParsedSetting {
  const hosts = text
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== '')
  return hosts.every((host) => isIP(host) !== 0 || HOST_NAME.test(host)) ? accept(hosts) : refused
}

function isAddressOrBlock(block: string): boolean {
  const [address = '', prefix, ...rest] = block.split('/')
  if (isIP(address) === 0 || rest.length > 0) {
    return false
  }
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIPv6(address) ? 128 : 32))
}
