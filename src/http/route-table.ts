import { healthRoutes } from './health/index.ts'
import type { Route } from './route.ts'
import { oauth2Routes } from './v1/oauth2/index.ts'
import { sdkRoutes } from './v2/sdk/index.ts'
import { tenantRoutes } from './v2/tenant/index.ts'

/** Every operation of the server, under its full path: the map. */
export const routeTable: readonly Route[] = [...tenantRoutes, ...sdkRoutes, ...oauth2Routes, ...healthRoutes]
