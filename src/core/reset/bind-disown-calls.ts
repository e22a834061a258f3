import type { DisownCalls } from './disown-calls.ts'
import { type DisownDeps, disownOwnReset, disownReset, findDisownable } from './disown-reset.ts'

/** "This was not me" with what it needs already given. */
export function bindDisownCalls(deps: DisownDeps): DisownCalls {
  return {
    findDisownable: (tenant, token) => findDisownable(deps, tenant, token),
    disownReset: (call) => disownReset(deps, call),
    disownOwnReset: (call) => disownOwnReset(deps, call),
  }
}
