import type { ErrorCode } from '../errors/catalogue.ts'

/** What the policy may say of a new password. */
export const passwordCodes = [
  'PWD.0001',
  'PWD.0002',
  'PWD.0003',
  'PWD.0004',
  'PWD.0005',
  'PWD.0006',
] as const satisfies readonly ErrorCode[]
