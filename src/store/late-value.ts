/** A parameter that is read when its statement runs, not when it is built: the clock's, in statements that are kept. */
export class LateValue {
  readonly read: () => unknown

  constructor(read: () => unknown) {
    this.read = read
  }
}

/** The parameters as they are now. */
export function readLateValues(parameters: readonly unknown[]): readonly unknown[] {
  return parameters.some(isLate)
    ? parameters.map((value) => (isLate(value) ? value.read() : value))
    : parameters
}

function isLate(value: unknown): value is LateValue {
  return value instanceof LateValue
}
