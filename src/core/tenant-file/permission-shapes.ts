import { permissionCodes } from '../permissions/permission-codes.ts'
import { nearestWord } from './nearest-word.ts'
import { text } from './scalar-shapes.ts'
import { readText, type Shape } from './shape.ts'

const isCode = (value: string) => (/^[a-z][a-z0-9_-]*$/.test(value) ? value : undefined)

/** Like the built-in codes, so that no two look alike. */
export const bundleCode = text({
  type: 'lower-case letters, digits, _ and -',
  lengthMax: 64,
  normalise: isCode,
  complaint: 'is no code of a bundle: use lower-case letters, digits, _ and - after a letter',
})

/** Of an application: a built-in code or that of a bundle. Whether there is such a one, the plan knows. */
export const permissionWord = text({
  type: 'permission code or bundle',
  lengthMax: 64,
  normalise: isCode,
  complaint: 'is neither a permission code nor a bundle: both have lower-case letters, digits, _ and - only',
})

/** Of a bundle: a built-in code, and no other bundle. */
export const builtInCode: Shape<(typeof permissionCodes)[number]> = {
  type: 'permission code',
  read(place, source) {
    const read = readText(place, source)
    const found = permissionCodes.find((code) => code === read?.value)
    if (read !== undefined && found === undefined) {
      const message = `${read.shown} is no built-in permission code: a bundle holds ${listCodes()}, and no other bundle`
      source.report(place, message + hintFor(read.value, permissionCodes))
    }
    return found
  },
}

/** Beside the built-in codes there may be those of bundles. */
export function complainOfPermission(word: string, bundles: Iterable<string>): string {
  const complaint = `${JSON.stringify(word)} is neither a permission code nor a bundle: write ${listCodes()}, or the code of an entry of permission_bundles`
  return complaint + hintFor(word, [...permissionCodes, ...bundles])
}

function listCodes(): string {
  return `${permissionCodes.slice(0, -1).join(', ')} or ${permissionCodes.at(-1)}`
}

function hintFor(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known)
  return nearest === undefined ? '' : `; did you mean ${nearest}?`
}
