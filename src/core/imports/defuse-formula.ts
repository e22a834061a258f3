/** What makes a spreadsheet take a cell for a formula, also behind quotes, which some take away. */
const FORMULA = '["\']*[=+\\-@\\t\\r\\n\uff0b\uff0d\uff1d\uff20]'
const dangerous = new RegExp(`^${FORMULA}`)
const defused = new RegExp(`^'${FORMULA}`)

/** The cell as text that no spreadsheet runs: with a leading `'` where it could. `readDefused` takes exactly that away. */
export function defuseFormula(cell: string): string {
  return dangerous.test(cell) ? `'${cell}` : cell
}

/** What `defuseFormula` was given. A leading `'` that defuses nothing is part of the text: `'t Hooft`. */
export function readDefused(cell: string): string {
  return defused.test(cell) ? cell.slice(1) : cell
}
