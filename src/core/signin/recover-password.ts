import { keysOfContact, readContact } from '../codes/contact.ts'
import { changeByCode } from './change-by-code.ts'
import { readUnderLock, subjectOfNobody } from './read-under-lock.ts'
import type { RecoverPasswordCall } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/**
 * Sets a new password in place of a forgotten one, by a code that was sent to the employee. True afterwards: only the new
 * password signs in, every open reset is withdrawn, sessions and open sign-ins have ended, the user is going to be told
 * (reset protocol, rules 8 and 9), and nobody is signed in. A lock-out ends. For a contact that nobody has, statements and
 * answers are those of a wrong code.
 * @throws ApiError SDK.COMMON.1002, SDK.SMS.1005 wrong, SDK.LOGIN.1003 too many wrong ones, PWD.0001 to 0006, PWD.9002,
 *   PWD.9003 about the new password, SDK.LOGIN.9002, REQUEST.9011
 */
export async function recoverPassword(deps: SignInDeps, call: RecoverPasswordCall): Promise<void> {
  deps.addresses.count(call.tenant, call.address)
  const contact = readContact(call.channel, call.contact)
  const keys = keysOfContact(contact)
  const found = await deps.store.read.users.findForSignIn(call.tenant.id, keys)
  await changeByCode(deps, {
    call,
    // the page on this operation names the one, the page on sending the other (contract, section 4.3)
    purposes: ['recovery', 'password-change'],
    record: 'password_recovery',
    isRecovery: true,
    lane: 'sign-in',
    identify: (repositories) =>
      readUnderLock(repositories, call.tenant, found?.user.id, subjectOfNobody(deps.mac, call.tenant, keys)),
    finish: async () => undefined,
  })
}
