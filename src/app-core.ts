import { type Parts, sealerOf } from './app-parts.ts'
import { bindAccountCalls } from './core/accounts/bind-account-calls.ts'
import { bindApplicationOrganizationCalls } from './core/application-organizations/bind-application-organization-calls.ts'
import { bindRoleCalls } from './core/application-roles/bind-role-calls.ts'
import { createAddressRefusals, type RecordAddressRefusal } from './core/applications/allowed-addresses.ts'
import { bindAttributeCalls } from './core/attributes/bind-attribute-calls.ts'
import { bindBrowserCalls } from './core/browser/bind-browser-calls.ts'
import { captchaWork, createCaptcha } from './core/codes/captcha.ts'
import type { Core } from './core/core.ts'
import { bindImportCalls } from './core/imports/bind-import-calls.ts'
import type { ImportDeps } from './core/imports/import-rows.ts'
import { bindOrganizationCalls } from './core/organizations/bind-organization-calls.ts'
import { bindDisownCalls } from './core/reset/bind-disown-calls.ts'
import type { ResetDeps } from './core/reset/reset-deps.ts'
import { resetPassword } from './core/reset/reset-password.ts'
import { createAddressLimit } from './core/signin/address-limit.ts'
import { bindSignInCalls } from './core/signin/bind-sign-in-calls.ts'
import type { ApplyTools } from './core/tenant-file/apply-tools.ts'
import { createAccessTokenAuthenticator } from './core/tokens/authenticate-access-token.ts'
import { createIdTokenSigner } from './core/tokens/create-id-token-signer.ts'
import { issueAccessToken } from './core/tokens/issue-access-token.ts'
import { bindUserCalls } from './core/users/bind-user-calls.ts'
import { bindWebhookCalls } from './core/webhooks/bind-webhook-calls.ts'
import { sealContext, sealSettings, validateGatewaySettings } from './messaging/gateway-kinds.ts'
import { measureLongestSms } from './messaging/measure-longest-sms.ts'
import { validateTemplate } from './messaging/validate-template.ts'
import { complainOfWebhookUrl } from './messaging/webhooks/judge-url.ts'
import { countSignIn } from './observability/count-sign-in.ts'
import { recordFrozen } from './observability/record-frozen.ts'

export function createCore(parts: Parts, resetDeps: ResetDeps): Core {
  const { settings, clock, random, seal, store, hasher, hashUpgrades, judges } = parts
  const signer = createIdTokenSigner({ store, seal, clock, random, publicUrl: settings.publicUrl })
  const mac = (purpose: string, value: string) => seal.mac(purpose, value)
  const signInDeps = {
    ...{ store, hasher, judges, signer, random, mac, hashUpgrades },
    sealAddress: sealerOf(seal),
    addresses: createAddressLimit(clock),
    onSettled: resetDeps.onSettled,
  }
  const recordAddressRefusal = createRefusalRecord(parts)
  return {
    issueAccessToken: (call) =>
      issueAccessToken({ store, clock, random, signer, recordAddressRefusal }, call),
    authenticate: createAccessTokenAuthenticator({ store, clock, recordAddressRefusal }),
    listPublicKeys: (tenant) => signer.publicKeys(tenant.id),
    ...bindOrganizationCalls({ store, random }),
    ...bindAttributeCalls({ store }),
    ...bindUserCalls(signInDeps, (call) => resetPassword(resetDeps, call)),
    ...bindAccountCalls({ store, random }),
    ...bindApplicationOrganizationCalls({ store, random }),
    ...bindRoleCalls({ store, random }),
    ...bindImportCalls(createImportTools(parts)),
    ...bindWebhookCalls({ store }),
    ...bindBrowserCalls({ ...signInDeps, typing: createAddressLimit(clock) }),
    ...bindDisownCalls({
      ...signInDeps,
      onFrozen: (frozen) => recordFrozen(parts.logger, parts.metrics, frozen),
    }),
    ...bindSignInCalls({
      ...signInDeps,
      clock,
      sender: resetDeps.sender,
      captcha: createCaptcha({ clock, mac, work: captchaWork }),
      counted: (signingIn) => countSignIn(parts.metrics, signingIn),
    }),
  }
}

function createRefusalRecord({ store, clock, metrics, logger }: Parts): RecordAddressRefusal {
  return createAddressRefusals({
    store,
    clock,
    onRefused: ({ operation }) => metrics.addressRefused(operation),
    onRecorded: ({ tenant, applicationId, address, requestId }) =>
      logger.warn(
        { tenant: tenant.code, applicationId, address, requestId },
        'an application called from outside its allowed_addresses',
      ),
  })
}

export function createImportTools(parts: Parts): ImportDeps {
  const { store, hasher, judges, random, seal } = parts
  return { store, hasher, judges, random, sealAddress: sealerOf(seal) }
}

export function createApplyTools(parts: Parts, core: Core): ApplyTools {
  const { store, seal, hasher, judges, clock, random } = parts
  return {
    store,
    seal,
    hasher,
    judges,
    clock,
    random,
    rules: {
      validateGatewaySettings: (kind, settings, { channel }) =>
        validateGatewaySettings(kind, settings, { channel, allowMailbox: parts.mailbox !== undefined }),
      validateTemplate,
      measureLongestSms,
      sealSettings,
      sealContext,
      complainOfWebhookUrl: (url) => complainOfWebhookUrl(url, parts.settings.webhookPrivateHosts),
    },
    deliverInitialPassword: (call) => core.resetPassword({ ...call, applicationId: undefined }),
  }
}
