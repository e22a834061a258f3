/** Characters of one record; the longest that a user can be stays far below. */
export const RECORD_LENGTH_MAX = 65_536
export const COLUMNS_MAX = 500

export type CsvFault = 'not_utf8' | 'quote_not_closed' | 'quote_misplaced' | 'too_long' | 'too_many_columns'

export type CsvRecord = {
  /** Where it begins, from 1. */
  readonly line: number
} & (
  | { readonly cells: readonly string[] }
  | {
      readonly fault: CsvFault
      /** Which cell, from 1. */
      readonly column: number
    }
)

/**
 * Reads CSV (RFC 4180, in UTF-8 with or without a byte order mark, lines ended by CR LF or LF) record by record, in
 * bounded memory. What cannot be read is one record with a fault, and reading goes on with the next line: a quote that
 * is never closed costs its own line and not the rest of the file. Empty lines are no records.
 */
export async function* readCsv(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  /** Lines that are read and not yet part of a record, the first of them at number `at`. */
  let waiting: PhysicalLine[] = []
  let taken = 0
  let at = 1
  const source = readLines(chunks)
  let isOver = false

  const lineAt = async (index: number): Promise<PhysicalLine | undefined> => {
    while (waiting.length - taken <= index && !isOver) {
      const next = await source.next()
      isOver = next.done === true
      if (!next.done) waiting.push(next.value)
    }
    return waiting[taken + index]
  }

  for (;;) {
    const first = await lineAt(0)
    if (first === undefined) {
      return
    }
    const { record, lines } = await readRecord(first, at, lineAt)
    taken += lines
    if (taken > waiting.length / 2) {
      waiting = waiting.slice(taken)
      taken = 0
    }
    at += lines
    if (record !== undefined) {
      yield record
    }
  }
}

interface PhysicalLine {
  /** With its end; undefined: it is not UTF-8, or longer than a record may be. */
  readonly text: string | undefined
  readonly isTooLong: boolean
}

interface ReadRecord {
  /** Undefined: the line is empty. */
  readonly record: CsvRecord | undefined
  readonly lines: number
}

async function readRecord(
  first: PhysicalLine,
  line: number,
  lineAt: (index: number) => Promise<PhysicalLine | undefined>,
): Promise<ReadRecord> {
  const faulty = (fault: CsvFault, column: number) => ({ record: { line, fault, column }, lines: 1 })
  let text = ''
  for (let lines = 1; ; lines += 1) {
    const next = lines === 1 ? first : await lineAt(lines - 1)
    if (next?.text === undefined || text.length + next.text.length > RECORD_LENGTH_MAX) {
      const column = lines === 1 ? 1 : columnOf(text)
      const own = next?.isTooLong ? 'too_long' : 'not_utf8'
      return faulty(lines === 1 ? own : 'quote_not_closed', column)
    }
    text += next.text
    if (lines > 1 && !next.text.includes('"')) {
      continue // within the quotes still: to look at all of it again for every line would take for ever
    }
    const split = splitCells(text)
    if ('fault' in split) {
      return faulty(split.fault, split.column)
    }
    if (!split.isOpen) {
      const isEmpty = lines === 1 && split.cells.length === 1 && split.cells[0] === ''
      return { record: isEmpty ? undefined : { line, cells: split.cells }, lines }
    }
  }
}

/** Which cell was open at the end. */
function columnOf(text: string): number {
  const split = splitCells(text)
  return 'cells' in split ? split.cells.length : split.column
}

type Split =
  | { readonly cells: readonly string[]; readonly isOpen: boolean }
  | { readonly fault: CsvFault; readonly column: number }

/** `isOpen`: the text ends within quotes. */
function splitCells(text: string): Split {
  const cells: string[] = []
  let from = 0
  for (;;) {
    const cell = text[from] === '"' ? readQuoted(text, from) : readBare(text, from)
    if (cell === 'misplaced') {
      return { fault: 'quote_misplaced', column: cells.length + 1 }
    }
    cells.push(cell.value)
    if (cells.length > COLUMNS_MAX) {
      return { fault: 'too_many_columns', column: COLUMNS_MAX + 1 }
    }
    if (cell.end === undefined || text[cell.end] !== ',') {
      return { cells, isOpen: cell.end === undefined }
    }
    from = cell.end + 1
  }
}

interface Cell {
  readonly value: string
  /** Of the comma or line end behind it; undefined: the quotes are open. */
  readonly end: number | undefined
}

function readBare(text: string, from: number): Cell | 'misplaced' {
  const comma = text.indexOf(',', from)
  const end = comma === -1 ? endOfLine(text) : comma
  const value = text.slice(from, end)
  return value.includes('"') ? 'misplaced' : { value, end }
}

function readQuoted(text: string, from: number): Cell | 'misplaced' {
  let value = ''
  for (let start = from + 1; ; ) {
    const quote = text.indexOf('"', start)
    if (quote === -1) {
      return { value: value + text.slice(start), end: undefined }
    }
    value += text.slice(start, quote)
    const next = text[quote + 1]
    if (next !== '"') {
      const end = quote + 1
      return next === ',' || end === endOfLine(text) ? { value, end } : 'misplaced'
    }
    value += '"'
    start = quote + 2
  }
}

/** Where the line end begins that the text ends with. */
function endOfLine(text: string): number {
  if (!text.endsWith('\n')) {
    return text.length
  }
  return text.endsWith('\r\n') ? text.length - 2 : text.length - 1
}

const LINE_FEED = 0x0a
/** Bytes of a character at most. */
const LINE_BYTES_MAX = RECORD_LENGTH_MAX * 4

/** In bytes first, because no byte of another character is a line feed: one line that is not UTF-8 spoils no other. */
async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<PhysicalLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const decode = (bytes: Uint8Array): string | undefined => {
    try {
      return decoder.decode(bytes)
    } catch {
      return undefined
    }
  }
  let parts: Uint8Array[] = []
  let length = 0
  let isFirst = true

  const take = (end: Uint8Array): PhysicalLine => {
    const isTooLong = length + end.length > LINE_BYTES_MAX
    const bytes = isTooLong ? undefined : Buffer.concat([...parts, end])
    parts = []
    length = 0
    const text = bytes && decode(bytes)
    const line = { text: isFirst ? text?.replace(/^\uFEFF/, '') : text, isTooLong }
    isFirst = false
    return line
  }

  for await (const chunk of chunks) {
    let from = 0
    for (let feed = chunk.indexOf(LINE_FEED); feed !== -1; feed = chunk.indexOf(LINE_FEED, from)) {
      yield take(chunk.subarray(from, feed + 1))
      from = feed + 1
    }
    const rest = chunk.subarray(from)
    length += rest.length
    if (length <= LINE_BYTES_MAX) {
      parts.push(rest)
    }
  }
  if (length > 0) {
    yield take(new Uint8Array())
  }
}
