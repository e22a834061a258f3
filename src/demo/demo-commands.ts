export const DEMO_PATH = '/demo'
export const MAILBOX_PATH = '/demo/mailbox'

export interface DemoAddress {
  /** `http://127.0.0.1:8080`. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** The employee whose password is reset. */
  readonly userId: string
  readonly userName: string
}

/** Shell commands that walk through a reset; each can be pasted as it stands. */
export interface DemoCommands {
  readonly token: string
  readonly reset: string
  readonly signIn: string
  readonly change: string
}

const deviceHeaders = "-H 'X-operating-sys-version: demo' -H 'X-device-fingerprint: demo' -H 'X-agent: curl'"
const jsonHeader = "-H 'Content-Type: application/json; charset=utf-8'"

export function describeCommands(address: DemoAddress): DemoCommands {
  const { url, clientId, clientSecret, userId, userName } = address
  const signInHeaders = `-H 'X-client-id: ${clientId}' ${deviceHeaders} \\\n  ${jsonHeader}`
  return {
    token: `TOKEN=$(curl -s '${url}/api/v2/tenant/token' -u '${clientId}:${clientSecret}' \\
  -d grant_type=client_credentials | ${pick('access_token')})`,
    reset: `curl -i -X PUT '${url}/api/v2/tenant/users/${userId}/rest-password?send_mode=EMAIL' \\
  -H "Authorization: Bearer $TOKEN" ${jsonHeader}; echo`,
    signIn: `PASSWORD=$(curl -s '${url}${MAILBOX_PATH}' | sed -nE 's/^ {4}([^ ]+)$/\\1/p' | head -n 1)
ANSWER=$(curl -s '${url}/api/v2/sdk/login' ${signInHeaders} \\
  -d "{\\"user_name\\":\\"${userName}\\",\\"password\\":\\"$PASSWORD\\"}"); echo "$ANSWER"
STATE_TOKEN=$(echo "$ANSWER" | ${pick('state_token')})`,
    change: `curl -s '${url}/api/v2/sdk/pwd/update' -H "X-state-token: $STATE_TOKEN" ${signInHeaders} \\
  -d "{\\"old_password\\":\\"$PASSWORD\\",\\"new_password\\":\\"My-0wn-Passphrase\\"}"; echo`,
  }
}

/** Takes one text field out of a JSON answer with what every machine has. */
function pick(field: string): string {
  return `sed -E 's/.*"${field}":"([^"]+)".*/\\1/'`
}
