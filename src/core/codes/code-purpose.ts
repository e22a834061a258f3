/** What a code is good for; a code of one purpose is good for no other. */
export const codePurposes = ['sign-in', 'recovery', 'password-change', 'second-factor'] as const
export type CodePurpose = (typeof codePurposes)[number]
