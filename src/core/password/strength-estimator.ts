import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as commonDictionary } from '@zxcvbn-ts/language-common'
import { dictionary as englishDictionary } from '@zxcvbn-ts/language-en'

/** Below what zxcvbn calls safely unguessable: a list of common passwords and its variants is far below. */
const GUESSES_MIN = 1e8
/** Characters that are judged at a time: no word of the lists is longer, and the work grows faster than the length. */
const WINDOW_LENGTH = 24
/** Readings of `4`, `$`, `|`, … that are tried: a hundred, the library's default, cost six times the work for few finds. */
const L33T_VARIANTS_MAX = 10

export type EstimateWeakness = (password: string, facts: readonly string[]) => boolean

/** Loads the lists: a quarter of a second and some 60 MB, so only in the worker thread. */
export function createStrengthEstimator(): EstimateWeakness {
  const estimator = new ZxcvbnFactory({
    dictionary: { ...commonDictionary, ...englishDictionary },
    graphs: adjacencyGraphs,
    l33tMaxSubstitutions: L33T_VARIANTS_MAX,
  })
  const isWeakWindow = (window: string, facts: readonly string[]) =>
    estimator.check(window, [...facts]).guesses < GUESSES_MIN
  // what is strong in its beginning, or in its end, is strong
  return (password, facts) =>
    isWeakWindow(password.slice(0, WINDOW_LENGTH), facts) &&
    (password.length <= WINDOW_LENGTH || isWeakWindow(password.slice(-WINDOW_LENGTH), facts))
}
