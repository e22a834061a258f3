import { prefixed, type Route } from '../route.ts'
import { live } from './live.ts'
import { metrics } from './metrics.ts'
import { ready } from './ready.ts'

/** For balancers and monitoring: at any host, without a token, saying nothing about people. */
export const healthRoutes: readonly Route[] = [...prefixed('/health', [live, ready]), metrics]
