import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type EvidenceKind, evidenceKinds, LEDGER_FOLDER } from '../test/support/evidence.ts'
import { createSecretFinder } from './find-secrets.ts'

// far fewer than a run of everything makes: if the recorder broke, the search would pass on nothing
const MADE_PASSWORDS_MIN = 1_000

export interface EvidenceReport {
  readonly isClean: boolean
  /** For people. */
  readonly lines: readonly string[]
}

/**
 * Looks for every password that the servers of a test run made in all that the run left behind: answers, logs, metrics,
 * what was printed, and the files of the databases. Kinds of evidence that are missing count as a failure.
 */
export function searchEvidence(
  folder: string,
  kinds: readonly EvidenceKind[] = evidenceKinds,
): EvidenceReport {
  const made = readMadePasswords(join(folder, LEDGER_FOLDER))
  const finder = createSecretFinder(made)
  const lines: string[] = []
  let isClean = made.length >= MADE_PASSWORDS_MIN
  for (const kind of kinds) {
    const files = listFiles(join(folder, kind))
    const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0)
    lines.push(`${kind}: ${files.length} files, ${(bytes / 1024 / 1024).toFixed(1)} MiB`)
    if (bytes === 0) {
      isClean = false
      lines.push(`  nothing was kept of ${kind}: the search would prove nothing`)
    }
    for (const path of files) {
      for (const { secretIndex, encoding } of finder.findInFile(path)) {
        isClean = false
        lines.push(`  ${relative(folder, path)} holds made password ${secretIndex + 1} (${encoding})`)
      }
    }
  }
  return { isClean, lines: [`${made.length} made passwords looked for`, ...lines] }
}

function readMadePasswords(folder: string): readonly string[] {
  const passwords = listFiles(folder).flatMap((path) => readFileSync(path, 'utf8').split('\n'))
  return [...new Set(passwords)].filter((password) => password !== '')
}

function listFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) {
    return []
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
