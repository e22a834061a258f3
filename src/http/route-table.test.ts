import { describe, expect, it } from 'vitest'
import { statusOf } from '../errors/api-error.ts'
import { declaredCodes, successStatuses } from './answers.ts'
import { buildOpenApi } from './openapi/build-openapi.ts'
import { routeTable } from './route-table.ts'

describe('routeTable', () => {
  it('gives every method and path to one route only', () => {
    const places = routeTable.flatMap((route) =>
      [route.path, ...(route.aliases ?? [])].map((path) => `${route.method} ${path.replace(/:\w+/g, ':')}`),
    )
    expect(places.length).toBeGreaterThan(10)
    expect(new Set(places).size).toBe(places.length)
  })

  it('declares a success for every route', () => {
    expect(routeTable.filter((route) => successStatuses(route).length === 0)).toEqual([])
  })
})

describe('buildOpenApi', () => {
  const { paths, components } = buildOpenApi(routeTable, '0.0.0') as {
    paths: Record<string, Record<string, { responses: Record<string, { $ref?: string }> }>>
    components: { responses: Record<string, object> }
  }

  it.each(routeTable.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'describes every code of %s under its status',
    (_name, route) => {
      const { responses } = paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()] ?? {}
      const missing = declaredCodes(route).filter((code) => {
        const given = responses?.[String(statusOf(code))]
        const shared = given?.$ref?.split('/').at(-1)
        const response = shared === undefined ? given : components.responses[shared]
        return JSON.stringify(response)?.includes(`"#/components/examples/${code}"`) !== true
      })
      expect(missing).toEqual([])
    },
  )
})
