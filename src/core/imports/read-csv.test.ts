import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDefused } from './defuse-formula.ts'
import { type CsvRecord, RECORD_LENGTH_MAX, readCsv } from './read-csv.ts'
import { writeCsvRecord } from './write-csv.ts'

async function read(content: string | Uint8Array, chunkBytes = 7): Promise<readonly CsvRecord[]> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  async function* chunks() {
    for (let from = 0; from < bytes.length; from += chunkBytes) {
      yield bytes.subarray(from, from + chunkBytes)
    }
  }
  const records: CsvRecord[] = []
  for await (const record of readCsv(chunks())) {
    records.push(record)
  }
  return records
}

describe('reading CSV', () => {
  it.each([
    ['ends its lines with LF', 'a,b\n1,2\n'],
    ['ends its lines with CR LF', 'a,b\r\n1,2\r\n'],
    ['does not end its last line', 'a,b\n1,2'],
    ['begins with a byte order mark', '\uFEFFa,b\n1,2\n'],
    ['puts cells in quotes', '"a","b"\r\n"1","2"\r\n'],
  ])('takes a file that %s', async (_what, text) => {
    expect(await read(text)).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', '2'] },
    ])
  })

  it('keeps line breaks, commas and quotes that stand in quotes, and counts their lines', async () => {
    expect(await read('a\n"1\r\n""2"",\n3"\n\n\nb\n')).toEqual([
      { line: 1, cells: ['a'] },
      { line: 2, cells: ['1\r\n"2",\n3'] },
      { line: 7, cells: ['b'] },
    ])
  })

  it('goes on behind a quote that nobody closed', async () => {
    expect(await read('a,b\n1,"x\n3,4\n5,"6"\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, fault: 'quote_misplaced', column: 2 },
      { line: 3, cells: ['3', '4'] },
      { line: 4, cells: ['5', '6'] },
    ])
    expect(await read('a,b\n1,"x\n3,4\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, fault: 'quote_not_closed', column: 2 },
      { line: 3, cells: ['3', '4'] },
    ])
  })

  it.each(['1,x"y\n', '1,"x"y\n'])('says where a quote is misplaced: %s', async (text) => {
    expect((await read(`${text}3,4\n`)).map(({ line }) => line)).toEqual([1, 2])
    expect((await read(text))[0]).toEqual({ line: 1, fault: 'quote_misplaced', column: 2 })
  })

  it('goes on behind a line that is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('a\n'), Buffer.from([0xc4, 0xe3, 0x0a]), Buffer.from('b\n')])
    expect(await read(bytes)).toEqual([
      { line: 1, cells: ['a'] },
      { line: 2, fault: 'not_utf8', column: 1 },
      { line: 3, cells: ['b'] },
    ])
  })

  it('goes on behind a record that is too long, however long it is', async () => {
    const long = 'x'.repeat(RECORD_LENGTH_MAX * 9)
    expect(await read(`a\n${long}\nb\n`, 65_536)).toEqual([
      { line: 1, cells: ['a'] },
      { line: 2, fault: 'too_long', column: 1 },
      { line: 3, cells: ['b'] },
    ])
    const lines = `"${'x\n'.repeat(RECORD_LENGTH_MAX)}`
    const records = await read(`a\n${lines}`, 65_536)
    expect(records[1]).toEqual({ line: 2, fault: 'quote_not_closed', column: 1 })
    expect(records[2]).toEqual({ line: 3, cells: ['x'] })
  })

  it('refuses more columns than anybody has', async () => {
    expect(await read(`${','.repeat(501)}\na\n`)).toEqual([
      { line: 1, fault: 'too_many_columns', column: 501 },
      { line: 2, cells: ['a'] },
    ])
  })

  it('reads what was written, whatever it is, and no cell looks like a formula', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({
        unit: fc.constantFrom('=', '+', '-', '@', "'", '"', '\t', '\r', '\n', ',', 'a', ' '),
        maxLength: 6,
      }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        async (cells, chunk) => {
          const wellFormed = cells.map((one) => one.toWellFormed())
          const [record] = await read(`a\n${writeCsvRecord(wellFormed)}`, chunk).then((all) => all.slice(1))
          expect(record).toMatchObject({ line: 2, cells: expect.anything() })
          const written = record !== undefined && 'cells' in record ? record.cells : []
          expect(written.map(readDefused)).toEqual(wellFormed)
          expect(written.filter((one) => /^["']*[=+\-@\t\r]/.test(one) && !one.startsWith("'"))).toEqual([])
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
