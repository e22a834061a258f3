import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

export interface Child {
  readonly pid: number
  /** Sends a question and waits for its answer. One at a time. */
  ask<Answer>(question: unknown): Promise<Answer>
  stop(): Promise<void>
}

/** Starts one of the bench's own programs beside this file. */
export function startChild(file: string): Child {
  const child = fork(join(import.meta.dirname, file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    pid: child.pid ?? 0,
    ask: (question) => ask(child, file, question),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function ask<Answer>(child: ChildProcess, file: string, question: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`${file} ended without an answer`))
    child.once('exit', onExit)
    child.once('message', (answer: { readonly value: Answer } | { readonly error: string }) => {
      child.off('exit', onExit)
      if ('error' in answer) {
        reject(new Error(`${file}: ${answer.error}`))
      } else {
        resolve(answer.value)
      }
    })
    child.send({ question })
  })
}

/** In such a program: answers every question by this function. */
export function answerQuestions<Question>(answer: (question: Question) => Promise<unknown>): void {
  process.on('message', ({ question }: { readonly question: Question }) => {
    answer(question).then(
      (value) => process.send?.({ value }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
    )
  })
  process.on('disconnect', () => process.exit(0))
}
