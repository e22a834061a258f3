import { type BreachSource, RANGE_BYTES_MAX } from './breach-source.ts'

/** The employee waits meanwhile. */
const ANSWER_MS_MAX = 3_000

/** A service that answers `GET {url}/{prefix}` like the public one. It learns a prefix, and whether we ask. */
export function createRangeService(url: string, answerMsMax: number = ANSWER_MS_MAX): BreachSource {
  return {
    async readRange(prefix) {
      const answer = await ask(`${url}/${prefix}`, answerMsMax)
      if (answer.status !== 200) {
        await answer.body?.cancel()
        throw new Error(`the service answered with status ${answer.status}`)
      }
      return await readBounded(answer)
    },
  }
}

async function ask(url: string, answerMsMax: number): Promise<Response> {
  try {
    return await fetch(url, {
      headers: {
        // answers of one length: who sees only the size of the encrypted answer learns no prefix
        'Add-Padding': 'true',
        Accept: 'text/plain',
        'User-Agent': 'rekey',
      },
      redirect: 'error', // the operator named this service, and no other
      signal: AbortSignal.timeout(answerMsMax),
    })
  } catch (cause) {
    throw new Error('the service cannot be reached, took too long, or leads elsewhere', { cause })
  }
}

async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > RANGE_BYTES_MAX) {
      throw new Error('the answer of the service is too long') // leaving the loop ends the transfer
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}
