import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Paths of all files below a folder of the repository, `/` between the parts; folders like `.tmp` are left out. */
export function listFiles(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') ? [] : listFiles(path)
    }
    return [path]
  })
}
