import { Worker } from 'node:worker_threads'
import { ApiError } from '../../errors/api-error.ts'
import { MINUTE_MS, SECOND_MS } from '../clock.ts'
import type { Secret } from '../secret.ts'
import type { StrengthJudge } from './password-judges.ts'
import type { StrengthQuestion, StrengthReport, StrengthVerdict } from './strength-worker.ts'

/** Passwords that may wait, each 5 to 40 ms; one more is answered 503. */
const QUEUE_MAX = 64
/** A hundred times the worst that is known of one password on an idle core. */
const JUDGE_MS_MAX = 5 * SECOND_MS
/** Loading the lists takes a quarter of a second when the machine is idle. */
const LOAD_MS_MAX = 20 * SECOND_MS
/** Then the thread ends; what the process keeps of its memory serves the next one. */
const IDLE_MS_MAX = 5 * MINUTE_MS
/** A password whose thread dies is judged once more, by a new one. */
const TRIES_MAX = 2
/** Beyond what loading and judging take: a thread that wants more has gone astray. */
const HEAP_MB_MAX = 384

export interface StrengthJudgeOptions {
  /** Told in a sentence without anything of a password. */
  readonly onTrouble?: (note: string) => void
  readonly judgeMsMax?: number
  readonly idleMsMax?: number
  /** Told of each thread that is started. */
  readonly onStart?: (worker: Worker) => void
}

export interface ClosableStrengthJudge extends StrengthJudge {
  /** Ends the thread; what is not judged yet is answered 503. */
  close(): Promise<void>
}

/**
 * Judges strength on a thread of its own, one password at a time, so that the event loop never waits for it. The thread
 * starts with the first password. One that takes too long counts as strong enough, as it is of no list: those are found
 * first of all; if the thread dies, it is asked again, and then the answer is 503.
 */
export function createStrengthJudge(options: StrengthJudgeOptions = {}): ClosableStrengthJudge {
  return new StrengthThread(options)
}

interface Question {
  readonly password: Secret
  readonly facts: readonly string[]
  tries: number
  readonly answer: (isWeak: boolean) => void
  readonly fail: (error: ApiError) => void
}

class StrengthThread implements ClosableStrengthJudge {
  readonly #options: StrengthJudgeOptions
  readonly #waiting: Question[] = []
  #worker: Worker | undefined
  #isReady = false
  #current: Question | undefined
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: StrengthJudgeOptions) {
    this.#options = options
  }

  async isWeak(password: Secret, facts: readonly string[]): Promise<boolean> {
    if (this.#isClosed || this.#waiting.length >= QUEUE_MAX) {
      throw busy('strength_queue_full')
    }
    return await new Promise((answer, fail) => {
      this.#waiting.push({ password, facts, tries: 0, answer, fail })
      this.#askNext()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const question of [this.#current, ...this.#waiting.splice(0)]) {
      question?.fail(busy('strength_unavailable'))
    }
    this.#current = undefined
    await this.#end()
  }

  #askNext(): void {
    if (this.#current !== undefined) {
      return
    }
    this.#current = this.#waiting.shift()
    if (this.#current === undefined) {
      this.#rest()
    } else if (this.#worker === undefined) {
      this.#start()
    } else if (this.#isReady) {
      this.#handOver(this.#worker, this.#current)
    }
  }

  #start(): void {
    const worker = new Worker(workerUrl(), {
      env: {}, // the settings of the server are no business of its
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    })
    this.#worker = worker
    this.#isReady = false
    const isOurs = () => this.#worker === worker
    worker.on('message', (report: StrengthReport) => {
      if (isOurs()) this.#hear(worker, report)
    })
    // not the error itself: it may quote what was judged
    worker.on('error', () => {
      if (isOurs()) this.#lose('it failed')
    })
    worker.on('exit', () => {
      if (isOurs()) this.#lose('it ended')
    })
    this.#within(LOAD_MS_MAX, () => this.#lose('it did not start in time'))
    this.#options.onStart?.(worker)
  }

  #hear(worker: Worker, report: StrengthReport): void {
    if (report === 'ready') {
      this.#isReady = true
      if (this.#current !== undefined) this.#handOver(worker, this.#current)
    } else {
      this.#settle(report)
    }
  }

  #handOver(worker: Worker, { password, facts }: Question): void {
    worker.ref()
    worker.postMessage({ password: password.reveal(), facts } satisfies StrengthQuestion)
    this.#within(this.#options.judgeMsMax ?? JUDGE_MS_MAX, () => {
      void this.#end()
      this.#settle('unjudged')
    })
  }

  #settle(verdict: StrengthVerdict): void {
    if (verdict === 'unjudged') {
      this.#options.onTrouble?.('the strength of a password could not be judged: it counts as strong enough')
    }
    this.#current?.answer(verdict === 'weak')
    this.#current = undefined
    this.#askNext()
  }

  /** The thread is gone, or of no use: what it was asked is asked again, or cannot be answered. */
  #lose(why: string): void {
    this.#options.onTrouble?.(`the thread that judges the strength of passwords was lost: ${why}`)
    void this.#end()
    const question = this.#current
    this.#current = undefined
    if (question !== undefined) {
      question.tries += 1
      if (question.tries < TRIES_MAX) {
        this.#waiting.unshift(question)
      } else {
        question.fail(busy('strength_unavailable'))
      }
    }
    this.#askNext()
  }

  /** Nothing to do: the thread keeps no process alive, and ends by and by. */
  #rest(): void {
    this.#worker?.unref()
    this.#within(this.#options.idleMsMax ?? IDLE_MS_MAX, () => void this.#end())
    this.#timer?.unref()
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer)
    const worker = this.#worker
    this.#worker = undefined
    this.#isReady = false
    await worker?.terminate()
  }

  // real time, not the clock of the rules: it bounds a real thread
  #within(waitMsMax: number, act: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(act, waitMsMax)
  }
}

function busy(detail: string): ApiError {
  return new ApiError('REQUEST.9011', { detail, retryAfterSeconds: 1 })
}

/** Beside this file: its source in a clone, JavaScript in the packed form. */
function workerUrl(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return new URL(`./strength-worker.${extension}`, import.meta.url)
}
