/** Answers for one prefix of a digest: every known suffix, one a line, as `SUFFIX:COUNT`. */
export interface BreachSource {
  /**
   * @param prefix five hexadecimal digits in upper case: 20 of the digest's 160 bits
   * @throws Error why the source has no answer
   */
  readRange(prefix: string): Promise<string>
}

/** Three times what the largest range of the public list takes, padding included. */
export const RANGE_BYTES_MAX = 256 * 1_024
