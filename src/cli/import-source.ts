import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CommandError } from './command-error.ts'

/** A file that is read several times: to know it again, to import it, and to write down what was refused. */
export interface ImportSource {
  readonly bytes: number
  /** SHA-256 of the content, hexadecimal. */
  readonly digest: string
  open(): AsyncIterable<Uint8Array>
  /** Removes what was kept of standard input. */
  close(): Promise<void>
}

/** @throws CommandError it is no file, or cannot be read */
export async function openImportSource(path: string, stdin: Readable): Promise<ImportSource> {
  if (path !== '-') {
    return await openFile(path, async () => undefined)
  }
  const folder = await mkdtemp(join(tmpdir(), 'rekey-import-')) // of mode 0700
  const close = () => rm(folder, { recursive: true, force: true })
  try {
    const file = join(folder, 'stdin')
    await pipeline(stdin, createWriteStream(file, { mode: 0o600 }))
    return await openFile(file, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function openFile(path: string, close: () => Promise<void>): Promise<ImportSource> {
  try {
    const found = await stat(path)
    if (!found.isFile()) {
      throw new CommandError(`${path} is no file.`)
    }
    const hash = createHash('sha256')
    let start = Buffer.alloc(0)
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      start = start.length < 2 ? Buffer.concat([start, chunk.subarray(0, 2)]) : start
      hash.update(chunk)
    }
    requireNoUtf16(path, start)
    return { bytes: found.size, digest: hash.digest('hex'), open: () => createReadStream(path), close }
  } catch (error) {
    if (error instanceof CommandError || !(error instanceof Error) || !('code' in error)) {
      throw error
    }
    throw new CommandError(`${path} cannot be read: ${String(error.code)}.`, { cause: error })
  }
}

function requireNoUtf16(path: string, [first, second]: Buffer): void {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new CommandError(`${path} is UTF-16: save it as "CSV UTF-8".`)
  }
}
