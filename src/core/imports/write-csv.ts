import { defuseFormula } from './defuse-formula.ts'

/** One record (RFC 4180), its formulas defused. */
export function writeCsvRecord(cells: readonly string[]): string {
  return `${cells.map((cell) => quoteCell(defuseFormula(cell))).join(',')}\r\n`
}

/** So that a spreadsheet reads UTF-8 as such. */
export const BYTE_ORDER_MARK = '\uFEFF'

function quoteCell(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
