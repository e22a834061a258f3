import type { SignedIn, SignInAnswer } from '../../../core/signin/sign-in-calls.ts'

/** A session as the contract writes it (section 4.3): the tokens leave here and nowhere else. */
export function presentSession(signedIn: SignedIn) {
  return {
    status: signedIn.status,
    session_token: signedIn.sessionToken.reveal(),
    expire: signedIn.expiresInSeconds,
    id_token: signedIn.idToken.reveal(),
  }
}

export function presentSignIn(answer: SignInAnswer) {
  switch (answer.status) {
    case 'SUCCESS':
      return presentSession(answer)
    case 'PASSWORD_EXPIRED':
      return { status: answer.status, state_token: answer.stateToken.reveal() }
    case 'PASSWORD_WARN':
      return { status: answer.status, state_token: answer.stateToken.reveal() }
    case 'MFA_AUTH':
      return { status: answer.status, state_token: answer.stateToken.reveal() }
    case 'ACCESS_DENIED':
      return { status: answer.status }
  }
}
