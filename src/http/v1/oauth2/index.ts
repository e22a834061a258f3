import { prefixed } from '../../route.ts'
import { keys } from './keys.ts'

export const oauth2Routes = prefixed('/api/v1/oauth2', [keys])
