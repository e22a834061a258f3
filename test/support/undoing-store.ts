import type { Repositories, Store } from '../../src/store/store.ts'

/** The same store, whose every transaction comes to nothing. */
export function undoing(store: Store): Store {
  return {
    ...store,
    async transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
      try {
        return await store.transaction(async (repositories) => {
          throw new Undone(await work(repositories))
        })
      } catch (error) {
        if (error instanceof Undone) {
          return error.result as T
        }
        throw error
      }
    },
  }
}

/** Carries the result out of a transaction that is rolled back. */
class Undone extends Error {
  readonly result: unknown
  constructor(result: unknown) {
    super('undone')
    this.result = result
  }
}
