import { ApiError } from '../../errors/api-error.ts'
import type { ResetAnswer } from '../core.ts'
import { answerReset } from './answer-reset.ts'
import type { ResetDeps } from './reset-deps.ts'
import type { Reset } from './reset-state.ts'

/**
 * The answer that the first call with this key got, marked as a repetition (reset protocol, rule 10). The row is the
 * stored answer: what superseded or expired an unknown reset later does not change what was said of it.
 * @throws ApiError as `answerReset`, marked too
 */
export async function replayReset(deps: ResetDeps, reset: Reset): Promise<ResetAnswer> {
  try {
    const answer = await answerReset(deps, endedUnknown(reset) ? { ...reset, state: 'unknown' } : reset)
    return { ...answer, isReplayed: true }
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error
    }
    const { detail, retryAfterSeconds, cause } = error
    throw new ApiError(error.code, {
      ...(detail === undefined ? {} : { detail }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      isReplayed: true,
      cause,
    })
  }
}

/** It had been settled, and neither as accepted nor as failed, before something else took over. */
function endedUnknown(reset: Reset): boolean {
  const isOver = reset.state === 'superseded' || reset.state === 'expired'
  return (
    isOver &&
    reset.settledAt !== undefined &&
    reset.promotedAt === undefined &&
    reset.acceptedAt === undefined
  )
}
