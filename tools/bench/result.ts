/** The result file, `docs/benchmarks.json`: what was measured, on what, and which aims it meets. */
export interface BenchResult {
  readonly machine: {
    readonly cores: number
    readonly cpuModel: string
    readonly memoryGigabytes: number
    readonly node: string
    /** Undefined: there was none, and nothing was measured on it. */
    readonly postgres: string | undefined
  }
  readonly run: {
    readonly date: string
    /** Of the sources; `-changed`: they had changes that were not committed. */
    readonly revision: string
    readonly isQuick: boolean
    readonly hashParameters: string
    readonly settings: BenchSettings
  }
  /** As it is installed, and from the sources of a clone. */
  readonly start: { readonly packed: Start; readonly clone: Start }
  readonly loads: readonly Load[]
  /** Delivered passwords of resets that were measured, and how many of them signed in. */
  readonly proofs: readonly { readonly load: LoadName; readonly asked: number; readonly signedIn: number }[]
  readonly aims: readonly Aim[]
}

/** Medians of several starts. */
export interface Start {
  /** From exec to the first 200 of `/health/ready`. */
  readonly seconds: number
  /** Until then. */
  readonly cpuSeconds: number
  readonly idleMegabytes: number
}

/** What is run, and how long. */
export interface BenchSettings {
  /** Each load, in all its turns together. */
  readonly seconds: number
  readonly warmUpSeconds: number
  /** Loads that are compared take turns, so that a machine that gets slower slows both. */
  readonly turns: number
  /** Calls under way at any time. */
  readonly calls: number
  readonly users: number
  readonly usersFew: number
  readonly usersMany: number
  readonly slowGateway: { readonly delayMs: number; readonly connections: number; readonly calls: number }
  /** Delivered passwords that are tried. */
  readonly proofs: number
  readonly starts: number
  /** From ready to the look at the memory. */
  readonly idleSeconds: number
}

export const loadTitles = {
  hash: 'Bare Argon2id hash',
  reset: 'Reset, gateway answers at once',
  resetSlow: 'Reset, slow gateway',
  getUser: 'Get user',
  bareUser: 'Bare server, one SELECT',
  token: 'Token',
  bareToken: 'Bare server, one durable INSERT',
  bareSignedToken: 'Bare server, one durable INSERT and an RS256 signature',
  signIn: 'Sign-in',
  resetFew: 'Reset, few users',
  resetMany: 'Reset, many users',
  getUserFew: 'Get user, few users',
  getUserMany: 'Get user, many users',
  signInFew: 'Sign-in, few users',
  signInMany: 'Sign-in, many users',
  firstPage: 'First page of users',
  lastPage: 'Last page of users',
  firstPageMany: 'First page of users, many users',
  lastPageMany: 'Last page of users, many users',
  resetPostgres: 'Reset, PostgreSQL',
  getUserPostgres: 'Get user, PostgreSQL',
  signInPostgres: 'Sign-in, PostgreSQL',
} as const

export type LoadName = keyof typeof loadTitles

/** One kind of call under full load. */
export interface Load {
  readonly name: LoadName
  /** Users in the database; 0: it has none. */
  readonly users: number
  /** Under way at any time. */
  readonly calls: number
  readonly answered: number
  readonly seconds: number
  readonly perSecond: number
  /** CPU of the process that answers, by `/proc`: user mode and kernel, all its threads. */
  readonly cpuMsPerCall: number
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | undefined
  /** How many cores each process kept busy. */
  readonly coresBusy: { readonly server: number; readonly callers: number; readonly gateway: number }
  /** 99th percentile, in the server. */
  readonly eventLoopDelayMs: number | undefined
}

export interface Aim {
  readonly title: string
  readonly value: number
  readonly limit: number
  readonly unit: string
  readonly isAtMost: boolean
  readonly isMet: boolean
  /** Where the value comes from, in numbers of this run. */
  readonly why: string
}
