import { once } from 'node:events'

/** Prints what comes, as fast as it is read. `rekey … | head` closes the pipe: enough was read, and nothing is wrong. */
export async function printChunks(texts: AsyncIterable<string>): Promise<void> {
  const reader = watchReader()
  for await (const text of texts) {
    if (reader.isGone()) {
      return
    }
    if (!process.stdout.write(text)) {
      await Promise.race([once(process.stdout, 'drain'), reader.gone])
    }
  }
  await Promise.race([new Promise((resolve) => process.stdout.write('', resolve)), reader.gone])
}

function watchReader(): { isGone(): boolean; readonly gone: Promise<void> } {
  let isGone = false
  const gone = new Promise<void>((resolve, reject) => {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      isGone = true
      error.code === 'EPIPE' ? resolve() : reject(error)
    })
  })
  gone.catch(() => undefined)
  return { isGone: () => isGone, gone }
}
