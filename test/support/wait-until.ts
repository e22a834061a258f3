const POLL_MS = 20

/** Resolves once `isTrue` says so; for what another process does in its own time. @throws Error when it never does */
export async function waitUntil(isTrue: () => Promise<boolean>, waitMsMax = 15_000): Promise<void> {
  const giveUpAt = Date.now() + waitMsMax
  while (!(await isTrue())) {
    if (Date.now() > giveUpAt) {
      throw new Error(`not so after ${waitMsMax} ms: ${isTrue.toString()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
