import type { SignInKeys } from '../../store/store.ts'
import { normaliseKey } from './normalise-key.ts'
import { normaliseMobile } from './normalise-mobile.ts'

/** What somebody typed to sign in, in the forms that user names, e-mail addresses and mobile numbers are stored in. */
export function signInKeys(loginName: string): SignInKeys {
  const key = normaliseKey(loginName.trim())
  return { userNameKey: key, emailKey: key, mobile: normaliseMobile(loginName) }
}
