/** Of one user; of nobody, used by several; of a user who was removed (contract, section 2.3). */
export const accountTypes = ['BASIC_ACCOUNT', 'PUBLIC_ACCOUNT', 'ORPHAN_ACCOUNT'] as const
export type AccountType = (typeof accountTypes)[number]
