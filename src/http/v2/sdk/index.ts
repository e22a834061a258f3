import { prefixed } from '../../route.ts'
import { login } from './login.ts'
import { changePassword } from './pwd/change.ts'
import { skipUpdate } from './pwd/skip-update.ts'
import { updatePassword } from './pwd/update.ts'

export const sdkRoutes = prefixed('/api/v2/sdk', [login, updatePassword, skipUpdate, changePassword])
