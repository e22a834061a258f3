import { ApiError, type BilingualText } from '../../errors/api-error.ts'
import type { AttributeDefinition } from '../attributes/attribute-definition.ts'
import type { ImportRow } from './import-row.ts'
import { COLUMNS_MAX, type CsvFault, type CsvRecord, RECORD_LENGTH_MAX, readCsv } from './read-csv.ts'
import { readUserCells } from './user-cells.ts'
import { complainOfHeader } from './user-columns.ts'

/** A row of a file as it stands there, beside what it says. */
export interface FileRow extends ImportRow {
  /** Undefined: they could not be told apart. */
  readonly cells: readonly string[] | undefined
}

export interface UserFile {
  readonly header: readonly string[]
  readonly rows: AsyncIterable<FileRow>
}

/** What keeps a file from being read at all. */
export class UserFileError extends Error {
  override readonly name = 'UserFileError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super('the file cannot be read as users')
    this.problems = problems
  }
}

/**
 * Reads a file of users; its rows come one by one, in bounded memory.
 * @throws UserFileError there is no header, or it is not one of users
 */
export async function readUserFile(
  chunks: AsyncIterable<Uint8Array>,
  definitions: readonly AttributeDefinition[],
): Promise<UserFile> {
  const records = readCsv(chunks)
  const first = await records.next()
  if (first.done === true) {
    throw new UserFileError(['it is empty: the first line names the columns'])
  }
  if ('fault' in first.value) {
    throw new UserFileError([`line ${first.value.line}: ${describe(first.value.fault).en}`])
  }
  const header = first.value.cells.map((cell) => cell.trim())
  const complaints = complainOfHeader(header)
  if (complaints.length > 0) {
    throw new UserFileError(complaints)
  }
  return { header, rows: toRows(records, header, definitions) }
}

async function* toRows(
  records: AsyncIterable<CsvRecord>,
  header: readonly string[],
  definitions: readonly AttributeDefinition[],
): AsyncGenerator<FileRow> {
  for await (const record of records) {
    const { line } = record
    if ('fault' in record) {
      const field = header[record.column - 1] ?? ''
      yield { line, cells: undefined, given: unreadable(describe(record.fault), field) }
    } else {
      yield { line, cells: record.cells, given: readCells(header, record.cells, definitions) }
    }
  }
}

function readCells(
  header: readonly string[],
  cells: readonly string[],
  definitions: readonly AttributeDefinition[],
): ImportRow['given'] {
  // spreadsheets fill rows up with empty cells
  const isLonger = cells.slice(header.length).some((cell) => cell !== '')
  if (cells.length < header.length || isLonger) {
    return unreadable(
      {
        en: `it has ${cells.length} cells, the header ${header.length}`,
        zh: `有${cells.length}个单元格,表头有${header.length}个`,
      },
      '',
    )
  }
  return readUserCells(header, cells, definitions)
}

function unreadable(why: BilingualText, field: string): ApiError {
  return new ApiError('IMPORT.9002', { params: [why], detail: field })
}

function describe(fault: CsvFault): BilingualText {
  switch (fault) {
    case 'not_utf8':
      return { en: 'it is not UTF-8', zh: '不是UTF-8编码' }
    case 'quote_not_closed':
      return { en: 'a quote is not closed', zh: '引号未闭合' }
    case 'quote_misplaced':
      return { en: 'a quote stands where none may be', zh: '引号位置错误' }
    case 'too_long':
      return {
        en: `it is longer than ${RECORD_LENGTH_MAX} characters`,
        zh: `超过${RECORD_LENGTH_MAX}个字符`,
      }
    case 'too_many_columns':
      return { en: `it has more than ${COLUMNS_MAX} cells`, zh: `超过${COLUMNS_MAX}个单元格` }
  }
}
