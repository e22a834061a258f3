import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { type BreachSource, RANGE_BYTES_MAX } from './breach-source.ts'

/** A folder with one file for each prefix, `21BD1.txt`, as the downloader of the public list writes them. */
export function createRangeFolder(folder: string): BreachSource {
  return {
    async readRange(prefix) {
      // a whole list has a file for every prefix: one that is missing is no proof that a password is safe
      const file = await open(join(folder, `${prefix}.txt`)).catch((error: unknown) => {
        const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
        throw new Error(`a range file cannot be opened (${reason})`)
      })
      try {
        const { size } = await file.stat()
        if (size > RANGE_BYTES_MAX) {
          throw new Error('a range file is too large to be one')
        }
        return await file.readFile('latin1')
      } finally {
        await file.close()
      }
    },
  }
}
