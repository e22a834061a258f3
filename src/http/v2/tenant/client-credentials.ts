import { Secret } from '../../../core/secret.ts'
import { ApiError } from '../../../errors/api-error.ts'

export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: Secret
}

export interface CredentialSources {
  readonly authorization: string | undefined
  readonly query: Readonly<Record<string, unknown>>
  /** Form fields or JSON. */
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * The client's credentials in any of the contract's three forms (section 1: a Basic, b URL query, c form
 * fields). Basic is tried as it stands and percent-decoded (RFC 6749, 2.3.1): real clients do either, so up
 * to two readings come back. The same credentials in two forms are fine, different ones are not.
 * @throws ApiError invalid_client none were sent; invalid_request forms differ, or one came twice
 */
export function readClientCredentials(sources: CredentialSources): readonly ClientCredentials[] {
  const basic = readBasic(sources.authorization)
  const query = readPair(sources.query)
  const fields = readPair(sources.fields)
  if (query !== undefined && fields !== undefined && !isSame(query, fields)) throw conflict()
  const plain = query ?? fields
  if (basic === undefined) {
    if (plain === undefined) throw new ApiError('invalid_client')
    return [plain]
  }
  const readings = plain === undefined ? basic : basic.filter((reading) => isSame(reading, plain))
  if (readings.length === 0) throw conflict()
  return readings
}

/**
 * One text parameter, from the body or the query.
 * @throws ApiError invalid_request it came twice, or is no text
 */
export function readParameter(sources: CredentialSources, name: string): string | undefined {
  const values = [sources.fields[name], sources.query[name]].filter((value) => value !== undefined)
  const [value, other] = values
  if (values.some((each) => typeof each !== 'string') || (other !== undefined && other !== value)) {
    throw new ApiError('invalid_request', { params: [name], detail: name })
  }
  return typeof value === 'string' ? value : undefined
}

function readPair(values: Readonly<Record<string, unknown>>): ClientCredentials | undefined {
  const { client_id: clientId, client_secret: clientSecret } = values
  // with Basic some clients repeat only the id; it is no form of its own
  if (clientSecret === undefined) return undefined
  if (typeof clientId !== 'string' || typeof clientSecret !== 'string') throw conflict()
  return { clientId, clientSecret: new Secret(clientSecret) }
}

/** Undefined: another scheme, which is no client authentication. */
function readBasic(authorization: string | undefined): readonly ClientCredentials[] | undefined {
  const encoded = /^basic +(.*)$/i.exec(authorization?.trim() ?? '')?.[1]
  if (encoded === undefined) return undefined
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded)
  const text = isBase64 ? Buffer.from(encoded, 'base64').toString() : ''
  const colon = text.indexOf(':')
  if (colon < 0) throw new ApiError('invalid_client')
  const raw = { clientId: text.slice(0, colon), clientSecret: new Secret(text.slice(colon + 1)) }
  const decoded = formDecode(raw)
  return decoded === undefined || isSame(raw, decoded) ? [raw] : [raw, decoded]
}

function formDecode(raw: ClientCredentials): ClientCredentials | undefined {
  const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))
  try {
    return { clientId: decode(raw.clientId), clientSecret: new Secret(decode(raw.clientSecret.reveal())) }
  } catch {
    return undefined // not percent-encoded
  }
}

function isSame(left: ClientCredentials, right: ClientCredentials): boolean {
  return left.clientId === right.clientId && left.clientSecret.reveal() === right.clientSecret.reveal()
}

function conflict(): ApiError {
  return new ApiError('invalid_request', {
    params: ['client_id, client_secret'],
    detail: 'client_credentials',
  })
}
