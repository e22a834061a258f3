import type { AttemptOutcome } from '../../gateway.ts'

/** Which answers a rule means. Every part that is set must fit. */
export interface AnswerRule {
  readonly statuses: readonly StatusRange[]
  /** Dotted path into a JSON answer: `data.0.code`. */
  readonly path: string | undefined
  /** Values at the path, as text: `0` fits 0 and "0". */
  readonly equals: readonly string[]
  /** Text the answer holds. */
  readonly text: string | undefined
}

export interface StatusRange {
  readonly from: number
  readonly to: number
}

export interface AnswerRules {
  /** Taken. Default: any status from 200 to 299. */
  readonly accept: AnswerRule
  /** This recipient, or this message, will be taken by nobody. Default: no answer says so. */
  readonly refuse: AnswerRule | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly body: string
  /** The answer came to its end, or to the end of what is read of it. */
  readonly isComplete: boolean
  /** It was longer than what is read of it. */
  readonly isCut: boolean
}

const ruleKeys = ['status', 'json', 'equals', 'text']
const anySuccess: readonly StatusRange[] = [{ from: 200, to: 299 }]

/** What is wrong with `accept` or `refuse`; the sentences begin with the key. */
export function validateAnswerRule(key: 'accept' | 'refuse', value: unknown): readonly string[] {
  if (value === undefined || value === null) {
    return []
  }
  if (!isRecord(value)) {
    return [`${key} must be keys with values, such as { status: 200, json: code, equals: OK }`]
  }
  const problems = Object.keys(value)
    .filter((name) => !ruleKeys.includes(name))
    .map((name) => `${key}.${name} is no key: use ${ruleKeys.join(', ')}`)
  if (Object.keys(value).length === 0) {
    problems.push(`${key} is empty: say which answers it means, or remove it`)
  }
  if (isSet(value.status) && readStatuses(value.status) === undefined) {
    problems.push(`${key}.status must be statuses such as 200, 2xx, or a list of them`)
  }
  if (isSet(value.json) && (typeof value.json !== 'string' || !/^[^.\s]+(\.[^.\s]+)*$/.test(value.json))) {
    problems.push(`${key}.json must be a path into the answer, such as code or data.0.code`)
  }
  if (isSet(value.json) !== isSet(value.equals)) {
    problems.push(`${key}.json and ${key}.equals belong together: set both, or neither`)
  }
  if (isSet(value.equals) && readValues(value.equals) === undefined) {
    problems.push(`${key}.equals must be a value, or a list of values`)
  }
  if (isSet(value.text) && (typeof value.text !== 'string' || value.text === '')) {
    problems.push(`${key}.text must be text that the answer holds`)
  }
  return problems
}

export function readAnswerRules(accept: unknown, refuse: unknown): AnswerRules {
  return {
    accept: readRule(isRecord(accept) ? accept : {}),
    refuse: isRecord(refuse) ? readRule(refuse) : undefined,
  }
}

function readRule(value: Readonly<Record<string, unknown>>): AnswerRule {
  return {
    statuses: readStatuses(value.status) ?? [],
    path: typeof value.json === 'string' ? value.json : undefined,
    equals: readValues(value.equals) ?? [],
    text: typeof value.text === 'string' ? value.text : undefined,
  }
}

/**
 * What an answer to a request that was sent whole means. Only an answer that says no is a refusal; one that breaks off
 * where it matters, cannot be understood, or comes from a proxy that did not hear the vendor (502, 504) leaves open
 * whether the message was taken.
 */
export function judgeAnswer(rules: AnswerRules, answer: HttpAnswer): AttemptOutcome {
  const reply = `${answer.status} ${answer.body}`.trim()
  const refused = rules.refuse === undefined ? 'no' : fits(rules.refuse, answer, [])
  if (refused === 'yes') {
    return { kind: 'refused-recipient', reason: 'recipient_refused', reply }
  }
  const { status } = answer
  const isStatusAccepted = isWithin(
    status,
    rules.accept.statuses.length === 0 ? anySuccess : rules.accept.statuses,
  )
  if (!isStatusAccepted) {
    return status === 502 || status === 504
      ? { kind: 'unknown', reason: status === 504 ? 'gateway_timeout' : 'gateway_protocol', reply }
      : { kind: 'refused-here', reason: isAboutUs(status) ? 'gateway_auth' : 'gateway_refused', reply }
  }
  if (!answer.isComplete) {
    return { kind: 'unknown', reason: 'gateway_connection_lost', reply }
  }
  const accepted = fits(rules.accept, answer, anySuccess)
  if (accepted === 'yes') {
    return { kind: 'accepted', reply }
  }
  return accepted === 'no'
    ? { kind: 'refused-here', reason: 'gateway_refused', reply }
    : { kind: 'unknown', reason: 'gateway_protocol', reply }
}

function isAboutUs(status: number): boolean {
  return status === 401 || status === 403 || status === 407
}

function fits(
  rule: AnswerRule,
  answer: HttpAnswer,
  statusesDefault: readonly StatusRange[],
): 'yes' | 'no' | 'unclear' {
  const statuses = rule.statuses.length === 0 ? statusesDefault : rule.statuses
  if (statuses.length > 0 && !isWithin(answer.status, statuses)) {
    return 'no'
  }
  if (rule.text !== undefined && !answer.body.includes(rule.text)) {
    return answer.isCut ? 'unclear' : 'no'
  }
  if (rule.path === undefined) {
    return 'yes'
  }
  const value = readPath(answer.body, rule.path)
  if (value === undefined) {
    return 'unclear'
  }
  return rule.equals.includes(value) ? 'yes' : 'no'
}

/** The value at the path as text; undefined: no JSON, nothing there, or no plain value. */
function readPath(body: string, path: string): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
      return undefined
    }
    value = Reflect.get(value, key)
  }
  return typeof value === 'object' ? undefined : String(value)
}

function isWithin(status: number, ranges: readonly StatusRange[]): boolean {
  return ranges.some(({ from, to }) => status >= from && status <= to)
}

function readStatuses(value: unknown): readonly StatusRange[] | undefined {
  if (!isSet(value)) {
    return undefined
  }
  const words = (Array.isArray(value) ? value : [value]).flatMap((item) => String(item).split(/[\s,]+/))
  const ranges = words.map(readStatus)
  return ranges.every((range) => range !== undefined) && ranges.length > 0 ? ranges : undefined
}

function readStatus(word: string): StatusRange | undefined {
  const [, hundreds, rest] = /^([2-5])(\d\d|xx)$/i.exec(word) ?? []
  if (hundreds === undefined || rest === undefined) {
    return undefined
  }
  return /\d/.test(rest)
    ? { from: Number(word), to: Number(word) }
    : { from: Number(hundreds) * 100, to: Number(hundreds) * 100 + 99 }
}

function readValues(value: unknown): readonly string[] | undefined {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  const isPlain = (item: unknown) => ['string', 'number', 'boolean'].includes(typeof item)
  return items.length > 0 && items.every(isPlain) ? items.map(String) : undefined
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
