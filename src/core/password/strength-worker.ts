import { parentPort } from 'node:worker_threads'
import { createStrengthEstimator } from './strength-estimator.ts'

/** What a password turned out to be; `unjudged`: the estimator failed over it. */
export type StrengthVerdict = 'weak' | 'strong' | 'unjudged'
export interface StrengthQuestion {
  readonly password: string
  readonly facts: readonly string[]
}
export type StrengthReport = 'ready' | StrengthVerdict

// the entry of a worker thread: it keeps nothing of a question once it has answered it, and writes nothing anywhere
const isWeak = createStrengthEstimator()
parentPort?.on('message', ({ password, facts }: StrengthQuestion) => {
  report(judge(password, facts))
})
report('ready')

function judge(password: string, facts: readonly string[]): StrengthVerdict {
  try {
    return isWeak(password, facts) ? 'weak' : 'strong'
  } catch {
    return 'unjudged' // what the estimator says of its failure may quote the password
  }
}

function report(message: StrengthReport): void {
  parentPort?.postMessage(message)
}
