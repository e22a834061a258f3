import { timingSafeEqual } from 'node:crypto'

/** Name of the hidden field. */
export const FORM_TOKEN_FIELD = 'form_token'

export interface FormTokenParts {
  readonly tenantId: string
  /** Of the browser's own cookie. */
  readonly formCookie: string
  /** Of the session's or state's cookie, or empty: a form from before a sign-in is none after it. */
  readonly signedInCookie: string
}

/**
 * What a form must bring along to have been made here, for this browser and this sign-in. Nothing is stored: the token is
 * a keyed hash of cookies that another site cannot read.
 */
export function formToken(
  mac: (purpose: string, value: string) => string,
  { tenantId, formCookie, signedInCookie }: FormTokenParts,
): string {
  return mac('form-token', `${tenantId}/${formCookie}/${signedInCookie}`)
}

export function isFormToken(token: string, expected: string): boolean {
  const [left, right] = [Buffer.from(token), Buffer.from(expected)]
  return left.length === right.length && timingSafeEqual(left, right)
}
