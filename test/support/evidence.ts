import { randomUUID } from 'node:crypto'
import { appendFileSync, copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/** What a run leaves behind for the search that follows it (`tools/search-evidence.ts`). */
export const evidenceKinds = ['answers', 'logs', 'metrics', 'output', 'sqlite', 'postgres'] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

/** Every password that the server made, one a line; beside the evidence, never part of it. */
export const LEDGER_FOLDER = 'made-passwords'

/** One line for each different answer: database, method, path, status and code. Beside the evidence, never part of it. */
export const ANSWERS_GIVEN_FOLDER = 'answers-given'

/** Set by `npm test` for a run of everything. Undefined: only some tests were asked for, nothing is kept. */
export const evidenceFolder: string | undefined = process.env.REKEY_TEST_EVIDENCE

// one file for each process and kind: appending needs no lock
const processName = `${process.pid}-${randomUUID().slice(0, 8)}`

export function addEvidence(kind: EvidenceKind, text: string | Uint8Array): void {
  if (evidenceFolder !== undefined) {
    appendFileSync(join(folderOf(kind), processName), text)
  }
}

/** Copies files as they stand, whoever has them open. */
export function keepFiles(kind: EvidenceKind, paths: readonly string[]): void {
  if (evidenceFolder === undefined) {
    return
  }
  const folder = folderOf(kind)
  for (const path of paths) {
    if (existsSync(path) && statSync(path).size > 0) {
      copyFileSync(path, join(folder, `${randomUUID()}-${basename(path)}`))
    }
  }
}

/** The embedded database in this file, with its WAL. */
export function keepSqlite(file: string): void {
  keepFiles('sqlite', [file, `${file}-wal`])
}

export function recordMadePassword(password: string): void {
  if (evidenceFolder !== undefined) {
    appendFileSync(join(folderOf(LEDGER_FOLDER), processName), `${password}\n`)
  }
}

const DATABASE = Symbol.for('rekey.test.database')

/** Which database the servers of this process have from now on. */
export function noteDatabase(kind: string): void {
  Reflect.set(globalThis, DATABASE, kind)
}

const given = new Set<string>()

/** @param code undefined: a success */
export function recordAnswerGiven(
  method: string,
  url: string,
  status: number,
  code: string | undefined,
): void {
  if (evidenceFolder === undefined) {
    return
  }
  const ofItsOwn = process.env.REKEY_DATABASE_URL?.startsWith('postgres') === true ? 'postgres' : 'sqlite'
  const database = String(Reflect.get(globalThis, DATABASE) ?? ofItsOwn)
  const [path = ''] = url.split('?')
  const line = [database, method, path, status, code ?? '-'].join('\t')
  if (!given.has(line)) {
    given.add(line)
    appendFileSync(join(folderOf(ANSWERS_GIVEN_FOLDER), processName), `${line}\n`)
  }
}

/** What a server started by a test needs in its environment to leave evidence too. */
export function evidenceEnvironment(): Readonly<Record<string, string>> {
  if (evidenceFolder === undefined) {
    return {}
  }
  const recorder = new URL('./record-evidence.ts', import.meta.url).href
  return { REKEY_TEST_EVIDENCE: evidenceFolder, NODE_OPTIONS: `--import=${recorder}` }
}

function folderOf(name: string): string {
  const folder = join(evidenceFolder ?? '', name)
  mkdirSync(folder, { recursive: true })
  return folder
}
