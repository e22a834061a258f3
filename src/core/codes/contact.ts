import { ApiError } from '../../errors/api-error.ts'
import type { SignInKeys } from '../../store/store.ts'
import type { SendMode } from '../tenants/tenant.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import { normaliseMobile } from '../users/normalise-mobile.ts'

/** An address or number that somebody typed: a key to look somebody up by, never where anything goes. */
export interface TypedContact {
  readonly channel: SendMode
  /** In the form in which users' are compared. */
  readonly key: string
}

// whatever is no name of anybody's
const NO_NAME = ''

/** @throws ApiError SDK.COMMON.1002 it could be nobody's */
export function readContact(channel: SendMode, typed: string): TypedContact {
  const key = channel === 'SMS' ? normaliseMobile(typed) : mailKey(typed)
  if (key === undefined) {
    const name = channel === 'SMS' ? 'mobile' : 'email'
    throw new ApiError('SDK.COMMON.1002', { params: [name], detail: name })
  }
  return { channel, key }
}

/** For the look-up that signing in makes, so that a contact finds nobody by another one's user name. */
export function keysOfContact({ channel, key }: TypedContact): SignInKeys {
  return channel === 'SMS'
    ? { userNameKey: NO_NAME, emailKey: NO_NAME, mobile: key }
    : { userNameKey: NO_NAME, emailKey: key, mobile: undefined }
}

/** Whether this contact is the user's own now. */
export function isContactOf(
  { channel, key }: TypedContact,
  user: { readonly email: string | undefined; readonly mobile: string | undefined },
): boolean {
  return channel === 'SMS'
    ? user.mobile === key
    : user.email !== undefined && normaliseKey(user.email) === key
}

function mailKey(typed: string): string | undefined {
  const key = normaliseKey(typed.trim())
  return /^[^\s@]+@[^\s@]+$/.test(key) && isStorableText(key) ? key : undefined
}
