import type { UserFilter, UserView } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import type { Secret } from '../secret.ts'
import type { ProfileField } from './profile-fields.ts'

/** What a caller wrote. Absent: left as it is. `null`: none. */
export interface UserChanges {
  readonly userName?: string | null
  /** `null`: the user name. */
  readonly name?: string | null
  readonly email?: string | null
  readonly mobile?: string | null
  /** Of the main organisation; `null`: the first root. */
  readonly organizationCode?: string | null
  readonly relations?: readonly NamedRelation[] | null
  readonly profile?: Readonly<Partial<Record<ProfileField, string | null>>>
  /** What is absent in it is left as it is too; a value of `null` takes one attribute away, `null` itself all. */
  readonly extension?: Readonly<Record<string, unknown>> | null
  readonly mustChangePassword?: boolean
}

export interface NamedRelation {
  readonly organizationCode: string
  readonly relationType: number
}

export interface NewUser extends UserChanges {
  /** Undefined: the user has none until one is set or delivered. */
  readonly password: Secret | undefined
}

export interface ListUsersQuery extends UserFilter {
  readonly pageIndex: number
  readonly pageSize: number
}

export interface SetPassword {
  readonly password: Secret
  /** At the next sign-in. */
  readonly mustChange: boolean
}

export interface ChangeWithOldPassword {
  readonly oldPassword: Secret
  readonly newPassword: Secret
}

interface UserIdOnly {
  readonly userId: string
}

/** What the edges may ask about users. Each throws ApiError with a code that its route declares. */
export interface UserCalls {
  findUser(caller: Caller, userId: string): Promise<UserView>
  findUserByUserName(caller: Caller, userName: string): Promise<UserView>
  findUserByEmail(caller: Caller, email: string): Promise<UserView>
  listUsers(
    caller: Caller,
    query: ListUsersQuery,
  ): Promise<{ readonly total: number; readonly users: readonly UserView[] }>
  createUser(caller: Caller, user: NewUser): Promise<UserIdOnly>
  modifyUser(caller: Caller, userId: string, changes: UserChanges): Promise<UserIdOnly>
  deleteUser(caller: Caller, userId: string): Promise<void>
  enableUser(caller: Caller, userId: string): Promise<UserIdOnly>
  disableUser(caller: Caller, userId: string): Promise<UserIdOnly>
  /** Without the old one. */
  setPassword(caller: Caller, userId: string, change: SetPassword): Promise<UserIdOnly>
  changePasswordWithOld(caller: Caller, userId: string, change: ChangeWithOldPassword): Promise<UserIdOnly>
}
