import { type Document, LineCounter, parseAllDocuments, type YAMLError } from 'yaml'
import { checkDocument, checkDocuments } from './check-document.ts'
import { type FileProblem, sortProblems } from './file-problem.ts'
import type { ParsedTenant, TenantFileRules } from './parsed-tenant.ts'
import { type TenantDocument, tenantFileShape } from './tenant-file-schema.ts'
import { type Environment, YamlSource } from './yaml-source.ts'

export const TENANT_FILE_BYTES_MAX = 5 * 1_024 * 1_024

export interface ParsedTenantFile {
  /** What could be read, also where there are problems: so that further checks can tell theirs at once. */
  readonly tenants: readonly ParsedTenant[]
  readonly problems: readonly FileProblem[]
  readonly warnings: readonly FileProblem[]
}

/**
 * Reads a tenant file: YAML, one document for each tenant, environment variables put in. Everything that is wrong with
 * the file alone is told at once, each with its place; what it says about the store is checked by the plan.
 */
export function parseTenantFile(p: {
  /** As problems name it. */
  readonly file: string
  readonly text: string
  readonly environment: Environment
  readonly rules: TenantFileRules
}): ParsedTenantFile {
  const whole = (message: string): ParsedTenantFile => ({
    tenants: [],
    problems: [{ file: p.file, line: 1, column: 1, path: '', message }],
    warnings: [],
  })
  if (Buffer.byteLength(p.text) > TENANT_FILE_BYTES_MAX) {
    return whole('the file is larger than 5 MiB: split it into several')
  }
  const lines = new LineCounter()
  const documents = readDocuments(p.text, lines)
  if (documents === undefined) {
    return whole('the file is nested too deeply to be a tenant file')
  }
  const parsed = documents
    .filter((document) => document.contents !== null || document.errors.length > 0)
    .map((document) => {
      const source = new YamlSource({ file: p.file, document, lines, environment: p.environment })
      return { source, entry: readDocument(document, source) }
    })
  if (parsed.length === 0) {
    return whole('the file holds no tenant: begin with tenant: { code: … }')
  }
  const tenants = parsed.flatMap(({ entry, source }) => (entry === undefined ? [] : [{ entry, source }]))
  for (const tenant of tenants) {
    checkDocument(tenant, p.rules)
  }
  checkDocuments(tenants)
  return {
    tenants,
    problems: sortProblems(parsed.flatMap(({ source }) => source.problems)),
    warnings: sortProblems(parsed.flatMap(({ source }) => source.warnings)),
  }
}

/** Undefined: deeper than the stack, which only a hostile file is. */
function readDocuments(text: string, lineCounter: LineCounter): readonly Document[] | undefined {
  try {
    // keys that stand twice are told by our own reader, which does not compare each key with each other
    return [
      ...parseAllDocuments(text, { lineCounter, prettyErrors: false, uniqueKeys: false, logLevel: 'silent' }),
    ]
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined
    }
    throw error
  }
}

function readDocument(document: Document, source: YamlSource): TenantDocument | undefined {
  const faults = [...document.errors, ...document.warnings]
  for (const fault of faults) {
    source.report({ node: undefined, offset: fault.pos[0], path: '' }, describeFault(fault))
  }
  if (document.errors.length > 0) {
    return undefined // what follows a fault of form is guesswork
  }
  const root = source.enter(document.contents, '', document.range?.[0] ?? 0)
  return tenantFileShape.read(root, source)
}

/** The library's own sentences quote the file, which may hold secrets. */
function describeFault(fault: YAMLError): string {
  const sentences: Partial<Record<YAMLError['code'], string>> = {
    BAD_ALIAS: 'this alias has no proper name: put the text in quotes if it is none',
    BAD_DQ_ESCAPE: 'this \\ escape is not known inside "…": use single quotes or \\\\',
    BAD_INDENT: 'the indentation does not fit the lines above',
    BAD_SCALAR_START: 'text cannot begin with this character: put it in quotes',
    BLOCK_AS_IMPLICIT_KEY: 'there are two values on one line: put the text in quotes',
    MISSING_CHAR: 'a closing quote, bracket, comma or colon is missing here or above',
    MULTILINE_IMPLICIT_KEY: 'a colon is missing after the key, or quotes around text of several lines',
    TAB_AS_INDENT: 'lines must be indented with spaces, not tabs',
    TAG_RESOLVE_FAILED: 'this ! tag is not known: put the text in quotes if it is none',
    UNEXPECTED_TOKEN: 'this does not belong here: check quotes, brackets and indentation above',
  }
  return `is not YAML: ${sentences[fault.code] ?? `check the syntax here (${fault.code})`}`
}
