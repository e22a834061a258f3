import type { Route } from '../route.ts'

/** A chapter of the reference. */
export interface Tag {
  readonly name: string
  readonly description: string
}

/** Of operations about webhooks, and of those that receivers have. */
export const WEBHOOKS_TAG = 'Webhooks'

/** By the first part of the path below `tenant`, or the family; what is not here is named after its path. */
const tags: Readonly<Record<string, Tag>> = {
  token: { name: 'Access tokens', description: 'What an application calls with' },
  users: { name: 'Users', description: 'Employees, their state and their passwords' },
  'user-imports': { name: 'Imports of users', description: 'Many users at once, and their first passwords' },
  organizations: { name: 'Organizations', description: 'The tree of a company' },
  'attribute-definitions': {
    name: 'Attribute definitions',
    description: 'What is asked of attributes of users and organizations',
  },
  applications: { name: 'Applications', description: 'Accounts, organizations and roles in an application' },
  webhooks: { name: WEBHOOKS_TAG, description: 'Events on their way to other systems' },
  sdk: { name: 'Signing in', description: 'For applications that employees sign in to' },
  oauth2: { name: 'Keys', description: 'What verifies an id_token' },
  health: { name: 'Operations', description: 'For balancers and monitoring' },
}

export function tagOf(route: Route): Tag {
  const segments = route.path.split('/').filter((segment) => segment !== '' && !segment.startsWith(':'))
  const [api, , family = '', resource = ''] = segments
  const key = api !== 'api' ? 'health' : family === 'tenant' ? resource : family
  const title = key.charAt(0).toUpperCase() + key.slice(1).replaceAll('-', ' ')
  return tags[key] ?? { name: title, description: `Operations below \`${key}\`` }
}
