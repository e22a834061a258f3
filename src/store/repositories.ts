import { createAccessTokenRepository } from './access-token-repository.ts'
import { createAccountRepository } from './account-repository.ts'
import { createAddressRefusalRepository } from './address-refusal-repository.ts'
import { createApplicationOrganizationRepository } from './application-organization-repository.ts'
import { createApplicationRepository } from './application-repository.ts'
import { createApplicationRoleRepository } from './application-role-repository.ts'
import { createAuditChainRepository } from './audit-chain-repository.ts'
import { createAuditRepository } from './audit-repository.ts'
import { createCodeRepository } from './code-repository.ts'
import { createCodeRequestRepository } from './code-request-repository.ts'
import type { StoreContext } from './context.ts'
import { createFirstPasswordRepository } from './first-password-repository.ts'
import { createGatewayRepository } from './gateway-repository.ts'
import { createIdempotencyKeyRepository } from './idempotency-key-repository.ts'
import { createNoticeRepository } from './notice-repository.ts'
import { createOrganizationRepository } from './organization-repository.ts'
import { createPermissionBundleRepository } from './permission-bundle-repository.ts'
import { createResetRepository } from './reset-repository.ts'
import { createSessionRepository } from './session-repository.ts'
import { createSessionTicketRepository } from './session-ticket-repository.ts'
import { createSignInFailureRepository } from './sign-in-failure-repository.ts'
import { createSigningKeyRepository } from './signing-key-repository.ts'
import type { Repositories } from './store.ts'
import { createTemplateRepository } from './template-repository.ts'
import { createTenantRepository } from './tenant-repository.ts'
import { createUniqueAttributeRepository } from './unique-attribute-repository.ts'
import { createUsedCaptchaRepository } from './used-captcha-repository.ts'
import { createUserImportRepository } from './user-import-repository.ts'
import { createUserRepository } from './user-repository.ts'
import { createWebhookDeliveryRepository } from './webhook-delivery-repository.ts'
import { createWebhookRepository } from './webhook-repository.ts'

export function createRepositories(context: StoreContext): Repositories {
  return {
    now: () => context.dialect.readNow(context.db),
    tenants: createTenantRepository(context),
    organizations: createOrganizationRepository(context),
    users: createUserRepository(context),
    uniqueAttributes: createUniqueAttributeRepository(context),
    applications: createApplicationRepository(context),
    applicationOrganizations: createApplicationOrganizationRepository(context),
    applicationRoles: createApplicationRoleRepository(context),
    accounts: createAccountRepository(context),
    permissionBundles: createPermissionBundleRepository(context),
    addressRefusals: createAddressRefusalRepository(context),
    accessTokens: createAccessTokenRepository(context),
    signingKeys: createSigningKeyRepository(context),
    gateways: createGatewayRepository(context),
    templates: createTemplateRepository(context),
    resets: createResetRepository(context),
    idempotencyKeys: createIdempotencyKeyRepository(context),
    sessions: createSessionRepository(context),
    signInFailures: createSignInFailureRepository(context),
    audit: createAuditRepository(context),
    auditChain: createAuditChainRepository(context),
    notices: createNoticeRepository(context),
    codeRequests: createCodeRequestRepository(context),
    codes: createCodeRepository(context),
    usedCaptchas: createUsedCaptchaRepository(context),
    sessionTickets: createSessionTicketRepository(context),
    userImports: createUserImportRepository(context),
    firstPasswords: createFirstPasswordRepository(context),
    webhooks: createWebhookRepository(context),
    webhookDeliveries: createWebhookDeliveryRepository(context),
  }
}
