/**
 * What others do, in operations a second: measured once on two cores with 16 calls at a time, and quoted as they were
 * measured. Their numbers compare with ours on a machine like that one only.
 */
export const peersCondition = 'the same 2 cores, 16 calls at a time'

export interface Peer {
  readonly name: string
  readonly setPassword: number
  readonly signIn: number
  readonly getUser: number
}

export const peers: readonly Peer[] = [
  { name: 'better-auth 1.7.24', setPassword: 20, signIn: 18, getUser: 280 },
  { name: 'Logto 1.37.1', setPassword: 12, signIn: 7, getUser: 233 },
  { name: 'glewlwyd 2.7.5', setPassword: 63, signIn: 67, getUser: 789 },
]

/** Of the first, when it hashes as we do. */
export const setPasswordWithOurHash = { name: 'better-auth 1.7.24 with our hash', setPassword: 81 }
