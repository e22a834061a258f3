import type { BenchSettings } from './result.ts'

export const fullSettings: BenchSettings = {
  seconds: 10,
  warmUpSeconds: 3,
  turns: 3,
  calls: 16,
  users: 100_000,
  usersFew: 1_000,
  usersMany: 1_000_000,
  // calls: the connections, and those that wait for their hash meanwhile; 48 kept only 32 of 40 connections busy
  slowGateway: { delayMs: 500, connections: 40, calls: 96 },
  proofs: 50,
  starts: 5,
  idleSeconds: 3,
}

/** Everything once and small: shows that the bench works, and no more. */
export const quickSettings: BenchSettings = {
  seconds: 0.6,
  warmUpSeconds: 0.1,
  turns: 1,
  calls: 8,
  users: 2_000,
  usersFew: 100,
  usersMany: 5_000,
  slowGateway: { delayMs: 500, connections: 10, calls: 12 },
  proofs: 5,
  starts: 1,
  idleSeconds: 0.5,
}
