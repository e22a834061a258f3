/** Where what comes is held until the test lets it go on. */
export interface Gate {
  /** How many are held now. */
  readonly held: number
  /** Comes through at once while the gate is open. */
  pass(): Promise<void>
  shut(): void
  open(): void
}

export function createGate(): Gate {
  let isShut = false
  const held: (() => void)[] = []
  return {
    get held() {
      return held.length
    },
    async pass() {
      if (isShut) {
        await new Promise<void>((resolve) => held.push(resolve))
      }
    },
    shut() {
      isShut = true
    },
    open() {
      isShut = false
      for (const letGo of held.splice(0)) {
        letGo()
      }
    },
  }
}
