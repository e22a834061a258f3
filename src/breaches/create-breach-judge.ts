import { createHash } from 'node:crypto'
import type { BreachJudge } from '../core/password/password-judges.ts'
import type { BreachSource } from './breach-source.ts'
import { createRangeFolder } from './range-folder.ts'
import { createRangeService } from './range-service.ts'

const PREFIX_LENGTH = 5
const LINE = /^([0-9A-F]{35}):(\d{1,12})$/i

/**
 * Looks passwords up in a list of known breaches by the first five hexadecimal digits of their SHA-1 digest: whoever
 * answers learns 20 bits of it, which some hundreds of listed passwords share.
 */
export function createBreachJudge(
  source: string,
  options: { readonly onTrouble?: (cause: unknown) => void } = {},
): BreachJudge {
  const ranges = openSource(source)
  return {
    async isBreached(password) {
      // SHA-1 is the list's; nothing is protected by it here
      const digest = createHash('sha1').update(password.reveal(), 'utf8').digest('hex').toUpperCase()
      try {
        const range = await ranges.readRange(digest.slice(0, PREFIX_LENGTH))
        return holds(range, digest.slice(PREFIX_LENGTH))
      } catch (cause) {
        options.onTrouble?.(cause)
        throw cause
      }
    },
  }
}

function openSource(source: string): BreachSource {
  return /^https?:\/\//.test(source) ? createRangeService(source) : createRangeFolder(source)
}

/** @throws Error it is no range: a page of a proxy, say, which must not pass for "not found" */
function holds(range: string, suffix: string): boolean {
  const lines = range.split(/\r?\n/).filter((line) => line !== '')
  const entries = lines.map((line) => LINE.exec(line))
  if (entries.length === 0 || entries.includes(null)) {
    throw new Error('the source answered something that is no range of SUFFIX:COUNT lines')
  }
  // padding has a count of 0
  return entries.some((entry) => entry?.[1]?.toUpperCase() === suffix && Number(entry[2]) > 0)
}
