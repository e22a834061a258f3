import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { openApp } from '../../src/app.ts'
import { loadSettings } from '../../src/config/load.ts'

/**
 * The real server as a process of its own that ends itself, as a power cut would, at one named point of a reset:
 * REKEY_TEST_POINT names it, REKEY_TEST_POINT_FILE proves that it was reached. Without a point it just serves.
 */
const point = process.env.REKEY_TEST_POINT
const pointFile = process.env.REKEY_TEST_POINT_FILE ?? ''

const app = await openApp({
  settings: loadSettings(process.env),
  hashParameters: 'argon2id$m=64,t=1,p=1',
  reached: endAt,
  webhookHandedOver: () => endAt('webhook-handed-over'),
})
const { url } = await app.listen()
console.log(`ready ${url}`)
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)))

function endAt(reached: string): void | Promise<void> {
  if (reached === point) {
    const file = openSync(pointFile, 'w')
    writeSync(file, reached)
    fsyncSync(file)
    closeSync(file)
    process.kill(process.pid, 'SIGKILL')
    return new Promise(() => undefined) // SIGKILL is delivered before anything else runs
  }
}
