// Generated from openapi.json by `npm run docs`; do not edit.

export interface paths {
    "/api/oap/oauth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get an access token for an application
         * @deprecated
         * @description Another name of `/api/v2/tenant/token`. Open to anybody.
         */
        post: operations["postOapOauthToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/oauth2/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Public keys that verify id_tokens, as a JWK set
         * @description Open to anybody.
         */
        get: operations["getOauth2Keys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/after-login/pwd/update-by-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Choose a new password with the state token of a sign-in and a code that was sent by mail
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkAfterLoginPwdUpdateByEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/captcha": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A proof of work (ALTCHA 2) whose solution is the captcha_token of one code, for 10 minutes
         * @description Needs the device headers, no secret.
         */
        get: operations["getSdkCaptcha"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/country-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Countries whose mobile numbers the tenant sends SMS to
         * @description Needs the device headers, no secret.
         */
        get: operations["getSdkCountryCodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/email/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a code sent by mail to whoever has the address; the answer is the same if nobody has it
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkEmailSend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with user name, e-mail address or mobile number, and password
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/login/email-verify-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with a code that was sent by mail
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkLoginEmailVerifyCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/login/mobile-verify-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with a code that was sent by SMS
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkLoginMobileVerifyCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * End the session of whoever is signed in; other sessions go on
         * @description Needs the device headers, no secret.
         */
        get: operations["getSdkLogout"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/mfa/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete a sign-in that answered MFA_AUTH, with a code that was sent by mail
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkMfaEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/mfa/sms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete a sign-in that answered MFA_AUTH, with a code that was sent by SMS
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkMfaSms"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whoever is signed in; what they do not have is absent
         * @description Needs the device headers, no secret.
         */
        get: operations["getSdkProfile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/profile/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change what the tenant lets people change of themselves; absent fields stay as they are
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkProfileUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/public-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The key that verifies id_tokens signed now; all keys: /api/v1/oauth2/keys
         * @description Needs the device headers, no secret.
         */
        get: operations["getSdkPublicKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/pwd/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the password of whoever is signed in; every session ends
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkPwdChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/pwd/change-by-mobile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the password of whoever is signed in, with a code that was sent by SMS; every session ends
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkPwdChangeByMobile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/pwd/skip-update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Keep a password that is about to expire, and be signed in
         * @description Needs the device headers, no secret.
         */
        get: operations["getSdkPwdSkipUpdate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/pwd/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Choose a new password with the state token of a sign-in, and be signed in
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkPwdUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/pwd/update-by-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a new password in place of a forgotten one, with a code that was sent by mail
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkPwdUpdateByEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/pwd/update-by-mobile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a new password in place of a forgotten one, with a code that was sent by SMS
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkPwdUpdateByMobile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/server-date": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The time of this server
         * @description Needs the device headers, no secret.
         */
        get: operations["getSdkServerDate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sdk/sms/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a code sent by SMS to whoever has the number; the answer is the same if nobody has it
         * @description Needs the device headers, no secret.
         */
        post: operations["postSdkSmsSend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/account/{account_id}/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what an account is permitted; functions and data have no permissions of their own here
         * @description Needs an application with the permission `account_all`, `account_read`, `all` or `read`.
         */
        get: operations["getApplicationsAccountPermissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List accounts of an application, a page at a time
         * @description Needs an application with the permission `account_all`, `account_read`, `all` or `read`.
         */
        get: operations["getApplicationsAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/accounts/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an account of an application
         * @description Needs an application with the permission `account_all`, `account_read`, `all` or `read`.
         */
        get: operations["getApplicationsAccountsByAccountId"];
        /**
         * Change an account of an application; absent fields stay as they are
         * @description Needs an application with the permission `account_all` or `all`.
         */
        put: operations["putApplicationsAccountsByAccountId"];
        post?: never;
        /**
         * Delete an account of an application, of any type
         * @description Needs an application with the permission `account_all` or `all`.
         */
        delete: operations["deleteApplicationsAccountsByAccountId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/accounts/{account_id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Disable an account of an application
         * @description Needs an application with the permission `account_all` or `all`.
         */
        put: operations["putApplicationsAccountsDisable"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/accounts/{account_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Enable an account of an application
         * @description Needs an application with the permission `account_all` or `all`.
         */
        put: operations["putApplicationsAccountsEnable"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/accounts/{account_id}/member-role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give roles to an account
         * @description Needs an application with the permission `account_all` or `all`.
         */
        post: operations["postApplicationsAccountsMemberRole"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/accounts/basic-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a user an account in an application
         * @description Needs an application with the permission `account_all` or `all`.
         */
        post: operations["postApplicationsAccountsBasicAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/accounts/permissions/page": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what the accounts of an application are permitted, a page of accounts at a time
         * @description Needs an application with the permission `account_all`, `account_read`, `all` or `read`.
         */
        get: operations["getApplicationsAccountsPermissionsPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/accounts/public-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make an account that several users may use
         * @description Needs an application with the permission `account_all` or `all`.
         */
        post: operations["postApplicationsAccountsPublicAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/accounts/public-account/{account_id}/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who uses a public account, a page at a time
         * @description Needs an application with the permission `account_all`, `account_read`, `all` or `read`.
         */
        get: operations["getApplicationsAccountsPublicAccountUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/accounts/public-account/{account_id}/users/bind": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let users use a public account: all of them, or none
         * @description Needs an application with the permission `account_all` or `all`.
         */
        post: operations["postApplicationsAccountsPublicAccountUsersBind"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/accounts/public-account/{account_id}/users/unbind": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a public account from users: from all of them, or none
         * @description Needs an application with the permission `account_all` or `all`.
         */
        post: operations["postApplicationsAccountsPublicAccountUsersUnbind"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List organizations of an application, a page at a time
         * @description Needs an application with the permission `app_org_all`, `app_org_read`, `all` or `read`.
         */
        get: operations["getApplicationsOrganizations"];
        put?: never;
        /**
         * Create an organization of an application
         * @description Needs an application with the permission `app_org_all` or `all`.
         */
        post: operations["postApplicationsOrganizations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/organizations/{org_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an organization of an application
         * @description Needs an application with the permission `app_org_all`, `app_org_read`, `all` or `read`.
         */
        get: operations["getApplicationsOrganizationsByOrgId"];
        /**
         * Rename or move an organization of an application; absent fields stay as they are
         * @description Needs an application with the permission `app_org_all` or `all`.
         */
        put: operations["putApplicationsOrganizationsByOrgId"];
        post?: never;
        /**
         * Delete an organization of an application that nothing is in or below
         * @description Needs an application with the permission `app_org_all` or `all`.
         */
        delete: operations["deleteApplicationsOrganizationsByOrgId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a role of an application
         * @description Needs an application with the permission `account_all` or `all`.
         */
        post: operations["postApplicationsRole"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/role-list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List roles of an application, a page at a time; without offset the first one
         * @description Needs an application with the permission `account_all`, `account_read`, `all` or `read`.
         */
        get: operations["getApplicationsRoleList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/role-member": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a role to accounts
         * @description Needs an application with the permission `account_all` or `all`.
         */
        post: operations["postApplicationsRoleMember"];
        /**
         * Take a role from accounts
         * @description Needs an application with the permission `account_all` or `all`.
         */
        delete: operations["deleteApplicationsRoleMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/role-member-list/{role_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List accounts that have a role, a page at a time
         * @description Needs an application with the permission `account_all`, `account_read`, `all` or `read`.
         */
        get: operations["getApplicationsRoleMemberListByRoleId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/applications/{app_id}/role/{role_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a role of an application
         * @description Needs an application with the permission `account_all`, `account_read`, `all` or `read`.
         */
        get: operations["getApplicationsRoleByRoleId"];
        /**
         * Rename a role of an application; its code stays
         * @description Needs an application with the permission `account_all` or `all`.
         */
        put: operations["putApplicationsRoleByRoleId"];
        post?: never;
        /**
         * Delete a role of an application that no account has
         * @description Needs an application with the permission `account_all` or `all`.
         */
        delete: operations["deleteApplicationsRoleByRoleId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/attribute-definitions/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what is asked of attributes of organizations
         * @description Needs an application with the permission `org_all`, `org_read`, `all` or `read`.
         */
        get: operations["getAttributeDefinitionsOrganizations"];
        put?: never;
        /**
         * Define an attribute of organizations; it holds for what calls name from now on
         * @description Needs an application with the permission `all`.
         */
        post: operations["postAttributeDefinitionsOrganizations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/attribute-definitions/organizations/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what is asked of one attribute of organizations
         * @description Needs an application with the permission `org_all`, `org_read`, `all` or `read`.
         */
        get: operations["getAttributeDefinitionsOrganizationsByCode"];
        /**
         * Change what is asked of an attribute of organizations; absent parts stay as they are
         * @description Needs an application with the permission `all`.
         */
        put: operations["putAttributeDefinitionsOrganizationsByCode"];
        post?: never;
        /**
         * Ask nothing of an attribute of organizations any more; its values stay
         * @description Needs an application with the permission `all`.
         */
        delete: operations["deleteAttributeDefinitionsOrganizationsByCode"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/attribute-definitions/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what is asked of attributes of users
         * @description Needs an application with the permission `user_all`, `user_read`, `all` or `read`.
         */
        get: operations["getAttributeDefinitionsUsers"];
        put?: never;
        /**
         * Define an attribute of users; it holds for what calls name from now on
         * @description Needs an application with the permission `all`.
         */
        post: operations["postAttributeDefinitionsUsers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/attribute-definitions/users/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what is asked of one attribute of users
         * @description Needs an application with the permission `user_all`, `user_read`, `all` or `read`.
         */
        get: operations["getAttributeDefinitionsUsersByCode"];
        /**
         * Change what is asked of an attribute of users; absent parts stay as they are
         * @description Needs an application with the permission `all`.
         */
        put: operations["putAttributeDefinitionsUsersByCode"];
        post?: never;
        /**
         * Ask nothing of an attribute of users any more; its values stay
         * @description Needs an application with the permission `all`.
         */
        delete: operations["deleteAttributeDefinitionsUsersByCode"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List organizations, a page at a time
         * @description Needs an application with the permission `org_all`, `org_read`, `all` or `read`.
         */
        get: operations["getOrganizations"];
        put?: never;
        /**
         * Create an organization
         * @description Needs an application with the permission `org_all` or `all`.
         */
        post: operations["postOrganizations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/organizations/{org_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an organization by id
         * @description Needs an application with the permission `org_all`, `org_read`, `all` or `read`.
         */
        get: operations["getOrganizationsByOrgId"];
        /**
         * Change or move an organization; absent fields stay as they are
         * @description Needs an application with the permission `org_all` or `all`.
         */
        put: operations["putOrganizationsByOrgId"];
        post?: never;
        /**
         * Delete an organization that nothing is in or below
         * @description Needs an application with the permission `org_all` or `all`.
         */
        delete: operations["deleteOrganizationsByOrgId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/organizations/org-codes/{org_code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an organization by code, whatever the case of its letters
         * @description Needs an application with the permission `org_all`, `org_read`, `all` or `read`.
         */
        get: operations["getOrganizationsOrgCodesByOrgCode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/sso/session-token/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange the session_token of a sign-in through the caller for a new one; the old one ends
         * @description Needs an application with the permission `user_all`, `user_read`, `all` or `read`.
         */
        post: operations["postSsoSessionTokenRefresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/sso/session-token/sso-ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange the session_token of a sign-in for a ticket that is good once, for two minutes
         * @description Needs an application with the permission `user_all`, `user_read`, `all` or `read`.
         */
        post: operations["postSsoSessionTokenSsoTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/sso/sso-ticket/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a ticket for the user whose session it stands for
         * @description Needs an application with the permission `user_all`, `user_read`, `all` or `read`.
         */
        post: operations["postSsoSsoTicketVerify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get an access token for an application
         * @description Open to anybody.
         */
        post: operations["postToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/user-imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start an import of users; their rows follow, some hundred a call
         * @description Needs an application with the permission `user_all` or `all`.
         */
        post: operations["postUserImports"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/user-imports/{import_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an import: how far it is, its refused rows, and what became of first passwords
         * @description Needs an application with the permission `user_all`, `user_read`, `all` or `read`.
         */
        get: operations["getUserImportsByImportId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/user-imports/{import_id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Settle rows of an import, all in one transaction; rows that are settled already are not done twice
         * @description Needs an application with the permission `user_all` or `all`.
         */
        post: operations["postUserImportsRows"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users, a page at a time
         * @description Needs an application with the permission `user_all`, `user_read`, `all` or `read`.
         */
        get: operations["getUsers"];
        put?: never;
        /**
         * Create a user
         * @description Needs an application with the permission `user_all` or `all`.
         */
        post: operations["postUsers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a user by id
         * @description Needs an application with the permission `user_all`, `user_read`, `all` or `read`.
         */
        get: operations["getUsersByUserId"];
        /**
         * Change a user; absent fields stay as they are, and the password is not one of them
         * @description Needs an application with the permission `user_all` or `all`.
         */
        put: operations["putUsersByUserId"];
        post?: never;
        /**
         * Delete a user, and end what signs in as them
         * @description Needs an application with the permission `user_all` or `all`.
         */
        delete: operations["deleteUsersByUserId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/users/{user_id}/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List accounts of a user, and public ones that the user uses; without offset and limit the first 1,000
         * @description Needs an application with the permission `user_all`, `user_read`, `all` or `read`.
         */
        get: operations["getUsersAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/users/{user_id}/applications/{app_id}/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Authorise a user for an application: give them an account in it
         * @description Needs an application with the permission `user_all` or `all`.
         */
        post: operations["postUsersApplicationsAccounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/users/{user_id}/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set a password without the old one; sessions end
         * @description Needs an application with the permission `user_all` or `all`.
         */
        put: operations["putUsersChangePassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/users/{user_id}/change-password-verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a password for somebody who knows the old one; sessions end
         * @description Needs an application with the permission `user_all` or `all`.
         */
        put: operations["putUsersChangePasswordVerify"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/users/{user_id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Disable a user
         * @description Needs an application with the permission `user_all` or `all`.
         */
        put: operations["putUsersDisable"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/users/{user_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Enable a user
         * @description Needs an application with the permission `user_all` or `all`.
         */
        put: operations["putUsersEnable"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/users/{user_id}/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make a new password and deliver it by mail or SMS
         * @deprecated
         * @description Another name of `/api/v2/tenant/users/{user_id}/rest-password`. Needs an application with the permission `user_reset`, `user_all` or `all`.
         */
        put: operations["putUsersResetPassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/users/{user_id}/rest-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make a new password and deliver it by mail or SMS
         * @description Needs an application with the permission `user_reset`, `user_all` or `all`.
         */
        put: operations["putUsersRestPassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/users/user-by-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a user by e-mail address
         * @description Needs an application with the permission `user_all`, `user_read`, `all` or `read`.
         */
        post: operations["postUsersUserByEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/users/user-by-username": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a user by user name
         * @description Needs an application with the permission `user_all`, `user_read`, `all` or `read`.
         */
        post: operations["postUsersUserByUsername"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/webhooks/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events on their way to webhooks, a page at a time, newest first
         * @description Needs an application with the permission `all` or `read`.
         */
        get: operations["getWebhooksDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tenant/webhooks/deliveries/{delivery_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event to its webhook again, with the same webhook-id
         * @description Needs an application with the permission `all`.
         */
        post: operations["postWebhooksDeliveriesResend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process runs
         * @description Open to anybody, at any host.
         */
        get: operations["getHealthLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process can do its work, and if not, which check failed
         * @description Open to anybody, at any host.
         */
        get: operations["getHealthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counters in the Prometheus text format
         * @description Open to anybody, at any host.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    event: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Be told of an event
         * @description Signed as Standard Webhooks describes it. Verify the signature, pass over a webhook-id that came before, and answer 2xx. Data are ids and words.
         *
         *     - `user.created`: a user was made
         *     - `user.updated`: profile, contacts, place or role of a user changed
         *     - `user.enabled`: a user may sign in again
         *     - `user.disabled`: a user may not sign in any more
         *     - `user.locked`: too many wrong passwords or codes: a user is locked for a time
         *     - `user.unlocked`: a lock was ended by an operator
         *     - `user.deleted`: a user was removed
         *     - `user.erased`: everything that names the person was erased: erase what you hold about them
         *     - `credential.changed`: a user has another password; `by` says whose doing it was
         *     - `credential.voided`: a user has no password any more, until the next reset
         *     - `credential.disowned`: somebody said that a changed password was not their doing: the account is frozen
         *     - `reset.requested`: a reset began; its password is not sent yet
         *     - `reset.sending`: the message is being handed to a gateway
         *     - `reset.accepted`: a gateway took the message
         *     - `reset.failed`: no gateway took the message; unless `revoked` is true the old password works
         *     - `reset.unknown`: the message may have arrived; both passwords work
         *     - `reset.used`: somebody signed in with the new password
         *     - `reset.completed`: the user chose a password of their own
         *     - `reset.superseded`: resets ended because something newer took over, such as a changed contact
         *     - `reset.expired`: the time of a reset is over
         *     - `reset.expired_unused`: a delivered password ran out unused: the user has none
         *     - `reset.storm`: the third unused reset of a user in a day
         *     - `reset.disowned`: somebody said that a reset was not theirs: the account is frozen
         */
        post: operations["receive-event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /** AccessToken */
        AccessToken: {
            access_token: string;
            /** @description Whole seconds that remain */
            expires_in: number;
            /** @description RS256 JWT with the API permissions of the application */
            id_token: string;
            /** @constant */
            scope: "all";
            /** @constant */
            token_type: "bearer";
        };
        /** AttributeDefinition */
        AttributeDefinition: {
            /** @example extension.badge */
            code: string;
            length_max: number | null;
            pattern: string | null;
            required: boolean;
            /** @enum {string} */
            type: "text" | "integer" | "number" | "boolean" | "date";
            unique: boolean;
        };
        Error: {
            /** @description Stable; the contract’s below 9000, ours from 9000 */
            error_code: string;
            /** @description In the language of X-L, then of Accept-Language */
            error_msg: string;
        };
        OAuthError: {
            error: string;
            error_description: string;
        };
        /** Organization */
        Organization: {
            category: string | null;
            /** @description When it was created, yyyy-MM-dd HH:mm:ss.SSS */
            created_at: string;
            disabled: boolean;
            extension: {
                [key: string]: unknown;
            };
            name: string;
            org_code: string;
            org_id: string;
            /** @description null: a root */
            parent_id: string | null;
            sequence: number | null;
            /** @description When it or its place in the tree last changed, yyyy-MM-dd HH:mm:ss.SSS */
            updated_at: string;
        };
        /** SignedIn */
        SignedIn: {
            /** @description Lifetime of the session in seconds */
            expire: number;
            /** @description RS256 JWT; its claim api is JSON in a string */
            id_token: string;
            session_token: string;
            /** @constant */
            status: "SUCCESS";
        };
        /** User */
        User: {
            attr_area?: string;
            attr_birthday?: string;
            attr_city?: string;
            attr_gender?: string;
            attr_hire_date?: string;
            attr_identity_number?: string;
            attr_identity_type?: string;
            attr_manager_id?: string;
            attr_nick_name?: string;
            attr_user_type?: string;
            attr_work_place?: string;
            /** @description When the user was created, yyyy-MM-dd HH:mm:ss.SSS */
            created_at?: string;
            disabled: boolean;
            /** @example alice@acme.example */
            email?: string;
            employee_id?: string;
            extension: {
                [key: string]: unknown;
            };
            external_id?: string;
            first_name?: string;
            grade: number;
            /** @description When the user last signed in, yyyy-MM-dd HH:mm:ss.SSS */
            last_login_at?: string;
            last_login_ip?: string;
            last_name?: string;
            locked: boolean;
            middle_name?: string;
            /** @example +86-13800000001 */
            mobile?: string;
            name: string;
            org_id?: string;
            /** @description When the password last changed, yyyy-MM-dd HH:mm:ss.SSS */
            pwd_change_at?: string;
            pwd_must_modify: boolean;
            /** @description When the user last changed, yyyy-MM-dd HH:mm:ss.SSS */
            updated_at?: string;
            user_id: string;
            user_name: string;
            user_org_relation_list: {
                org_id: string;
                relation_type: number;
            }[];
        };
        /** UserImport */
        UserImport: {
            /**
             * @description Users that were created
             * @example 2
             */
            created: number;
            /** @description When the import began, yyyy-MM-dd HH:mm:ss.SSS */
            created_at: string;
            /** @enum {string} */
            deliver_initial?: "EMAIL" | "SMS";
            /**
             * @description Rows that were refused
             * @example 1
             */
            failed: number;
            /** @description When its last row was settled, yyyy-MM-dd HH:mm:ss.SSS */
            finished_at?: string;
            import_id: string;
            /**
             * @description First passwords a minute
             * @example 60
             */
            per_minute: number;
            /**
             * @description Number of the last row that is settled; 0: none yet
             * @example 3
             */
            position: number;
            /**
             * @description As the start said; absent: an import of a file
             * @example 3
             */
            rows_total?: number;
            /**
             * @description finished: every row is settled
             * @enum {string}
             */
            state: "open" | "finished";
            /**
             * @description Rows that said what was so already
             * @example 0
             */
            unchanged: number;
            update: boolean;
            /**
             * @description Users that were changed
             * @example 0
             */
            updated: number;
            /** @description When rows were last settled, yyyy-MM-dd HH:mm:ss.SSS */
            updated_at: string;
        };
    };
    responses: {
        /**
         * @description - `REQUEST.9001` The request is malformed · 请求格式错误
         *       X-Error-Detail names the part: url, header, body, query or path.
         */
        Request400: {
            headers: {
                /** @description A stable word for the reason, where there is one */
                "X-Error-Detail"?: string;
                /** @description Id of this request in the log */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description - `REQUEST.9009` No tenant answers at this host name · 该域名没有对应的租户
         *       Call the host name that the tenant file lists under domains.
         */
        Request404: {
            headers: {
                /** @description A stable word for the reason, where there is one */
                "X-Error-Detail"?: string;
                /** @description Id of this request in the log */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description - `REQUEST.9008` The request took too long to arrive · 请求接收超时
         *       Send the whole request at once.
         */
        Request408: {
            headers: {
                /** @description A stable word for the reason, where there is one */
                "X-Error-Detail"?: string;
                /** @description Id of this request in the log */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description - `REQUEST.9006` The request body is too large · 请求体过大
         *       Send a smaller body.
         */
        Request413: {
            headers: {
                /** @description A stable word for the reason, where there is one */
                "X-Error-Detail"?: string;
                /** @description Id of this request in the log */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description - `REQUEST.9005` This media type is not taken · 不支持该媒体类型
         *       Send JSON as application/json; charset=utf-8, without a content encoding.
         */
        Request415: {
            headers: {
                /** @description A stable word for the reason, where there is one */
                "X-Error-Detail"?: string;
                /** @description Id of this request in the log */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description - `REQUEST.9010` This expectation cannot be met · 无法满足Expect请求头
         *       Send no Expect header, or Expect: 100-continue.
         */
        Request417: {
            headers: {
                /** @description A stable word for the reason, where there is one */
                "X-Error-Detail"?: string;
                /** @description Id of this request in the log */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description - `REQUEST.9007` The request headers or the URL are too large · 请求头或URL过大
         *       Keep URL and headers together under 16 KiB.
         */
        Request431: {
            headers: {
                /** @description A stable word for the reason, where there is one */
                "X-Error-Detail"?: string;
                /** @description Id of this request in the log */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description - `REQUEST.9013` Something is wrong in the server · 服务器内部错误
         *       Report it with the value of X-Request-Id; the log has the cause under it.
         */
        Request500: {
            headers: {
                /** @description A stable word for the reason, where there is one */
                "X-Error-Detail"?: string;
                /** @description Id of this request in the log */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /**
         * @description - `REQUEST.9011` The server is busy · 服务繁忙
         *       Nothing was changed. Wait as long as Retry-After says and call again.
         *     - `REQUEST.9012` The database cannot be reached · 数据库不可用
         *       Wait as long as Retry-After says; the operator finds the cause in the log under X-Request-Id.
         */
        Request503: {
            headers: {
                /** @description A stable word for the reason, where there is one */
                "X-Error-Detail"?: string;
                /** @description Id of this request in the log */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    postOapOauthToken: {
        parameters: {
            query?: {
                client_id?: string;
                client_secret?: string;
                grant_type?: "client_credentials";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "grant_type": "client_credentials"
                 *     }
                 */
                "application/json": {
                    client_id?: string;
                    client_secret?: string;
                    /**
                     * @example client_credentials
                     * @constant
                     */
                    grant_type?: "client_credentials";
                };
                /**
                 * @example {
                 *       "grant_type": "client_credentials"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    client_id?: string;
                    client_secret?: string;
                    /**
                     * @example client_credentials
                     * @constant
                     */
                    grant_type?: "client_credentials";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "mF_9.B5f-4.1JqM",
                     *       "expires_in": 1800,
                     *       "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
                     *       "scope": "all",
                     *       "token_type": "bearer"
                     *     }
                     */
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /**
             * @description - `unsupported_grant_type` Unauthorized grant type: … · 不支持的授权类型:…
             *       Use grant_type=client_credentials.
             *     - `invalid_request` The request is malformed: … · 请求格式错误:…
             *       Send grant_type=client_credentials and the client credentials once.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] | components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `invalid_client` Bad client credentials · 客户端凭证错误
             *       Check client_id and client_secret, and that the application is enabled. With X-Error-Detail address_not_allowed they are right, and the call came from an address that `allowed_addresses` of the tenant file does not hold.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getOauth2Keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {}
                     *       ]
                     *     }
                     */
                    "application/json": {
                        keys: {
                            [key: string]: unknown;
                        }[];
                    };
                };
            };
            400: components["responses"]["Request400"];
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkAfterLoginPwdUpdateByEmail: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
                /**
                 * @description state_token of the sign-in
                 * @example Qw3-T0kEn_oF.a-Sign-in
                 */
                "X-state-token": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "new_password": "An0ther-Passphrase",
                 *       "verify_code": "482913"
                 *     }
                 */
                "application/json": {
                    new_password: string;
                    /** @description Six digits, good for 10 minutes, five tries and one use */
                    verify_code: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expire": 604800,
                     *       "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
                     *       "session_token": "Zb5-T0kEn_oF.a-Session",
                     *       "status": "SUCCESS"
                     *     }
                     */
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /**
             * @description - `SDK.COMMON.1005` … has expired. · …已过期。
             *       Sign in again to get a new one. Unknown, used and expired tokens are answered alike.
             *     - `SDK.SMS.1005` The verification code is wrong or has expired. · 验证码错误或已过期。
             *       Type the newest code, within 10 minutes; after five tries, a use or a change of the password ask for another. Codes sent by mail are answered alike.
             *     - `SDK.LOGIN.1003` The account is locked after too many failed attempts. It unlocks in … minutes … seconds. · 登录失败次数过多,账号已锁定,将在…分…秒后解锁。
             *       Wait, or have the password reset: a delivered password unlocks the account.
             *     - `PWD.0001` Password cannot be empty · 密码不能为空
             *       Send the password in the body.
             *     - `PWD.0002` The password must contain …~… characters · 密码长度必须为…~…个字符
             *       Choose a password of the stated length; every character counts once.
             *     - `PWD.0003` The password cannot be the same as the user name · 密码不能与用户名相同
             *       Choose a password that is not the user name, in any case of letters.
             *     - `PWD.0004` The password cannot be the user name reversed · 密码不能为用户名的倒序
             *       Choose a password that is not the user name read backwards.
             *     - `PWD.0005` The password does not meet the verification rules, … · 密码不符合校验规则,…
             *       The text names the rule that was not met; choose another password.
             *     - `PWD.0006` The password is too weak: it is easily guessed or known from a data breach · 密码强度过弱:容易被猜到或已在数据泄露中出现
             *       Choose a longer password that is no common one and no name or word with a few digits. X-Error-Detail says `weak`, or `breached` when it stands in a known data breach.
             *     - `PWD.9002` The new password must differ from the old one · 新密码不能与原密码相同
             *       Choose a password that is not the one in use.
             *     - `PWD.9003` The password was used before · 该密码曾经使用过
             *       Choose a password that is none of your latest ones; the policy says how many it remembers.
             *     - `PWD.9004` The password was changed a short while ago. It can be changed again in … hours … minutes. · 密码刚刚修改过,…小时…分钟后才能再次修改。
             *       Wait as long as Retry-After says, or have the password reset; `password_policy.minimum_age_hours` of the tenant file sets the time.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getSdkCaptcha: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "parameters": {},
                     *       "signature": "text"
                     *     }
                     */
                    "application/json": {
                        /** @description algorithm, nonce, salt, cost, keyLength, keyPrefix, keySignature, expiresAt (Unix seconds) */
                        parameters: {
                            [key: string]: unknown;
                        };
                        signature: string;
                    };
                };
            };
            /**
             * @description - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getSdkCountryCodes: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "country_codes": [
                     *         {
                     *           "code": "+86",
                     *           "country": "CN",
                     *           "name": "Alice"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        country_codes: {
                            /** @example +86 */
                            code: string;
                            /** @example CN */
                            country: string;
                            /** @description In the language of the answer */
                            name: string;
                        }[];
                    };
                };
            };
            /**
             * @description - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkEmailSend: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "alice@acme.example",
                 *       "type": "LOGIN_EMS"
                 *     }
                 */
                "application/json": {
                    /** @description The solved challenge of /api/v2/sdk/captcha, good once */
                    captcha_token?: string;
                    email: string;
                    /**
                     * @description LOGIN_EMS, FORGET_PWD_EMS, CHANGE_PWD_EMS, MFA_AUTH_EMS; others are refused
                     * @example LOGIN_EMS
                     */
                    type: string;
                };
            };
        };
        responses: {
            /** @description Done; the body is empty */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `SDK.COMMON.1006` The value of parameter … is wrong. · 参数…的值错误。
             *       Send one of the documented values. X-Error-Detail type_disabled: the tenant gives no codes of this type; `codes.purposes` of the tenant file says which.
             *     - `SDK.CAPTCHA.9001` The captcha is missing, wrong, used or expired. · 图形验证缺失、错误、已使用或已过期。
             *       Get a challenge from /api/v2/sdk/captcha, solve it, and send it once as captcha_token within its time; each code needs another.
             *     - `MSG.0004` The message sending mode does not meet the verification rules · 消息发送方式不符合校验规则
             *       Nothing was sent or changed. Send send_mode=SMS or send_mode=EMAIL exactly, and one that the tenant allows and has a gateway for. An old_password must be keep-until-used, keep-until-accepted or revoke-now, and no laxer than `reset.old_password` of the tenant file. X-Error-Detail names what is in the way: contact_quarantined means that the contact changed a short time ago, application_stopped that an operator stopped the resets of this application.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.SMS.9001` Too many verification codes. Try again in … seconds. · 验证码发送过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says. X-Error-Detail names the limit; `codes.limits` of the tenant file sets it.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkLogin: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "My-0wn-Passphrase",
                 *       "user_name": "alice"
                 *     }
                 */
                "application/json": {
                    password: string;
                    /** @description User name, e-mail address or mobile number */
                    user_name: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expire": 604800,
                     *       "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
                     *       "session_token": "Zb5-T0kEn_oF.a-Session",
                     *       "status": "SUCCESS"
                     *     }
                     */
                    "application/json": components["schemas"]["SignedIn"] | {
                        /** @description Good for /api/v2/sdk/pwd/update, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "PASSWORD_EXPIRED";
                    } | {
                        /** @description Good for /api/v2/sdk/pwd/update or once for /api/v2/sdk/pwd/skip-update, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "PASSWORD_WARN";
                    } | {
                        /** @description Good for /api/v2/sdk/mfa/sms or /api/v2/sdk/mfa/email, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "MFA_AUTH";
                    } | {
                        /** @constant */
                        status: "ACCESS_DENIED";
                    };
                };
            };
            /**
             * @description - `SDK.LOGIN.1003` The account is locked after too many failed attempts. It unlocks in … minutes … seconds. · 登录失败次数过多,账号已锁定,将在…分…秒后解锁。
             *       Wait, or have the password reset: a delivered password unlocks the account.
             *     - `SDK.LOGIN.1005` Invalid user name or password. Remaining attempts:… · 无效的用户名或密码。 剩余登录尝试次数:…
             *       Check the user name and the password.
             *     - `SDK.LOGIN.9001` The password that was sent to you has expired. Ask for a new one. · 发送给您的密码已过期,请重新申请。
             *       Have the password reset again; a delivered password lives as long as its message says.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkLoginEmailVerifyCode: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "alice@acme.example",
                 *       "verify_code": "482913"
                 *     }
                 */
                "application/json": {
                    email: string;
                    /** @description Six digits, good for 10 minutes, five tries and one use */
                    verify_code: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expire": 604800,
                     *       "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
                     *       "session_token": "Zb5-T0kEn_oF.a-Session",
                     *       "status": "SUCCESS"
                     *     }
                     */
                    "application/json": components["schemas"]["SignedIn"] | {
                        /** @description Good for /api/v2/sdk/pwd/update, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "PASSWORD_EXPIRED";
                    } | {
                        /** @description Good for /api/v2/sdk/pwd/update or once for /api/v2/sdk/pwd/skip-update, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "PASSWORD_WARN";
                    } | {
                        /** @description Good for /api/v2/sdk/mfa/sms or /api/v2/sdk/mfa/email, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "MFA_AUTH";
                    } | {
                        /** @constant */
                        status: "ACCESS_DENIED";
                    };
                };
            };
            /**
             * @description - `SDK.COMMON.1009` The authentication configuration is unknown. · 认证配置未知。
             *       The tenant does not allow this way of signing in; `codes.purposes` and `sign_in.second_factor` of the tenant file say so.
             *     - `SDK.SMS.1005` The verification code is wrong or has expired. · 验证码错误或已过期。
             *       Type the newest code, within 10 minutes; after five tries, a use or a change of the password ask for another. Codes sent by mail are answered alike.
             *     - `SDK.LOGIN.1003` The account is locked after too many failed attempts. It unlocks in … minutes … seconds. · 登录失败次数过多,账号已锁定,将在…分…秒后解锁。
             *       Wait, or have the password reset: a delivered password unlocks the account.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkLoginMobileVerifyCode: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "mobile": "+86-13800000001",
                 *       "verify_code": "482913"
                 *     }
                 */
                "application/json": {
                    /** @description Mobile number; bare mainland numbers are taken as +86 */
                    mobile: string;
                    /** @description Six digits, good for 10 minutes, five tries and one use */
                    verify_code: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expire": 604800,
                     *       "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
                     *       "session_token": "Zb5-T0kEn_oF.a-Session",
                     *       "status": "SUCCESS"
                     *     }
                     */
                    "application/json": components["schemas"]["SignedIn"] | {
                        /** @description Good for /api/v2/sdk/pwd/update, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "PASSWORD_EXPIRED";
                    } | {
                        /** @description Good for /api/v2/sdk/pwd/update or once for /api/v2/sdk/pwd/skip-update, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "PASSWORD_WARN";
                    } | {
                        /** @description Good for /api/v2/sdk/mfa/sms or /api/v2/sdk/mfa/email, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "MFA_AUTH";
                    } | {
                        /** @constant */
                        status: "ACCESS_DENIED";
                    };
                };
            };
            /**
             * @description - `SDK.COMMON.1009` The authentication configuration is unknown. · 认证配置未知。
             *       The tenant does not allow this way of signing in; `codes.purposes` and `sign_in.second_factor` of the tenant file say so.
             *     - `SDK.SMS.1005` The verification code is wrong or has expired. · 验证码错误或已过期。
             *       Type the newest code, within 10 minutes; after five tries, a use or a change of the password ask for another. Codes sent by mail are answered alike.
             *     - `SDK.LOGIN.1003` The account is locked after too many failed attempts. It unlocks in … minutes … seconds. · 登录失败次数过多,账号已锁定,将在…分…秒后解锁。
             *       Wait, or have the password reset: a delivered password unlocks the account.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getSdkLogout: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the body is empty */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkMfaEmail: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
                /**
                 * @description state_token of the sign-in
                 * @example Qw3-T0kEn_oF.a-Sign-in
                 */
                "X-state-token": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "alice@acme.example",
                 *       "verify_code": "482913"
                 *     }
                 */
                "application/json": {
                    email: string;
                    /** @description Six digits, good for 10 minutes, five tries and one use */
                    verify_code: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expire": 604800,
                     *       "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
                     *       "session_token": "Zb5-T0kEn_oF.a-Session",
                     *       "status": "SUCCESS"
                     *     }
                     */
                    "application/json": components["schemas"]["SignedIn"] | {
                        /** @description Good for /api/v2/sdk/pwd/update, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "PASSWORD_EXPIRED";
                    } | {
                        /** @description Good for /api/v2/sdk/pwd/update or once for /api/v2/sdk/pwd/skip-update, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "PASSWORD_WARN";
                    } | {
                        /** @description Good for /api/v2/sdk/mfa/sms or /api/v2/sdk/mfa/email, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "MFA_AUTH";
                    } | {
                        /** @constant */
                        status: "ACCESS_DENIED";
                    };
                };
            };
            /**
             * @description - `SDK.COMMON.1005` … has expired. · …已过期。
             *       Sign in again to get a new one. Unknown, used and expired tokens are answered alike.
             *     - `SDK.SMS.1005` The verification code is wrong or has expired. · 验证码错误或已过期。
             *       Type the newest code, within 10 minutes; after five tries, a use or a change of the password ask for another. Codes sent by mail are answered alike.
             *     - `SDK.LOGIN.1003` The account is locked after too many failed attempts. It unlocks in … minutes … seconds. · 登录失败次数过多,账号已锁定,将在…分…秒后解锁。
             *       Wait, or have the password reset: a delivered password unlocks the account.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkMfaSms: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
                /**
                 * @description state_token of the sign-in
                 * @example Qw3-T0kEn_oF.a-Sign-in
                 */
                "X-state-token": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "mobile": "+86-13800000001",
                 *       "verify_code": "482913"
                 *     }
                 */
                "application/json": {
                    /** @description Mobile number; bare mainland numbers are taken as +86 */
                    mobile: string;
                    /** @description Six digits, good for 10 minutes, five tries and one use */
                    verify_code: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expire": 604800,
                     *       "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
                     *       "session_token": "Zb5-T0kEn_oF.a-Session",
                     *       "status": "SUCCESS"
                     *     }
                     */
                    "application/json": components["schemas"]["SignedIn"] | {
                        /** @description Good for /api/v2/sdk/pwd/update, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "PASSWORD_EXPIRED";
                    } | {
                        /** @description Good for /api/v2/sdk/pwd/update or once for /api/v2/sdk/pwd/skip-update, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "PASSWORD_WARN";
                    } | {
                        /** @description Good for /api/v2/sdk/mfa/sms or /api/v2/sdk/mfa/email, for 15 minutes */
                        state_token: string;
                        /** @constant */
                        status: "MFA_AUTH";
                    } | {
                        /** @constant */
                        status: "ACCESS_DENIED";
                    };
                };
            };
            /**
             * @description - `SDK.COMMON.1005` … has expired. · …已过期。
             *       Sign in again to get a new one. Unknown, used and expired tokens are answered alike.
             *     - `SDK.SMS.1005` The verification code is wrong or has expired. · 验证码错误或已过期。
             *       Type the newest code, within 10 minutes; after five tries, a use or a change of the password ask for another. Codes sent by mail are answered alike.
             *     - `SDK.LOGIN.1003` The account is locked after too many failed attempts. It unlocks in … minutes … seconds. · 登录失败次数过多,账号已锁定,将在…分…秒后解锁。
             *       Wait, or have the password reset: a delivered password unlocks the account.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getSdkProfile: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attr_birthday": "1990-05-17",
                     *       "attr_gender": "female",
                     *       "attr_hire_date": "2020-10-28",
                     *       "email": "alice@acme.example",
                     *       "employee_id": "E0001",
                     *       "mobile": "+86-13800000001",
                     *       "name": "Alice",
                     *       "user_id": "20201028102749564-9082-DC8CD2722",
                     *       "user_name": "alice"
                     *     }
                     */
                    "application/json": {
                        attr_area?: string;
                        attr_birthday?: string;
                        attr_city?: string;
                        attr_gender?: string;
                        attr_hire_date?: string;
                        attr_nick_name?: string;
                        attr_work_place?: string;
                        email?: string;
                        employee_id?: string;
                        /** @description Attributes of the tenant’s own that people may change themselves */
                        extension?: {
                            [key: string]: unknown;
                        };
                        first_name?: string;
                        last_name?: string;
                        middle_name?: string;
                        /** @example +86-13800000001 */
                        mobile?: string;
                        name: string;
                        user_id: string;
                        user_name: string;
                    };
                };
            };
            /**
             * @description - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkProfileUpdate: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "attr_nick_name": "Al",
                 *       "name": "Alice"
                 *     }
                 */
                "application/json": {
                    /** @description Kept as it is sent */
                    attr_area?: string | null;
                    /** @description yyyy-MM-dd */
                    attr_birthday?: string | null;
                    /** @description Kept as it is sent */
                    attr_city?: string | null;
                    /** @description male, female or unknow (sic) */
                    attr_gender?: string | null;
                    /**
                     * @description Kept as it is sent
                     * @example Al
                     */
                    attr_nick_name?: string | null;
                    /** @description Kept as it is sent */
                    attr_work_place?: string | null;
                    /** @description Attributes of the tenant’s own; absent ones stay, null takes one away */
                    extension?: {
                        [key: string]: unknown;
                    } | null;
                    /** @description Kept as it is sent */
                    first_name?: string | null;
                    /** @description Kept as it is sent */
                    last_name?: string | null;
                    /** @description Kept as it is sent */
                    middle_name?: string | null;
                    /**
                     * @description Shown to people; empty: the user name
                     * @example Alice
                     */
                    name?: string | null;
                };
            };
        };
        responses: {
            /** @description Done; the body is empty */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `SDK.PROFILE.9001` … cannot be changed by yourself. · 您不能自行修改…。
             *       Leave the field out, or send it as it was read; `profile.editable` of the tenant file says what people may change themselves.
             *     - `USER.9005` The user attribute … is invalid · 用户属性…无效
             *       Names have up to 128 characters (user_name) or 255, texts up to 255, without control characters or space at their ends; dates are yyyy-MM-dd; attr_gender is male, female or unknow; an extension has at most 16,384 characters as JSON and 8 levels, and a user at most 100 organizations. The tenant’s attribute definitions may say more.
             *     - `USER.9007` The user attribute … cannot be empty · 用户属性…不能为空
             *       Send it; user_name is always needed, others when the tenant’s attribute definitions say so.
             *     - `USER.9008` The user attribute … has a value that is taken · 用户属性…的值已存在
             *       The tenant’s attribute definitions let one user have the value; find who has it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getSdkPublicKey: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "kid": "text",
                     *       "public_key": "text"
                     *     }
                     */
                    "application/json": {
                        kid: string;
                        /** @description SubjectPublicKeyInfo (RSA) in base64 */
                        public_key: string;
                    };
                };
            };
            /**
             * @description - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkPwdChange: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "new_password": "An0ther-Passphrase",
                 *       "old_password": "My-0wn-Passphrase"
                 *     }
                 */
                "application/json": {
                    new_password: string;
                    /** @example My-0wn-Passphrase */
                    old_password?: string;
                };
            };
        };
        responses: {
            /** @description Done; the body is empty */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `SDK.LOGIN.1003` The account is locked after too many failed attempts. It unlocks in … minutes … seconds. · 登录失败次数过多,账号已锁定,将在…分…秒后解锁。
             *       Wait, or have the password reset: a delivered password unlocks the account.
             *     - `PWD.0001` Password cannot be empty · 密码不能为空
             *       Send the password in the body.
             *     - `PWD.0002` The password must contain …~… characters · 密码长度必须为…~…个字符
             *       Choose a password of the stated length; every character counts once.
             *     - `PWD.0003` The password cannot be the same as the user name · 密码不能与用户名相同
             *       Choose a password that is not the user name, in any case of letters.
             *     - `PWD.0004` The password cannot be the user name reversed · 密码不能为用户名的倒序
             *       Choose a password that is not the user name read backwards.
             *     - `PWD.0005` The password does not meet the verification rules, … · 密码不符合校验规则,…
             *       The text names the rule that was not met; choose another password.
             *     - `PWD.0006` The password is too weak: it is easily guessed or known from a data breach · 密码强度过弱:容易被猜到或已在数据泄露中出现
             *       Choose a longer password that is no common one and no name or word with a few digits. X-Error-Detail says `weak`, or `breached` when it stands in a known data breach.
             *     - `PWD.9001` The old password is wrong. Remaining attempts:… · 原密码错误。 剩余尝试次数:…
             *       Type the current password, or for a reset the one from the message.
             *     - `PWD.9002` The new password must differ from the old one · 新密码不能与原密码相同
             *       Choose a password that is not the one in use.
             *     - `PWD.9003` The password was used before · 该密码曾经使用过
             *       Choose a password that is none of your latest ones; the policy says how many it remembers.
             *     - `PWD.9004` The password was changed a short while ago. It can be changed again in … hours … minutes. · 密码刚刚修改过,…小时…分钟后才能再次修改。
             *       Wait as long as Retry-After says, or have the password reset; `password_policy.minimum_age_hours` of the tenant file sets the time.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkPwdChangeByMobile: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "An0ther-Passphrase",
                 *       "verify_code": "482913"
                 *     }
                 */
                "application/json": {
                    /** @example An0ther-Passphrase */
                    password: string;
                    /** @description Six digits, good for 10 minutes, five tries and one use */
                    verify_code: string;
                };
            };
        };
        responses: {
            /** @description Done; the body is empty */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `SDK.SMS.1005` The verification code is wrong or has expired. · 验证码错误或已过期。
             *       Type the newest code, within 10 minutes; after five tries, a use or a change of the password ask for another. Codes sent by mail are answered alike.
             *     - `SDK.LOGIN.1003` The account is locked after too many failed attempts. It unlocks in … minutes … seconds. · 登录失败次数过多,账号已锁定,将在…分…秒后解锁。
             *       Wait, or have the password reset: a delivered password unlocks the account.
             *     - `PWD.0001` Password cannot be empty · 密码不能为空
             *       Send the password in the body.
             *     - `PWD.0002` The password must contain …~… characters · 密码长度必须为…~…个字符
             *       Choose a password of the stated length; every character counts once.
             *     - `PWD.0003` The password cannot be the same as the user name · 密码不能与用户名相同
             *       Choose a password that is not the user name, in any case of letters.
             *     - `PWD.0004` The password cannot be the user name reversed · 密码不能为用户名的倒序
             *       Choose a password that is not the user name read backwards.
             *     - `PWD.0005` The password does not meet the verification rules, … · 密码不符合校验规则,…
             *       The text names the rule that was not met; choose another password.
             *     - `PWD.0006` The password is too weak: it is easily guessed or known from a data breach · 密码强度过弱:容易被猜到或已在数据泄露中出现
             *       Choose a longer password that is no common one and no name or word with a few digits. X-Error-Detail says `weak`, or `breached` when it stands in a known data breach.
             *     - `PWD.9002` The new password must differ from the old one · 新密码不能与原密码相同
             *       Choose a password that is not the one in use.
             *     - `PWD.9003` The password was used before · 该密码曾经使用过
             *       Choose a password that is none of your latest ones; the policy says how many it remembers.
             *     - `PWD.9004` The password was changed a short while ago. It can be changed again in … hours … minutes. · 密码刚刚修改过,…小时…分钟后才能再次修改。
             *       Wait as long as Retry-After says, or have the password reset; `password_policy.minimum_age_hours` of the tenant file sets the time.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getSdkPwdSkipUpdate: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
                /**
                 * @description state_token of the sign-in
                 * @example Qw3-T0kEn_oF.a-Sign-in
                 */
                "X-state-token": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expire": 604800,
                     *       "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
                     *       "session_token": "Zb5-T0kEn_oF.a-Session",
                     *       "status": "SUCCESS"
                     *     }
                     */
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /**
             * @description - `SDK.COMMON.1005` … has expired. · …已过期。
             *       Sign in again to get a new one. Unknown, used and expired tokens are answered alike.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkPwdUpdate: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
                /**
                 * @description state_token of the sign-in
                 * @example Qw3-T0kEn_oF.a-Sign-in
                 */
                "X-state-token": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "new_password": "An0ther-Passphrase",
                 *       "old_password": "My-0wn-Passphrase"
                 *     }
                 */
                "application/json": {
                    new_password: string;
                    old_password: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expire": 604800,
                     *       "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
                     *       "session_token": "Zb5-T0kEn_oF.a-Session",
                     *       "status": "SUCCESS"
                     *     }
                     */
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /**
             * @description - `SDK.COMMON.1005` … has expired. · …已过期。
             *       Sign in again to get a new one. Unknown, used and expired tokens are answered alike.
             *     - `SDK.LOGIN.1003` The account is locked after too many failed attempts. It unlocks in … minutes … seconds. · 登录失败次数过多,账号已锁定,将在…分…秒后解锁。
             *       Wait, or have the password reset: a delivered password unlocks the account.
             *     - `PWD.0001` Password cannot be empty · 密码不能为空
             *       Send the password in the body.
             *     - `PWD.0002` The password must contain …~… characters · 密码长度必须为…~…个字符
             *       Choose a password of the stated length; every character counts once.
             *     - `PWD.0003` The password cannot be the same as the user name · 密码不能与用户名相同
             *       Choose a password that is not the user name, in any case of letters.
             *     - `PWD.0004` The password cannot be the user name reversed · 密码不能为用户名的倒序
             *       Choose a password that is not the user name read backwards.
             *     - `PWD.0005` The password does not meet the verification rules, … · 密码不符合校验规则,…
             *       The text names the rule that was not met; choose another password.
             *     - `PWD.0006` The password is too weak: it is easily guessed or known from a data breach · 密码强度过弱:容易被猜到或已在数据泄露中出现
             *       Choose a longer password that is no common one and no name or word with a few digits. X-Error-Detail says `weak`, or `breached` when it stands in a known data breach.
             *     - `PWD.9001` The old password is wrong. Remaining attempts:… · 原密码错误。 剩余尝试次数:…
             *       Type the current password, or for a reset the one from the message.
             *     - `PWD.9002` The new password must differ from the old one · 新密码不能与原密码相同
             *       Choose a password that is not the one in use.
             *     - `PWD.9003` The password was used before · 该密码曾经使用过
             *       Choose a password that is none of your latest ones; the policy says how many it remembers.
             *     - `PWD.9004` The password was changed a short while ago. It can be changed again in … hours … minutes. · 密码刚刚修改过,…小时…分钟后才能再次修改。
             *       Wait as long as Retry-After says, or have the password reset; `password_policy.minimum_age_hours` of the tenant file sets the time.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkPwdUpdateByEmail: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "alice@acme.example",
                 *       "password": "An0ther-Passphrase",
                 *       "verify_code": "482913"
                 *     }
                 */
                "application/json": {
                    email: string;
                    /** @example An0ther-Passphrase */
                    password: string;
                    /** @description Six digits, good for 10 minutes, five tries and one use */
                    verify_code: string;
                };
            };
        };
        responses: {
            /** @description Done; the body is empty */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `SDK.SMS.1005` The verification code is wrong or has expired. · 验证码错误或已过期。
             *       Type the newest code, within 10 minutes; after five tries, a use or a change of the password ask for another. Codes sent by mail are answered alike.
             *     - `SDK.LOGIN.1003` The account is locked after too many failed attempts. It unlocks in … minutes … seconds. · 登录失败次数过多,账号已锁定,将在…分…秒后解锁。
             *       Wait, or have the password reset: a delivered password unlocks the account.
             *     - `PWD.0001` Password cannot be empty · 密码不能为空
             *       Send the password in the body.
             *     - `PWD.0002` The password must contain …~… characters · 密码长度必须为…~…个字符
             *       Choose a password of the stated length; every character counts once.
             *     - `PWD.0003` The password cannot be the same as the user name · 密码不能与用户名相同
             *       Choose a password that is not the user name, in any case of letters.
             *     - `PWD.0004` The password cannot be the user name reversed · 密码不能为用户名的倒序
             *       Choose a password that is not the user name read backwards.
             *     - `PWD.0005` The password does not meet the verification rules, … · 密码不符合校验规则,…
             *       The text names the rule that was not met; choose another password.
             *     - `PWD.0006` The password is too weak: it is easily guessed or known from a data breach · 密码强度过弱:容易被猜到或已在数据泄露中出现
             *       Choose a longer password that is no common one and no name or word with a few digits. X-Error-Detail says `weak`, or `breached` when it stands in a known data breach.
             *     - `PWD.9002` The new password must differ from the old one · 新密码不能与原密码相同
             *       Choose a password that is not the one in use.
             *     - `PWD.9003` The password was used before · 该密码曾经使用过
             *       Choose a password that is none of your latest ones; the policy says how many it remembers.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkPwdUpdateByMobile: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "mobile": "+86-13800000001",
                 *       "password": "An0ther-Passphrase",
                 *       "verify_code": "482913"
                 *     }
                 */
                "application/json": {
                    /** @description Mobile number; bare mainland numbers are taken as +86 */
                    mobile: string;
                    /** @example An0ther-Passphrase */
                    password: string;
                    /** @description Six digits, good for 10 minutes, five tries and one use */
                    verify_code: string;
                };
            };
        };
        responses: {
            /** @description Done; the body is empty */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `SDK.SMS.1005` The verification code is wrong or has expired. · 验证码错误或已过期。
             *       Type the newest code, within 10 minutes; after five tries, a use or a change of the password ask for another. Codes sent by mail are answered alike.
             *     - `SDK.LOGIN.1003` The account is locked after too many failed attempts. It unlocks in … minutes … seconds. · 登录失败次数过多,账号已锁定,将在…分…秒后解锁。
             *       Wait, or have the password reset: a delivered password unlocks the account.
             *     - `PWD.0001` Password cannot be empty · 密码不能为空
             *       Send the password in the body.
             *     - `PWD.0002` The password must contain …~… characters · 密码长度必须为…~…个字符
             *       Choose a password of the stated length; every character counts once.
             *     - `PWD.0003` The password cannot be the same as the user name · 密码不能与用户名相同
             *       Choose a password that is not the user name, in any case of letters.
             *     - `PWD.0004` The password cannot be the user name reversed · 密码不能为用户名的倒序
             *       Choose a password that is not the user name read backwards.
             *     - `PWD.0005` The password does not meet the verification rules, … · 密码不符合校验规则,…
             *       The text names the rule that was not met; choose another password.
             *     - `PWD.0006` The password is too weak: it is easily guessed or known from a data breach · 密码强度过弱:容易被猜到或已在数据泄露中出现
             *       Choose a longer password that is no common one and no name or word with a few digits. X-Error-Detail says `weak`, or `breached` when it stands in a known data breach.
             *     - `PWD.9002` The new password must differ from the old one · 新密码不能与原密码相同
             *       Choose a password that is not the one in use.
             *     - `PWD.9003` The password was used before · 该密码曾经使用过
             *       Choose a password that is none of your latest ones; the policy says how many it remembers.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.LOGIN.9002` Too many sign-ins from this address. Try again in … seconds. · 该地址登录过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says; the limit is sign_in.per_address_per_minute of the tenant.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getSdkServerDate: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "timestamp": "1764220800000"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description Unix milliseconds
                         * @example 1764220800000
                         */
                        timestamp: string;
                    };
                };
            };
            /**
             * @description - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSdkSmsSend: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A User-Agent
                 * @example Mozilla/5.0
                 */
                "X-agent": string;
                /**
                 * @description Client id of the application; no secret
                 * @example helpdesk
                 */
                "X-client-id": string;
                /** @example device-1 */
                "X-device-fingerprint": string;
                /** @description Language of error texts: en or zh */
                "X-L"?: string;
                /** @example windows10.1.1 */
                "X-operating-sys-version": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "mobile": "+86-13800000001",
                 *       "type": "LOGIN_SMS"
                 *     }
                 */
                "application/json": {
                    /** @description The solved challenge of /api/v2/sdk/captcha, good once */
                    captcha_token?: string;
                    /** @description Mobile number; bare mainland numbers are taken as +86 */
                    mobile: string;
                    /**
                     * @description LOGIN_SMS, FORGET_PWD_SMS, CHANGE_PWD_SMS, MFA_AUTH_SMS; others are refused
                     * @example LOGIN_SMS
                     */
                    type: string;
                };
            };
        };
        responses: {
            /** @description Done; the body is empty */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `SDK.COMMON.1006` The value of parameter … is wrong. · 参数…的值错误。
             *       Send one of the documented values. X-Error-Detail type_disabled: the tenant gives no codes of this type; `codes.purposes` of the tenant file says which.
             *     - `SDK.CAPTCHA.9001` The captcha is missing, wrong, used or expired. · 图形验证缺失、错误、已使用或已过期。
             *       Get a challenge from /api/v2/sdk/captcha, solve it, and send it once as captcha_token within its time; each code needs another.
             *     - `MSG.0004` The message sending mode does not meet the verification rules · 消息发送方式不符合校验规则
             *       Nothing was sent or changed. Send send_mode=SMS or send_mode=EMAIL exactly, and one that the tenant allows and has a gateway for. An old_password must be keep-until-used, keep-until-accepted or revoke-now, and no laxer than `reset.old_password` of the tenant file. X-Error-Detail names what is in the way: contact_quarantined means that the contact changed a short time ago, application_stopped that an operator stopped the resets of this application.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             *     - `SDK.COMMON.1001` Parameter … cannot be left blank. · 参数…不能为空。
             *       Send the named header or body field.
             *     - `SDK.COMMON.1002` The format of parameter … is wrong. · 参数…格式错误。
             *       Send the parameter in the documented format.
             *     - `SDK.COMMON.1003` The device information is incomplete. · 设备信息不完整。
             *       Send the headers X-operating-sys-version, X-device-fingerprint and X-agent.
             *     - `SDK.COMMON.1007` The type of parameter … is wrong. · 参数…类型错误。
             *       Send the parameter as text.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `SDK.SMS.9001` Too many verification codes. Try again in … seconds. · 验证码发送过于频繁,请在…秒后重试。
             *       Wait as long as Retry-After says. X-Error-Detail names the limit; `codes.limits` of the tenant file sets it.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getApplicationsAccountPermissions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the account
                 * @example 20201028102830412-B3D6-8A41F6E05
                 */
                account_id: string;
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dataPerms": [
                     *         {
                     *           "id": "text",
                     *           "remoteId": "text"
                     *         }
                     *       ],
                     *       "funcPerms": [
                     *         {
                     *           "id": "text",
                     *           "remoteId": "text"
                     *         }
                     *       ],
                     *       "roles": [
                     *         {
                     *           "id": "text",
                     *           "remoteId": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        dataPerms: {
                            id: string;
                            remoteId: string | null;
                        }[];
                        funcPerms: {
                            id: string;
                            remoteId: string | null;
                        }[];
                        roles: {
                            id: string;
                            remoteId: string | null;
                        }[];
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ACCOUNT.0028` The application account does not exist · 应用账号不存在
             *       Check the account id; ids are valid in one application only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getApplicationsAccounts: {
        parameters: {
            query: {
                /** @description BASIC_ACCOUNT, PUBLIC_ACCOUNT or ORPHAN_ACCOUNT; absent or empty: all of them */
                account_type?: unknown;
                /**
                 * @description Size of a page
                 * @example 10
                 */
                limit: number;
                /**
                 * @description Index of the page, from 0; not a row
                 * @example 0
                 */
                offset: number;
            };
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accounts": [
                     *         {
                     *           "account_name": "alice",
                     *           "account_type": "BASIC_ACCOUNT",
                     *           "attr_manager_id": "text",
                     *           "disabled": false,
                     *           "extension": {},
                     *           "id": "text",
                     *           "name": "Alice",
                     *           "org_id": "20201028102801233-4F0A-1B7D90C3E"
                     *         }
                     *       ],
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        accounts: {
                            account_name: string;
                            /** @enum {unknown} */
                            account_type: "BASIC_ACCOUNT" | "PUBLIC_ACCOUNT" | "ORPHAN_ACCOUNT";
                            /** @description Id of the user whose account it is; null for accounts of nobody */
                            attr_manager_id: string | null;
                            disabled: boolean;
                            extension: {
                                [key: string]: unknown;
                            };
                            id: string;
                            name: string | null;
                            /** @description Of one of the organizations of the application */
                            org_id: string | null;
                        }[];
                        total: number;
                    };
                };
            };
            /**
             * @description - `OAP.PAGE.0002` The page size is out of limits · 分页大小超出限制
             *       Send limit as a whole number from 10 to 100.
             *     - `OAP.PAGE.0003` The page number is invalid · 页码无效
             *       Send offset as the page index, a whole number from 0.
             *     - `APP.ACCOUNT.0045` The application account type is wrong · 应用账号类型错误
             *       Send BASIC_ACCOUNT, PUBLIC_ACCOUNT or ORPHAN_ACCOUNT, or no account_type for all of them.
             *     - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getApplicationsAccountsByAccountId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the account
                 * @example 20201028102830412-B3D6-8A41F6E05
                 */
                account_id: string;
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_name": "alice",
                     *       "account_type": "BASIC_ACCOUNT",
                     *       "attr_manager_id": "text",
                     *       "disabled": false,
                     *       "extension": {},
                     *       "id": "text",
                     *       "name": "Alice",
                     *       "org_id": "20201028102801233-4F0A-1B7D90C3E"
                     *     }
                     */
                    "application/json": {
                        account_name: string;
                        /** @enum {unknown} */
                        account_type: "BASIC_ACCOUNT" | "PUBLIC_ACCOUNT" | "ORPHAN_ACCOUNT";
                        /** @description Id of the user whose account it is; null for accounts of nobody */
                        attr_manager_id: string | null;
                        disabled: boolean;
                        extension: {
                            [key: string]: unknown;
                        };
                        id: string;
                        name: string | null;
                        /** @description Of one of the organizations of the application */
                        org_id: string | null;
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ACCOUNT.0028` The application account does not exist · 应用账号不存在
             *       Check the account id; ids are valid in one application only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putApplicationsAccountsByAccountId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the account
                 * @example 20201028102830412-B3D6-8A41F6E05
                 */
                account_id: string;
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": {
                    /** @description Unique in the application */
                    account_name?: string;
                    /** @description null: as if absent */
                    disabled?: boolean | null;
                    /** @description Further attributes, replaced whole; null: none */
                    extension?: {
                        [key: string]: unknown;
                    } | null;
                    /** @description Shown to people; empty or null: none */
                    name?: string | null;
                    /** @description Code of one of the organizations of the application; empty or null: none */
                    org_code?: string | null;
                    /** @description Taken and not kept: users sign in with their own password, accounts have none */
                    password?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": "20201028102830412-B3D6-8A41F6E05"
                     *     }
                     */
                    "application/json": {
                        account_id: string;
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ACCOUNT.0028` The application account does not exist · 应用账号不存在
             *       Check the account id; ids are valid in one application only.
             *     - `APP.ORG.0024` The application organization does not exist · 应用机构不存在
             *       Check the id or code; the tenant’s own organizations are not those of an application.
             *     - `APP.ACC.0013` Account name already exists · 账号名已存在
             *       Choose a name that no account of the application has; upper and lower case letters count as the same.
             *     - `APP.ACCOUNT.9001` The account name must have 1 to 255 characters, without control characters or space at its ends · 账号名须为1至255个字符,不能含控制字符,首尾不能为空格
             *       Send account_name as one line of text.
             *     - `APP.ACCOUNT.9002` The account attribute … is invalid · 账号属性…无效
             *       A name has at most 255 characters and no control characters, an extension at most 16,384 characters as JSON and 8 levels; neither holds U+0000 or half a surrogate pair.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    deleteApplicationsAccountsByAccountId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the account
                 * @example 20201028102830412-B3D6-8A41F6E05
                 */
                account_id: string;
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the body is empty */
            204: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ACCOUNT.0028` The application account does not exist · 应用账号不存在
             *       Check the account id; ids are valid in one application only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putApplicationsAccountsDisable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the account
                 * @example 20201028102830412-B3D6-8A41F6E05
                 */
                account_id: string;
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": "20201028102830412-B3D6-8A41F6E05"
                     *     }
                     */
                    "application/json": {
                        account_id: string;
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ACCOUNT.0028` The application account does not exist · 应用账号不存在
             *       Check the account id; ids are valid in one application only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putApplicationsAccountsEnable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the account
                 * @example 20201028102830412-B3D6-8A41F6E05
                 */
                account_id: string;
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": "20201028102830412-B3D6-8A41F6E05"
                     *     }
                     */
                    "application/json": {
                        account_id: string;
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ACCOUNT.0028` The application account does not exist · 应用账号不存在
             *       Check the account id; ids are valid in one application only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postApplicationsAccountsMemberRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the account
                 * @example 20201028102830412-B3D6-8A41F6E05
                 */
                account_id: string;
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role_ids": [
                 *         "20201028102842157-6E2F-3C9B70D18"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Ids of roles of the application, at most 50
                     * @example [
                     *       "20201028102842157-6E2F-3C9B70D18"
                     *     ]
                     */
                    role_ids: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "fail_list": [
                     *         "text"
                     *       ],
                     *       "success_list": [
                     *         "text"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @description Ids for which it could not be done */
                        fail_list: string[];
                        /** @description Ids for which it is so now */
                        success_list: string[];
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.OBJECTMODEL.0006` The application role model is not opened · 未开启应用角色模型
             *       An operator sets own_roles of the application to true in the tenant file.
             *     - `APP.ACCOUNT.0028` The application account does not exist · 应用账号不存在
             *       Check the account id; ids are valid in one application only.
             *     - `APP.ROLE.0004` An account cannot have several roles · 不支持一个账号拥有多个角色
             *       Take its role away first, or an operator sets several_roles of the application to true in the tenant file.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postApplicationsAccountsBasicAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "20201028102749564-9082-DC8CD2722"
                 *     }
                 */
                "application/json": {
                    /** @description Unique in the application, whatever the case of its letters; absent or empty: the user name */
                    account_name?: string | null;
                    /** @description null: as if absent */
                    disabled?: boolean | null;
                    /** @description Further attributes, replaced whole; null: none */
                    extension?: {
                        [key: string]: unknown;
                    } | null;
                    /** @description Shown to people; empty or null: none */
                    name?: string | null;
                    /** @description Code of one of the organizations of the application; empty or null: none */
                    org_code?: string | null;
                    /** @description Taken and not kept: users sign in with their own password, accounts have none */
                    password?: string | null;
                    /** @description Whose account it is */
                    user_id: string;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": "20201028102830412-B3D6-8A41F6E05"
                     *     }
                     */
                    "application/json": {
                        account_id: string;
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `APP.ORG.0024` The application organization does not exist · 应用机构不存在
             *       Check the id or code; the tenant’s own organizations are not those of an application.
             *     - `APP.ACC.0013` Account name already exists · 账号名已存在
             *       Choose a name that no account of the application has; upper and lower case letters count as the same.
             *     - `APP.ACC.0029` App account already exists · 应用账号已存在
             *       The user has an account in this application: list it with GET /api/v2/tenant/users/{user_id}/accounts.
             *     - `APP.ACCOUNT.9001` The account name must have 1 to 255 characters, without control characters or space at its ends · 账号名须为1至255个字符,不能含控制字符,首尾不能为空格
             *       Send account_name as one line of text.
             *     - `APP.ACCOUNT.9002` The account attribute … is invalid · 账号属性…无效
             *       A name has at most 255 characters and no control characters, an extension at most 16,384 characters as JSON and 8 levels; neither holds U+0000 or half a surrogate pair.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getApplicationsAccountsPermissionsPage: {
        parameters: {
            query: {
                /**
                 * @description Size of a page
                 * @example 10
                 */
                limit: number;
                /**
                 * @description Index of the page, from 0; not a row
                 * @example 0
                 */
                offset: number;
            };
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "list": [
                     *         {
                     *           "accountId": "text",
                     *           "funcPerms": [
                     *             {
                     *               "id": "text",
                     *               "remoteId": "text"
                     *             }
                     *           ],
                     *           "roles": [
                     *             {
                     *               "id": "text",
                     *               "remoteId": "text"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "number": 0,
                     *       "size": 0,
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        list: {
                            accountId: string;
                            funcPerms: {
                                id: string;
                                remoteId: string | null;
                            }[];
                            roles: {
                                id: string;
                                remoteId: string | null;
                            }[];
                        }[];
                        /** @description Index of the page */
                        number: number;
                        /** @description Size of the page, as it was asked for */
                        size: number;
                        total: number;
                    };
                };
            };
            /**
             * @description - `OAP.PAGE.0002` The page size is out of limits · 分页大小超出限制
             *       Send limit as a whole number from 10 to 100.
             *     - `OAP.PAGE.0003` The page number is invalid · 页码无效
             *       Send offset as the page index, a whole number from 0.
             *     - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postApplicationsAccountsPublicAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "account_name": "reception"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Unique in the application, whatever the case of its letters
                     * @example reception
                     */
                    account_name: string;
                    /** @description null: as if absent */
                    disabled?: boolean | null;
                    /** @description Further attributes, replaced whole; null: none */
                    extension?: {
                        [key: string]: unknown;
                    } | null;
                    /** @description Shown to people; empty or null: none */
                    name?: string | null;
                    /** @description Code of one of the organizations of the application; empty or null: none */
                    org_code?: string | null;
                    /** @description Taken and not kept: users sign in with their own password, accounts have none */
                    password?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": "20201028102830412-B3D6-8A41F6E05"
                     *     }
                     */
                    "application/json": {
                        account_id: string;
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ORG.0024` The application organization does not exist · 应用机构不存在
             *       Check the id or code; the tenant’s own organizations are not those of an application.
             *     - `APP.ACC.0013` Account name already exists · 账号名已存在
             *       Choose a name that no account of the application has; upper and lower case letters count as the same.
             *     - `APP.ACCOUNT.9001` The account name must have 1 to 255 characters, without control characters or space at its ends · 账号名须为1至255个字符,不能含控制字符,首尾不能为空格
             *       Send account_name as one line of text.
             *     - `APP.ACCOUNT.9002` The account attribute … is invalid · 账号属性…无效
             *       A name has at most 255 characters and no control characters, an extension at most 16,384 characters as JSON and 8 levels; neither holds U+0000 or half a surrogate pair.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getApplicationsAccountsPublicAccountUsers: {
        parameters: {
            query: {
                /**
                 * @description Size of a page
                 * @example 10
                 */
                limit: number;
                /**
                 * @description Index of the page, from 0; not a row
                 * @example 0
                 */
                offset: number;
            };
            header?: never;
            path: {
                /**
                 * @description Opaque id of the account
                 * @example 20201028102830412-B3D6-8A41F6E05
                 */
                account_id: string;
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "associated_users": [
                     *         {
                     *           "disabled": false,
                     *           "id": "text",
                     *           "userName": "text"
                     *         }
                     *       ],
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        associated_users: {
                            disabled: boolean;
                            id: string;
                            userName: string;
                        }[];
                        total: number;
                    };
                };
            };
            /**
             * @description - `OAP.PAGE.0002` The page size is out of limits · 分页大小超出限制
             *       Send limit as a whole number from 10 to 100.
             *     - `OAP.PAGE.0003` The page number is invalid · 页码无效
             *       Send offset as the page index, a whole number from 0.
             *     - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ACCOUNT.0038` Public account does not exist · 公共账号不存在
             *       Check the account id, and that the account is a public one.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postApplicationsAccountsPublicAccountUsersBind: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the account
                 * @example 20201028102830412-B3D6-8A41F6E05
                 */
                account_id: string;
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_names": [
                 *         "alice"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Names of users, at most 50
                     * @example [
                     *       "alice"
                     *     ]
                     */
                    user_names: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": "20201028102830412-B3D6-8A41F6E05"
                     *     }
                     */
                    "application/json": {
                        account_id: string;
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ACCOUNT.0038` Public account does not exist · 公共账号不存在
             *       Check the account id, and that the account is a public one.
             *     - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postApplicationsAccountsPublicAccountUsersUnbind: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the account
                 * @example 20201028102830412-B3D6-8A41F6E05
                 */
                account_id: string;
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_names": [
                 *         "alice"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Names of users, at most 50
                     * @example [
                     *       "alice"
                     *     ]
                     */
                    user_names: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": "20201028102830412-B3D6-8A41F6E05"
                     *     }
                     */
                    "application/json": {
                        account_id: string;
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ACCOUNT.0038` Public account does not exist · 公共账号不存在
             *       Check the account id, and that the account is a public one.
             *     - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getApplicationsOrganizations: {
        parameters: {
            query: {
                /**
                 * @description Size of a page
                 * @example 10
                 */
                limit: number;
                /**
                 * @description Index of the page, from 0; not a row
                 * @example 0
                 */
                offset: number;
            };
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "organizations": [
                     *         {
                     *           "disabled": false,
                     *           "extension": {},
                     *           "name": "Alice",
                     *           "org_code": "it",
                     *           "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *           "parent_id": "20201028102801233-4F0A-1B7D90C3E"
                     *         }
                     *       ],
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        organizations: {
                            /** @description false: no operation disables one */
                            disabled: boolean;
                            /** @description Empty: there are no further attributes */
                            extension: {
                                [key: string]: unknown;
                            };
                            name: string;
                            org_code: string;
                            org_id: string;
                            /** @description null: a root */
                            parent_id: string | null;
                        }[];
                        total: number;
                    };
                };
            };
            /**
             * @description - `OAP.PAGE.0002` The page size is out of limits · 分页大小超出限制
             *       Send limit as a whole number from 10 to 100.
             *     - `OAP.PAGE.0003` The page number is invalid · 页码无效
             *       Send offset as the page index, a whole number from 0.
             *     - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postApplicationsOrganizations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Development",
                 *       "org_code": "10001"
                 *     }
                 */
                "application/json": {
                    /** @example Development */
                    name: string;
                    /**
                     * @description Unique in the application, whatever the case of its letters
                     * @example 10001
                     */
                    org_code: string;
                    /** @description Id of the one above, of the same application; empty or null: a root */
                    parent_id?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "org_id": "20201028102801233-4F0A-1B7D90C3E"
                     *     }
                     */
                    "application/json": {
                        org_id: string;
                    };
                };
            };
            /**
             * @description - `APP.ORG.0040` The parent application organization does not exist · 父机构不存在
             *       Send the id of an organization of this application as parent_id, or none for a root.
             *     - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.OBJECTMODEL.0005` The application organization model is not opened · 未开启应用机构模型
             *       An operator sets own_organizations of the application to true in the tenant file.
             *     - `APP.0009` The application organization code already exists · 应用机构编码已存在
             *       Choose another code; upper and lower case letters count as the same.
             *     - `APP.ORG.9001` The application organization code must have 1 to 100 letters, digits, and . _ - @ after the first · 应用机构编码须为1至100个字母或数字,首字符之后可含 . _ - @
             *       Send org_code without spaces and other signs.
             *     - `APP.ORG.9002` The application organization name must have 1 to 255 characters, without control characters or space at its ends · 应用机构名称须为1至255个字符,不能含控制字符,首尾不能为空格
             *       Send name as one line of text.
             *     - `APP.ORG.9004` Application organizations cannot stand more than … levels deep · 应用机构层级不能超过…级
             *       Choose a parent that is nearer to the root.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getApplicationsOrganizationsByOrgId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
                /**
                 * @description Opaque id of the organization of the application
                 * @example 20201028102801233-4F0A-1B7D90C3E
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "disabled": false,
                     *       "extension": {},
                     *       "name": "Alice",
                     *       "org_code": "it",
                     *       "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *       "parent_id": "20201028102801233-4F0A-1B7D90C3E"
                     *     }
                     */
                    "application/json": {
                        /** @description false: no operation disables one */
                        disabled: boolean;
                        /** @description Empty: there are no further attributes */
                        extension: {
                            [key: string]: unknown;
                        };
                        name: string;
                        org_code: string;
                        org_id: string;
                        /** @description null: a root */
                        parent_id: string | null;
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ORG.0024` The application organization does not exist · 应用机构不存在
             *       Check the id or code; the tenant’s own organizations are not those of an application.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putApplicationsOrganizationsByOrgId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
                /**
                 * @description Opaque id of the organization of the application
                 * @example 20201028102801233-4F0A-1B7D90C3E
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "name": "Development"
                 *     }
                 */
                "application/json": {
                    /** @example Development */
                    name?: string;
                    /** @description Id of the one above, of the same application; empty or null: a root */
                    parent_id?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "org_id": "20201028102801233-4F0A-1B7D90C3E"
                     *     }
                     */
                    "application/json": {
                        org_id: string;
                    };
                };
            };
            /**
             * @description - `APP.ORG.0040` The parent application organization does not exist · 父机构不存在
             *       Send the id of an organization of this application as parent_id, or none for a root.
             *     - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ORG.0024` The application organization does not exist · 应用机构不存在
             *       Check the id or code; the tenant’s own organizations are not those of an application.
             *     - `APP.ORG.9002` The application organization name must have 1 to 255 characters, without control characters or space at its ends · 应用机构名称须为1至255个字符,不能含控制字符,首尾不能为空格
             *       Send name as one line of text.
             *     - `APP.ORG.9003` An application organization cannot stand below itself · 应用机构不能移动到自身或其下级机构之下
             *       Choose a parent that is neither the organization itself nor below it.
             *     - `APP.ORG.9004` Application organizations cannot stand more than … levels deep · 应用机构层级不能超过…级
             *       Choose a parent that is nearer to the root.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    deleteApplicationsOrganizationsByOrgId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
                /**
                 * @description Opaque id of the organization of the application
                 * @example 20201028102801233-4F0A-1B7D90C3E
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the body is empty */
            204: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ORG.0024` The application organization does not exist · 应用机构不存在
             *       Check the id or code; the tenant’s own organizations are not those of an application.
             *     - `APP.ORG.9005` Something stands below the application organization · 应用机构下存在子机构,不能删除
             *       Move or delete the organizations below it first.
             *     - `APP.ORG.9006` Accounts are in the application organization · 应用机构下存在账号,不能删除
             *       Put its accounts into another organization first.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postApplicationsRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "admin"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Unique in the application, whatever the case of its letters
                     * @example admin
                     */
                    code: string;
                    /** @description Shown to people; empty or null: none */
                    name?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "role_id": "20201028102842157-6E2F-3C9B70D18"
                     *     }
                     */
                    "application/json": {
                        role_id: string;
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.OBJECTMODEL.0006` The application role model is not opened · 未开启应用角色模型
             *       An operator sets own_roles of the application to true in the tenant file.
             *     - `APP.ROLE.9002` The application role code is taken · 应用侧角色代码已存在
             *       Choose another code; upper and lower case letters count as the same.
             *     - `APP.ROLE.9003` The application role code must have 1 to 100 characters, without control characters or space at its ends · 应用侧角色代码须为1至100个字符,不能含控制字符,首尾不能为空格
             *       Send code as one line of text.
             *     - `APP.ROLE.9004` The application role name must have 1 to 255 characters, without control characters or space at its ends · 应用侧角色名称须为1至255个字符,不能含控制字符,首尾不能为空格
             *       Send name as one line of text, or leave it out.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getApplicationsRoleList: {
        parameters: {
            query: {
                /**
                 * @description Size of a page
                 * @example 10
                 */
                limit: number;
                /**
                 * @description Index of the page, from 0; 0 if absent
                 * @example 0
                 */
                offset?: number;
            };
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "limit": 0,
                     *       "offset": 0,
                     *       "roles": [
                     *         {
                     *           "code": "text",
                     *           "createdAt": "text",
                     *           "id": "text",
                     *           "name": "Alice",
                     *           "updatedAt": "text"
                     *         }
                     *       ],
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        limit: number;
                        offset: number;
                        roles: {
                            code: string;
                            /** @description yyyy-MM-dd HH:mm:ss.SSS */
                            createdAt: string;
                            id: string;
                            name: string | null;
                            /** @description yyyy-MM-dd HH:mm:ss.SSS */
                            updatedAt: string;
                        }[];
                        total: number;
                    };
                };
            };
            /**
             * @description - `OAP.PAGE.0002` The page size is out of limits · 分页大小超出限制
             *       Send limit as a whole number from 10 to 100.
             *     - `OAP.PAGE.0003` The page number is invalid · 页码无效
             *       Send offset as the page index, a whole number from 0.
             *     - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postApplicationsRoleMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "account_Ids": [
                 *         "20201028102830412-B3D6-8A41F6E05"
                 *       ],
                 *       "role_id": "20201028102842157-6E2F-3C9B70D18"
                 *     }
                 */
                "application/json": {
                    /** @description Taken in place of account_Ids */
                    account_ids?: string[];
                    /**
                     * @description Ids of accounts of the application, at most 50; in either spelling
                     * @example [
                     *       "20201028102830412-B3D6-8A41F6E05"
                     *     ]
                     */
                    account_Ids: string[];
                    /** @description Opaque id of the role */
                    role_id: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "fail_list": [
                     *         "text"
                     *       ],
                     *       "success_list": [
                     *         "text"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @description Ids for which it could not be done */
                        fail_list: string[];
                        /** @description Ids for which it is so now */
                        success_list: string[];
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.OBJECTMODEL.0006` The application role model is not opened · 未开启应用角色模型
             *       An operator sets own_roles of the application to true in the tenant file.
             *     - `APP.ROLE.9001` The application role does not exist · 应用侧角色不存在
             *       Check the role id; ids are valid in one application only.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    deleteApplicationsRoleMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "account_Ids": [
                 *         "20201028102830412-B3D6-8A41F6E05"
                 *       ],
                 *       "role_id": "20201028102842157-6E2F-3C9B70D18"
                 *     }
                 */
                "application/json": {
                    /** @description Taken in place of account_Ids */
                    account_ids?: string[];
                    /**
                     * @description Ids of accounts of the application, at most 50; in either spelling
                     * @example [
                     *       "20201028102830412-B3D6-8A41F6E05"
                     *     ]
                     */
                    account_Ids: string[];
                    /** @description Opaque id of the role */
                    role_id: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "fail_list": [
                     *         "text"
                     *       ],
                     *       "success_list": [
                     *         "text"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @description Ids for which it could not be done */
                        fail_list: string[];
                        /** @description Ids for which it is so now */
                        success_list: string[];
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.OBJECTMODEL.0006` The application role model is not opened · 未开启应用角色模型
             *       An operator sets own_roles of the application to true in the tenant file.
             *     - `APP.ROLE.9001` The application role does not exist · 应用侧角色不存在
             *       Check the role id; ids are valid in one application only.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getApplicationsRoleMemberListByRoleId: {
        parameters: {
            query: {
                /**
                 * @description Size of a page
                 * @example 10
                 */
                limit: number;
                /**
                 * @description Index of the page, from 0; not a row
                 * @example 0
                 */
                offset: number;
            };
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
                /**
                 * @description Opaque id of the role
                 * @example 20201028102842157-6E2F-3C9B70D18
                 */
                role_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "limit": 0,
                     *       "offset": 0,
                     *       "role_members": [
                     *         {
                     *           "account_name": "alice",
                     *           "account_type": "BASIC_ACCOUNT",
                     *           "attr_manager_id": "text",
                     *           "disabled": false,
                     *           "extension": {},
                     *           "id": "text",
                     *           "name": "Alice",
                     *           "org_id": "20201028102801233-4F0A-1B7D90C3E"
                     *         }
                     *       ],
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        limit: number;
                        offset: number;
                        role_members: {
                            account_name: string;
                            /** @enum {unknown} */
                            account_type: "BASIC_ACCOUNT" | "PUBLIC_ACCOUNT" | "ORPHAN_ACCOUNT";
                            /** @description Id of the user whose account it is; null for accounts of nobody */
                            attr_manager_id: string | null;
                            disabled: boolean;
                            extension: {
                                [key: string]: unknown;
                            };
                            id: string;
                            name: string | null;
                            /** @description Of one of the organizations of the application */
                            org_id: string | null;
                        }[];
                        total: number;
                    };
                };
            };
            /**
             * @description - `OAP.PAGE.0002` The page size is out of limits · 分页大小超出限制
             *       Send limit as a whole number from 10 to 100.
             *     - `OAP.PAGE.0003` The page number is invalid · 页码无效
             *       Send offset as the page index, a whole number from 0.
             *     - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ROLE.9001` The application role does not exist · 应用侧角色不存在
             *       Check the role id; ids are valid in one application only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getApplicationsRoleByRoleId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
                /**
                 * @description Opaque id of the role
                 * @example 20201028102842157-6E2F-3C9B70D18
                 */
                role_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "text",
                     *       "createdAt": "text",
                     *       "id": "text",
                     *       "name": "Alice",
                     *       "updatedAt": "text"
                     *     }
                     */
                    "application/json": {
                        code: string;
                        /** @description yyyy-MM-dd HH:mm:ss.SSS */
                        createdAt: string;
                        id: string;
                        name: string | null;
                        /** @description yyyy-MM-dd HH:mm:ss.SSS */
                        updatedAt: string;
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ROLE.9001` The application role does not exist · 应用侧角色不存在
             *       Check the role id; ids are valid in one application only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putApplicationsRoleByRoleId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
                /**
                 * @description Opaque id of the role
                 * @example 20201028102842157-6E2F-3C9B70D18
                 */
                role_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Alice"
                 *     }
                 */
                "application/json": {
                    /** @description Shown to people; empty or null: none */
                    name: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "role_id": "20201028102842157-6E2F-3C9B70D18"
                     *     }
                     */
                    "application/json": {
                        role_id: string;
                    };
                };
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ROLE.9001` The application role does not exist · 应用侧角色不存在
             *       Check the role id; ids are valid in one application only.
             *     - `APP.ROLE.9004` The application role name must have 1 to 255 characters, without control characters or space at its ends · 应用侧角色名称须为1至255个字符,不能含控制字符,首尾不能为空格
             *       Send name as one line of text, or leave it out.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    deleteApplicationsRoleByRoleId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
                /**
                 * @description Opaque id of the role
                 * @example 20201028102842157-6E2F-3C9B70D18
                 */
                role_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the body is empty */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ROLE.9001` The application role does not exist · 应用侧角色不存在
             *       Check the role id; ids are valid in one application only.
             *     - `APP.ROLE.9005` Accounts have the application role · 应用侧角色存在被引用的账号,不能删除
             *       Take the role away from its accounts first.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getAttributeDefinitionsOrganizations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attributes": [
                     *         {
                     *           "code": "extension.badge",
                     *           "length_max": 0,
                     *           "pattern": "text",
                     *           "required": false,
                     *           "type": "text",
                     *           "unique": false
                     *         }
                     *       ],
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        attributes: components["schemas"]["AttributeDefinition"][];
                        total: number;
                    };
                };
            };
            400: components["responses"]["Request400"];
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postAttributeDefinitionsOrganizations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "extension.cost_center",
                 *       "length_max": 20,
                 *       "pattern": "[A-Z]\\d{1,9}",
                 *       "type": "text"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description A field of the API, or `extension.` and a name of your own; `name` in the tenant file
                     * @example extension.cost_center
                     */
                    code: string;
                    /**
                     * @description Most characters of a value. null: as many as the attribute takes
                     * @example 20
                     */
                    length_max?: number | null;
                    /**
                     * @description What the whole value must match; matched in bounded time. null: anything
                     * @example [A-Z]\d{1,9}
                     */
                    pattern?: string | null;
                    /** @description Whether creation needs it, and no change takes it away. null: false */
                    required?: boolean | null;
                    /**
                     * @description What a value is; only of attributes of your own. null: text
                     * @example text
                     */
                    type?: ("text" | "integer" | "number" | "boolean" | "date") | null;
                    /** @description Whether one has a value, whatever the case of its letters. null: false */
                    unique?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "text"
                     *     }
                     */
                    "application/json": {
                        code: string;
                    };
                };
            };
            /**
             * @description - `ATTR.9002` The attribute is defined already · 属性定义已存在
             *       Change the definition with PUT.
             *     - `ATTR.9003` The attribute cannot be defined so: … · 属性不能如此定义:…
             *       The text says what cannot be; X-Error-Detail names the part: code, type, unique or pattern.
             *     - `ATTR.9004` … cannot be unique: … and … have the same · …不能设为唯一:…与…的值相同
             *       Change the value of one of the two and call again. Nothing was changed.
             *     - `ATTR.9005` There can be at most … attribute definitions · 属性定义不能超过…个
             *       Delete definitions that are not needed any more.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getAttributeDefinitionsOrganizationsByCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Code of the attribute, as `code` of its definition
                 * @example category
                 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "extension.badge",
                     *       "length_max": 0,
                     *       "pattern": "text",
                     *       "required": false,
                     *       "type": "text",
                     *       "unique": false
                     *     }
                     */
                    "application/json": components["schemas"]["AttributeDefinition"];
                };
            };
            /**
             * @description - `ATTR.9001` The attribute is not defined · 属性定义不存在
             *       Check the code against the list of definitions; upper and lower case letters differ.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putAttributeDefinitionsOrganizationsByCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Code of the attribute, as `code` of its definition
                 * @example category
                 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "length_max": 20,
                 *       "pattern": "[A-Z]\\d{1,9}",
                 *       "type": "text"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Most characters of a value. null: as many as the attribute takes
                     * @example 20
                     */
                    length_max?: number | null;
                    /**
                     * @description What the whole value must match; matched in bounded time. null: anything
                     * @example [A-Z]\d{1,9}
                     */
                    pattern?: string | null;
                    /** @description Whether creation needs it, and no change takes it away. null: false */
                    required?: boolean | null;
                    /**
                     * @description What a value is; only of attributes of your own. null: text
                     * @example text
                     */
                    type?: ("text" | "integer" | "number" | "boolean" | "date") | null;
                    /** @description Whether one has a value, whatever the case of its letters. null: false */
                    unique?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "text"
                     *     }
                     */
                    "application/json": {
                        code: string;
                    };
                };
            };
            /**
             * @description - `ATTR.9001` The attribute is not defined · 属性定义不存在
             *       Check the code against the list of definitions; upper and lower case letters differ.
             *     - `ATTR.9003` The attribute cannot be defined so: … · 属性不能如此定义:…
             *       The text says what cannot be; X-Error-Detail names the part: code, type, unique or pattern.
             *     - `ATTR.9004` … cannot be unique: … and … have the same · …不能设为唯一:…与…的值相同
             *       Change the value of one of the two and call again. Nothing was changed.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    deleteAttributeDefinitionsOrganizationsByCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Code of the attribute, as `code` of its definition
                 * @example category
                 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the body is empty */
            204: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `ATTR.9001` The attribute is not defined · 属性定义不存在
             *       Check the code against the list of definitions; upper and lower case letters differ.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getAttributeDefinitionsUsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attributes": [
                     *         {
                     *           "code": "extension.badge",
                     *           "length_max": 0,
                     *           "pattern": "text",
                     *           "required": false,
                     *           "type": "text",
                     *           "unique": false
                     *         }
                     *       ],
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        attributes: components["schemas"]["AttributeDefinition"][];
                        total: number;
                    };
                };
            };
            400: components["responses"]["Request400"];
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postAttributeDefinitionsUsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "extension.badge",
                 *       "length_max": 20,
                 *       "pattern": "[A-Z]\\d{1,9}",
                 *       "type": "text"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description A field of the API, or `extension.` and a name of your own; `name` in the tenant file
                     * @example extension.badge
                     */
                    code: string;
                    /**
                     * @description Most characters of a value. null: as many as the attribute takes
                     * @example 20
                     */
                    length_max?: number | null;
                    /**
                     * @description What the whole value must match; matched in bounded time. null: anything
                     * @example [A-Z]\d{1,9}
                     */
                    pattern?: string | null;
                    /** @description Whether creation needs it, and no change takes it away. null: false */
                    required?: boolean | null;
                    /**
                     * @description What a value is; only of attributes of your own. null: text
                     * @example text
                     */
                    type?: ("text" | "integer" | "number" | "boolean" | "date") | null;
                    /** @description Whether one has a value, whatever the case of its letters. null: false */
                    unique?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "text"
                     *     }
                     */
                    "application/json": {
                        code: string;
                    };
                };
            };
            /**
             * @description - `ATTR.9002` The attribute is defined already · 属性定义已存在
             *       Change the definition with PUT.
             *     - `ATTR.9003` The attribute cannot be defined so: … · 属性不能如此定义:…
             *       The text says what cannot be; X-Error-Detail names the part: code, type, unique or pattern.
             *     - `ATTR.9004` … cannot be unique: … and … have the same · …不能设为唯一:…与…的值相同
             *       Change the value of one of the two and call again. Nothing was changed.
             *     - `ATTR.9005` There can be at most … attribute definitions · 属性定义不能超过…个
             *       Delete definitions that are not needed any more.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getAttributeDefinitionsUsersByCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Code of the attribute, as `code` of its definition
                 * @example employee_id
                 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "extension.badge",
                     *       "length_max": 0,
                     *       "pattern": "text",
                     *       "required": false,
                     *       "type": "text",
                     *       "unique": false
                     *     }
                     */
                    "application/json": components["schemas"]["AttributeDefinition"];
                };
            };
            /**
             * @description - `ATTR.9001` The attribute is not defined · 属性定义不存在
             *       Check the code against the list of definitions; upper and lower case letters differ.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putAttributeDefinitionsUsersByCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Code of the attribute, as `code` of its definition
                 * @example employee_id
                 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "length_max": 20,
                 *       "pattern": "[A-Z]\\d{1,9}",
                 *       "type": "text"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Most characters of a value. null: as many as the attribute takes
                     * @example 20
                     */
                    length_max?: number | null;
                    /**
                     * @description What the whole value must match; matched in bounded time. null: anything
                     * @example [A-Z]\d{1,9}
                     */
                    pattern?: string | null;
                    /** @description Whether creation needs it, and no change takes it away. null: false */
                    required?: boolean | null;
                    /**
                     * @description What a value is; only of attributes of your own. null: text
                     * @example text
                     */
                    type?: ("text" | "integer" | "number" | "boolean" | "date") | null;
                    /** @description Whether one has a value, whatever the case of its letters. null: false */
                    unique?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "text"
                     *     }
                     */
                    "application/json": {
                        code: string;
                    };
                };
            };
            /**
             * @description - `ATTR.9001` The attribute is not defined · 属性定义不存在
             *       Check the code against the list of definitions; upper and lower case letters differ.
             *     - `ATTR.9003` The attribute cannot be defined so: … · 属性不能如此定义:…
             *       The text says what cannot be; X-Error-Detail names the part: code, type, unique or pattern.
             *     - `ATTR.9004` … cannot be unique: … and … have the same · …不能设为唯一:…与…的值相同
             *       Change the value of one of the two and call again. Nothing was changed.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    deleteAttributeDefinitionsUsersByCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Code of the attribute, as `code` of its definition
                 * @example employee_id
                 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the body is empty */
            204: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `ATTR.9001` The attribute is not defined · 属性定义不存在
             *       Check the code against the list of definitions; upper and lower case letters differ.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getOrganizations: {
        parameters: {
            query: {
                /** @description true: every level; false or empty: the direct level, without org_id the roots. With updated_at_greater the newest change comes first, else parents come before what is below them */
                all_child?: string;
                /**
                 * @description Size of a page
                 * @example 10
                 */
                limit: number;
                /**
                 * @description Index of the page, from 0; not a row
                 * @example 0
                 */
                offset: number;
                /** @description Only what stands below it; empty: the whole tenant */
                org_id?: string;
                /** @description Strictly later than yyyy-MM-dd HH:mm:ss in the zone of the tenant; the newest change comes first then */
                updated_at_greater?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "organizations": [
                     *         {
                     *           "category": "text",
                     *           "created_at": "2026-01-31 08:15:00.000",
                     *           "disabled": false,
                     *           "extension": {},
                     *           "name": "Alice",
                     *           "org_code": "it",
                     *           "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *           "parent_id": "20201028102801233-4F0A-1B7D90C3E",
                     *           "sequence": 0,
                     *           "updated_at": "2026-01-31 08:15:00.000"
                     *         }
                     *       ],
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        organizations: components["schemas"]["Organization"][];
                        total: number;
                    };
                };
            };
            /**
             * @description - `OAP.PAGE.0002` The page size is out of limits · 分页大小超出限制
             *       Send limit as a whole number from 10 to 100.
             *     - `OAP.PAGE.0003` The page number is invalid · 页码无效
             *       Send offset as the page index, a whole number from 0.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postOrganizations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "category": "department",
                 *       "code": "research",
                 *       "name": "Research"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Code of its type; null: none
                     * @example department
                     */
                    category?: string | null;
                    /**
                     * @description Unique in the tenant, whatever the case of its letters; `org_code` in records
                     * @example research
                     */
                    code: string;
                    /** @description Further attributes, replaced whole; null: none */
                    extension?: {
                        [key: string]: unknown;
                    } | null;
                    /** @example Research */
                    name: string;
                    /** @description Id of the one above; empty or null: a root */
                    parent_id?: string | null;
                    /** @description Place among its siblings where they are shown; null: none */
                    sequence?: number | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "org_id": "20201028102801233-4F0A-1B7D90C3E"
                     *     }
                     */
                    "application/json": {
                        org_id: string;
                    };
                };
            };
            /**
             * @description - `ORG.0008` The parent organization does not exist · 父级组织不存在
             *       Send the id of an organization of this tenant as parent_id, or an empty one for a root.
             *     - `ORG.0011` Organization type cannot be empty · 组织类型不能为空
             *       Send a category code such as department, or leave category out; null takes it away.
             *     - `ORG.9001` The organization code is taken · 组织编码已存在
             *       Choose another code; upper and lower case letters count as the same.
             *     - `ORG.9002` The organization code must have 1 to 100 letters, digits, and . _ - @ after the first · 组织编码须为1至100个字母或数字,首字符之后可含 . _ - @
             *       Send code without spaces and other signs.
             *     - `ORG.9003` The organization name must have 1 to 255 characters, without control characters or space at its ends · 组织名称须为1至255个字符,不能含控制字符,首尾不能为空格
             *       Send name as one line of text.
             *     - `ORG.9004` The organization attribute … is invalid · 组织属性…无效
             *       A category has at most 100 characters, an extension at most 16,384 as JSON and 8 levels; neither holds U+0000 or half a surrogate pair. The tenant’s attribute definitions may say more.
             *     - `ORG.9006` Organizations cannot stand more than … levels deep · 组织层级不能超过…级
             *       Choose a parent that is nearer to the root.
             *     - `ORG.9007` The organization attribute … cannot be empty · 组织属性…不能为空
             *       Send it; the tenant’s attribute definitions say which attributes are needed.
             *     - `ORG.9008` The organization attribute … has a value that is taken · 组织属性…的值已存在
             *       The tenant’s attribute definitions let one organization have the value; find which has it.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getOrganizationsByOrgId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the organization
                 * @example 20201028102801233-4F0A-1B7D90C3E
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "category": "text",
                     *       "created_at": "2026-01-31 08:15:00.000",
                     *       "disabled": false,
                     *       "extension": {},
                     *       "name": "Alice",
                     *       "org_code": "it",
                     *       "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *       "parent_id": "20201028102801233-4F0A-1B7D90C3E",
                     *       "sequence": 0,
                     *       "updated_at": "2026-01-31 08:15:00.000"
                     *     }
                     */
                    "application/json": components["schemas"]["Organization"];
                };
            };
            /**
             * @description - `ORG.0001` Organization does not exist · 组织不存在
             *       Check the organization id; ids are valid in one tenant only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putOrganizationsByOrgId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the organization
                 * @example 20201028102801233-4F0A-1B7D90C3E
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "category": "department",
                 *       "code": "research",
                 *       "name": "Research"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Code of its type; null: none
                     * @example department
                     */
                    category?: string | null;
                    /**
                     * @description Unique in the tenant, whatever the case of its letters; `org_code` in records
                     * @example research
                     */
                    code?: string;
                    /** @description Further attributes, replaced whole; null: none */
                    extension?: {
                        [key: string]: unknown;
                    } | null;
                    /** @example Research */
                    name?: string;
                    /** @description Id of the one above; empty or null: a root */
                    parent_id?: string | null;
                    /** @description Place among its siblings where they are shown; null: none */
                    sequence?: number | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "org_id": "20201028102801233-4F0A-1B7D90C3E"
                     *     }
                     */
                    "application/json": {
                        org_id: string;
                    };
                };
            };
            /**
             * @description - `ORG.0001` Organization does not exist · 组织不存在
             *       Check the organization id; ids are valid in one tenant only.
             *     - `ORG.0008` The parent organization does not exist · 父级组织不存在
             *       Send the id of an organization of this tenant as parent_id, or an empty one for a root.
             *     - `ORG.0011` Organization type cannot be empty · 组织类型不能为空
             *       Send a category code such as department, or leave category out; null takes it away.
             *     - `ORG.9001` The organization code is taken · 组织编码已存在
             *       Choose another code; upper and lower case letters count as the same.
             *     - `ORG.9002` The organization code must have 1 to 100 letters, digits, and . _ - @ after the first · 组织编码须为1至100个字母或数字,首字符之后可含 . _ - @
             *       Send code without spaces and other signs.
             *     - `ORG.9003` The organization name must have 1 to 255 characters, without control characters or space at its ends · 组织名称须为1至255个字符,不能含控制字符,首尾不能为空格
             *       Send name as one line of text.
             *     - `ORG.9004` The organization attribute … is invalid · 组织属性…无效
             *       A category has at most 100 characters, an extension at most 16,384 as JSON and 8 levels; neither holds U+0000 or half a surrogate pair. The tenant’s attribute definitions may say more.
             *     - `ORG.9005` An organization cannot stand below itself · 组织不能移动到自身或其下级组织之下
             *       Choose a parent that is neither the organization itself nor below it.
             *     - `ORG.9006` Organizations cannot stand more than … levels deep · 组织层级不能超过…级
             *       Choose a parent that is nearer to the root.
             *     - `ORG.9007` The organization attribute … cannot be empty · 组织属性…不能为空
             *       Send it; the tenant’s attribute definitions say which attributes are needed.
             *     - `ORG.9008` The organization attribute … has a value that is taken · 组织属性…的值已存在
             *       The tenant’s attribute definitions let one organization have the value; find which has it.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    deleteOrganizationsByOrgId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the organization
                 * @example 20201028102801233-4F0A-1B7D90C3E
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the body is empty */
            204: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `ORG.0001` Organization does not exist · 组织不存在
             *       Check the organization id; ids are valid in one tenant only.
             *     - `ORG.0020` The existing sub-organization under the current organization cannot be deleted · 当前组织下存在子组织不能被删除
             *       Move or delete the organizations below it first.
             *     - `ORG.0022` Users in the current organization cannot be deleted · 当前组织下存在用户不能被删除
             *       Give the users in it another organization first.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getOrganizationsOrgCodesByOrgCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Code of the organization
                 * @example it
                 */
                org_code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "category": "text",
                     *       "created_at": "2026-01-31 08:15:00.000",
                     *       "disabled": false,
                     *       "extension": {},
                     *       "name": "Alice",
                     *       "org_code": "it",
                     *       "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *       "parent_id": "20201028102801233-4F0A-1B7D90C3E",
                     *       "sequence": 0,
                     *       "updated_at": "2026-01-31 08:15:00.000"
                     *     }
                     */
                    "application/json": components["schemas"]["Organization"];
                };
            };
            /**
             * @description - `ORG.0001` Organization does not exist · 组织不存在
             *       Check the organization id; ids are valid in one tenant only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSsoSessionTokenRefresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "session_token": "Zb5-T0kEn_oF.a-Session"
                 *     }
                 */
                "application/json": {
                    agent?: string;
                    device_fingerprint?: string;
                    device_ip?: string;
                    operating_sys_version?: string;
                    /** @description session_token of a sign-in */
                    session_token: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expire": 604800,
                     *       "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
                     *       "session_token": "Zb5-T0kEn_oF.a-Session"
                     *     }
                     */
                    "application/json": {
                        /** @description Lifetime in seconds */
                        expire: number;
                        id_token: string;
                        session_token: string;
                    };
                };
            };
            /**
             * @description - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `SDK.COMMON.1005` … has expired. · …已过期。
             *       Sign in again to get a new one. Unknown, used and expired tokens are answered alike.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSsoSessionTokenSsoTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "session_token": "Zb5-T0kEn_oF.a-Session"
                 *     }
                 */
                "application/json": {
                    agent?: string;
                    /** @description Who may use the ticket; default: the caller */
                    client_id?: string;
                    device_fingerprint?: string;
                    device_ip?: string;
                    operating_sys_version?: string;
                    /** @description session_token of a sign-in */
                    session_token: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expire": 604800,
                     *       "sso_ticket": "text"
                     *     }
                     */
                    "application/json": {
                        /** @description Lifetime in seconds */
                        expire: number;
                        sso_ticket: string;
                    };
                };
            };
            /**
             * @description - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `SDK.COMMON.1005` … has expired. · …已过期。
             *       Sign in again to get a new one. Unknown, used and expired tokens are answered alike.
             *     - `SDK.COMMON.1012` X-client-id matches no application. · X-client-id未匹配到应用。
             *       Send the client id of an enabled application of this tenant.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postSsoSsoTicketVerify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sso_ticket": "text"
                 *     }
                 */
                "application/json": {
                    agent?: string;
                    device_fingerprint?: string;
                    device_ip?: string;
                    operating_sys_version?: string;
                    sso_ticket: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "200",
                     *       "data": {
                     *         "user": {
                     *           "email": "alice@acme.example",
                     *           "id": "text",
                     *           "mobile": "+86-13800000001",
                     *           "name": "Alice",
                     *           "userName": "text"
                     *         }
                     *       },
                     *       "message": "success"
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        code: "200";
                        data: {
                            user: {
                                email?: string;
                                id: string;
                                mobile?: string;
                                name: string;
                                userName: string;
                            };
                        };
                        /** @constant */
                        message: "success";
                    };
                };
            };
            /**
             * @description - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `SDK.COMMON.1005` … has expired. · …已过期。
             *       Sign in again to get a new one. Unknown, used and expired tokens are answered alike.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postToken: {
        parameters: {
            query?: {
                client_id?: string;
                client_secret?: string;
                grant_type?: "client_credentials";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "grant_type": "client_credentials"
                 *     }
                 */
                "application/json": {
                    client_id?: string;
                    client_secret?: string;
                    /**
                     * @example client_credentials
                     * @constant
                     */
                    grant_type?: "client_credentials";
                };
                /**
                 * @example {
                 *       "grant_type": "client_credentials"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    client_id?: string;
                    client_secret?: string;
                    /**
                     * @example client_credentials
                     * @constant
                     */
                    grant_type?: "client_credentials";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "mF_9.B5f-4.1JqM",
                     *       "expires_in": 1800,
                     *       "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
                     *       "scope": "all",
                     *       "token_type": "bearer"
                     *     }
                     */
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /**
             * @description - `unsupported_grant_type` Unauthorized grant type: … · 不支持的授权类型:…
             *       Use grant_type=client_credentials.
             *     - `invalid_request` The request is malformed: … · 请求格式错误:…
             *       Send grant_type=client_credentials and the client credentials once.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] | components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `invalid_client` Bad client credentials · 客户端凭证错误
             *       Check client_id and client_secret, and that the application is enabled. With X-Error-Detail address_not_allowed they are right, and the call came from an address that `allowed_addresses` of the tenant file does not hold.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postUserImports: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "per_minute": 60,
                 *       "rows_total": 3,
                 *       "update": false
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Send people without a password their first one, by and by
                     * @enum {string}
                     */
                    deliver_initial?: "EMAIL" | "SMS";
                    /**
                     * @description First passwords a minute; absent: 60
                     * @example 60
                     */
                    per_minute?: number;
                    /**
                     * @description How many rows there are; with the last one the import is finished
                     * @example 3
                     */
                    rows_total: number;
                    /**
                     * @description Change users who are there already; otherwise their rows are refused
                     * @example false
                     */
                    update?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created": 2,
                     *       "created_at": "2026-01-31 08:15:00.000",
                     *       "deliver_initial": "EMAIL",
                     *       "failed": 1,
                     *       "finished_at": "2026-01-31 08:15:00.000",
                     *       "import_id": "20201028102855036-5B1C-D40E2F7A9",
                     *       "per_minute": 60,
                     *       "position": 3,
                     *       "rows_total": 3,
                     *       "state": "open",
                     *       "unchanged": 0,
                     *       "update": false,
                     *       "updated": 0,
                     *       "updated_at": "2026-01-31 08:15:00.000"
                     *     }
                     */
                    "application/json": components["schemas"]["UserImport"];
                };
            };
            /**
             * @description - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getUserImportsByImportId: {
        parameters: {
            query?: {
                /**
                 * @description Refused rows behind this one, at most 100; absent: from the beginning
                 * @example 0
                 */
                after_row?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Opaque id of the import
                 * @example 20201028102855036-5B1C-D40E2F7A9
                 */
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created": 2,
                     *       "created_at": "2026-01-31 08:15:00.000",
                     *       "deliver_initial": "EMAIL",
                     *       "errors": [
                     *         {
                     *           "error_code": "USER.9004",
                     *           "error_msg": "The email is taken",
                     *           "field": "email",
                     *           "row": 3
                     *         }
                     *       ],
                     *       "failed": 1,
                     *       "finished_at": "2026-01-31 08:15:00.000",
                     *       "first_passwords": [
                     *         {
                     *           "reason": "USER.0012",
                     *           "state": "waiting",
                     *           "total": 1
                     *         }
                     *       ],
                     *       "import_id": "20201028102855036-5B1C-D40E2F7A9",
                     *       "per_minute": 60,
                     *       "position": 3,
                     *       "rows_total": 3,
                     *       "state": "open",
                     *       "unchanged": 0,
                     *       "update": false,
                     *       "updated": 0,
                     *       "updated_at": "2026-01-31 08:15:00.000"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description Users that were created
                         * @example 2
                         */
                        created: number;
                        /** @description When the import began, yyyy-MM-dd HH:mm:ss.SSS */
                        created_at: string;
                        /** @enum {string} */
                        deliver_initial?: "EMAIL" | "SMS";
                        errors: {
                            /** @example USER.9004 */
                            error_code: string;
                            /** @example The email is taken */
                            error_msg: string;
                            /**
                             * @description Empty: the row as a whole
                             * @example email
                             */
                            field: string;
                            /**
                             * @description Number of the row, from 1
                             * @example 3
                             */
                            row: number;
                        }[];
                        /**
                         * @description Rows that were refused
                         * @example 1
                         */
                        failed: number;
                        /** @description When its last row was settled, yyyy-MM-dd HH:mm:ss.SSS */
                        finished_at?: string;
                        first_passwords: {
                            /** @example USER.0012 */
                            reason?: string;
                            /** @enum {string} */
                            state: "waiting" | "delivered" | "failed" | "not_needed";
                            total: number;
                        }[];
                        import_id: string;
                        /**
                         * @description First passwords a minute
                         * @example 60
                         */
                        per_minute: number;
                        /**
                         * @description Number of the last row that is settled; 0: none yet
                         * @example 3
                         */
                        position: number;
                        /**
                         * @description As the start said; absent: an import of a file
                         * @example 3
                         */
                        rows_total?: number;
                        /**
                         * @description finished: every row is settled
                         * @enum {string}
                         */
                        state: "open" | "finished";
                        /**
                         * @description Rows that said what was so already
                         * @example 0
                         */
                        unchanged: number;
                        update: boolean;
                        /**
                         * @description Users that were changed
                         * @example 0
                         */
                        updated: number;
                        /** @description When rows were last settled, yyyy-MM-dd HH:mm:ss.SSS */
                        updated_at: string;
                    };
                };
            };
            /**
             * @description - `IMPORT.9001` The import does not exist · 导入任务不存在
             *       Check the import id; imports are forgotten 90 days after their last row.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postUserImportsRows: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the import
                 * @example 20201028102855036-5B1C-D40E2F7A9
                 */
                import_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "first_row": 1,
                 *       "rows": [
                 *         {
                 *           "disabled": false,
                 *           "email": "frank@acme.example",
                 *           "mobile": "+86-13800000006",
                 *           "name": "Frank",
                 *           "user_name": "frank"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Number of the first of these rows, from 1: position and 1. After a lost answer, the same again
                     * @example 1
                     */
                    first_row: number;
                    rows: {
                        /** @description Kept as it is sent */
                        attr_area?: string | null;
                        /** @description yyyy-MM-dd */
                        attr_birthday?: string | null;
                        /** @description Kept as it is sent */
                        attr_city?: string | null;
                        /** @description male, female or unknow (sic) */
                        attr_gender?: string | null;
                        /** @description yyyy-MM-dd */
                        attr_hire_date?: string | null;
                        /** @description Kept as it is sent */
                        attr_identity_number?: string | null;
                        /** @description Kept as it is sent */
                        attr_identity_type?: string | null;
                        /** @description Id of the user above */
                        attr_manager_id?: string | null;
                        /** @description Kept as it is sent */
                        attr_nick_name?: string | null;
                        /** @description Kept as it is sent */
                        attr_user_type?: string | null;
                        /** @description Kept as it is sent */
                        attr_work_place?: string | null;
                        /**
                         * @description Absent: new users are not, others stay as they are
                         * @example false
                         */
                        disabled?: boolean;
                        /**
                         * @description Unique, whatever the case of its letters
                         * @example frank@acme.example
                         */
                        email?: string | null;
                        /** @description Kept as it is sent */
                        employee_id?: string | null;
                        /** @description Further attributes; absent ones stay, null takes one away */
                        extension?: {
                            [key: string]: unknown;
                        } | null;
                        /** @description Kept as it is sent */
                        external_id?: string | null;
                        /** @description Kept as it is sent */
                        first_name?: string | null;
                        /** @description Kept as it is sent */
                        last_name?: string | null;
                        /** @description Kept as it is sent */
                        middle_name?: string | null;
                        /**
                         * @description Unique; a mainland number may come without its country code
                         * @example +86-13800000006
                         */
                        mobile?: string | null;
                        /**
                         * @description Shown to people; empty: the user name
                         * @example Frank
                         */
                        name?: string | null;
                        /** @description Code of the main organization; empty: the root that was made first */
                        org_code?: string | null;
                        /** @description Absent: nobody signs in until one is set or delivered. With one, pwd_must_modify is true unless sent */
                        password?: string | null;
                        pwd_must_modify?: (boolean | string) | null;
                        /**
                         * @description Unique in the tenant, whatever the case of its letters; signs in
                         * @example frank
                         */
                        user_name: string;
                        /** @description Organizations that the user belongs to, replaced whole; relation_type is kept as it is sent */
                        user_org_relation_list?: {
                            org_code?: string;
                            orgCode?: string;
                            relation_type?: number | string;
                            relationType?: number | string;
                        }[] | null;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "created": 2,
                     *       "created_at": "2026-01-31 08:15:00.000",
                     *       "deliver_initial": "EMAIL",
                     *       "errors": [
                     *         {
                     *           "error_code": "USER.9004",
                     *           "error_msg": "The email is taken",
                     *           "field": "email",
                     *           "row": 3
                     *         }
                     *       ],
                     *       "failed": 1,
                     *       "finished_at": "2026-01-31 08:15:00.000",
                     *       "import_id": "20201028102855036-5B1C-D40E2F7A9",
                     *       "per_minute": 60,
                     *       "position": 3,
                     *       "rows_total": 3,
                     *       "state": "open",
                     *       "unchanged": 0,
                     *       "update": false,
                     *       "updated": 0,
                     *       "updated_at": "2026-01-31 08:15:00.000"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description Users that were created
                         * @example 2
                         */
                        created: number;
                        /** @description When the import began, yyyy-MM-dd HH:mm:ss.SSS */
                        created_at: string;
                        /** @enum {string} */
                        deliver_initial?: "EMAIL" | "SMS";
                        errors: {
                            /** @example USER.9004 */
                            error_code: string;
                            /** @example The email is taken */
                            error_msg: string;
                            /**
                             * @description Empty: the row as a whole
                             * @example email
                             */
                            field: string;
                            /**
                             * @description Number of the row, from 1
                             * @example 3
                             */
                            row: number;
                        }[];
                        /**
                         * @description Rows that were refused
                         * @example 1
                         */
                        failed: number;
                        /** @description When its last row was settled, yyyy-MM-dd HH:mm:ss.SSS */
                        finished_at?: string;
                        import_id: string;
                        /**
                         * @description First passwords a minute
                         * @example 60
                         */
                        per_minute: number;
                        /**
                         * @description Number of the last row that is settled; 0: none yet
                         * @example 3
                         */
                        position: number;
                        /**
                         * @description As the start said; absent: an import of a file
                         * @example 3
                         */
                        rows_total?: number;
                        /**
                         * @description finished: every row is settled
                         * @enum {string}
                         */
                        state: "open" | "finished";
                        /**
                         * @description Rows that said what was so already
                         * @example 0
                         */
                        unchanged: number;
                        update: boolean;
                        /**
                         * @description Users that were changed
                         * @example 0
                         */
                        updated: number;
                        /** @description When rows were last settled, yyyy-MM-dd HH:mm:ss.SSS */
                        updated_at: string;
                    };
                };
            };
            /**
             * @description - `IMPORT.9001` The import does not exist · 导入任务不存在
             *       Check the import id; imports are forgotten 90 days after their last row.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            /**
             * @description - `IMPORT.9003` The rows do not follow on: row … is the next · 行号不连续,下一行应为…
             *       Go on with the row that is named. Rows before it are settled; sending them again is answered as the first time.
             *     - `IMPORT.9004` The import has no room for these rows: it has … · 超出导入总行数…
             *       Start an import with as many rows as there are.
             */
            409: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getUsers: {
        parameters: {
            query: {
                /**
                 * @description Size of a page
                 * @example 10
                 */
                limit: number;
                /**
                 * @description Index of the page, from 0; not a row
                 * @example 0
                 */
                offset: number;
                /** @description Direct members only; empty: all users */
                org_id?: string;
                /** @description Strictly later than yyyy-MM-dd HH:mm:ss in the zone of the tenant; the newest change comes first then */
                updated_at_greater?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "total": 1,
                     *       "users": [
                     *         {
                     *           "attr_birthday": "1990-05-17",
                     *           "attr_gender": "female",
                     *           "attr_hire_date": "2020-10-28",
                     *           "created_at": "2026-01-31 08:15:00.000",
                     *           "disabled": false,
                     *           "email": "alice@acme.example",
                     *           "employee_id": "E0001",
                     *           "extension": {},
                     *           "grade": 1,
                     *           "last_login_at": "2026-01-31 08:15:00.000",
                     *           "last_login_ip": "192.0.2.10",
                     *           "locked": false,
                     *           "mobile": "+86-13800000001",
                     *           "name": "Alice",
                     *           "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *           "pwd_change_at": "2026-01-31 08:15:00.000",
                     *           "pwd_must_modify": false,
                     *           "updated_at": "2026-01-31 08:15:00.000",
                     *           "user_id": "20201028102749564-9082-DC8CD2722",
                     *           "user_name": "alice",
                     *           "user_org_relation_list": [
                     *             {
                     *               "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *               "relation_type": 0
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        total: number;
                        users: components["schemas"]["User"][];
                    };
                };
            };
            /**
             * @description - `OAP.PAGE.0002` The page size is out of limits · 分页大小超出限制
             *       Send limit as a whole number from 10 to 100.
             *     - `OAP.PAGE.0003` The page number is invalid · 页码无效
             *       Send offset as the page index, a whole number from 0.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postUsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "frank@acme.example",
                 *       "mobile": "+86-13800000006",
                 *       "name": "Frank",
                 *       "user_name": "frank"
                 *     }
                 */
                "application/json": {
                    /** @description Kept as it is sent */
                    attr_area?: string | null;
                    /** @description yyyy-MM-dd */
                    attr_birthday?: string | null;
                    /** @description Kept as it is sent */
                    attr_city?: string | null;
                    /** @description male, female or unknow (sic) */
                    attr_gender?: string | null;
                    /** @description yyyy-MM-dd */
                    attr_hire_date?: string | null;
                    /** @description Kept as it is sent */
                    attr_identity_number?: string | null;
                    /** @description Kept as it is sent */
                    attr_identity_type?: string | null;
                    /** @description Id of the user above */
                    attr_manager_id?: string | null;
                    /** @description Kept as it is sent */
                    attr_nick_name?: string | null;
                    /** @description Kept as it is sent */
                    attr_user_type?: string | null;
                    /** @description Kept as it is sent */
                    attr_work_place?: string | null;
                    /**
                     * @description Unique, whatever the case of its letters
                     * @example frank@acme.example
                     */
                    email?: string | null;
                    /** @description Kept as it is sent */
                    employee_id?: string | null;
                    /** @description Further attributes; absent ones stay, null takes one away */
                    extension?: {
                        [key: string]: unknown;
                    } | null;
                    /** @description Kept as it is sent */
                    external_id?: string | null;
                    /** @description Kept as it is sent */
                    first_name?: string | null;
                    /** @description Kept as it is sent */
                    last_name?: string | null;
                    /** @description Kept as it is sent */
                    middle_name?: string | null;
                    /**
                     * @description Unique; a mainland number may come without its country code
                     * @example +86-13800000006
                     */
                    mobile?: string | null;
                    /**
                     * @description Shown to people; empty: the user name
                     * @example Frank
                     */
                    name?: string | null;
                    /** @description Code of the main organization; empty: the root that was made first */
                    org_code?: string | null;
                    /** @description Absent: nobody signs in until one is set or delivered. With one, pwd_must_modify is true unless sent */
                    password?: string | null;
                    pwd_must_modify?: (boolean | string) | null;
                    /**
                     * @description Unique in the tenant, whatever the case of its letters; signs in
                     * @example frank
                     */
                    user_name: string;
                    /** @description Organizations that the user belongs to, replaced whole; relation_type is kept as it is sent */
                    user_org_relation_list?: {
                        org_code?: string;
                        orgCode?: string;
                        relation_type?: number | string;
                        relationType?: number | string;
                    }[] | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "20201028102749564-9082-DC8CD2722"
                     *     }
                     */
                    "application/json": {
                        user_id: string;
                    };
                };
            };
            /**
             * @description - `USER.0011` Mobile number cannot be empty · 手机号不能为空
             *       Give the user a mobile number; a reset may use send_mode=EMAIL instead, and the tenant’s attribute definitions say who must have one.
             *     - `USER.0012` Email cannot be empty · 邮箱不能为空
             *       Give the user an e-mail address; a reset may use send_mode=SMS instead, and the tenant’s attribute definitions say who must have one.
             *     - `USER.0038` Invalid mobile number. · 手机号无效
             *       Send +86-13800000001, or a mainland mobile number without its country code.
             *     - `USER.9002` The user name is taken · 用户名已存在
             *       Choose another user_name; upper and lower case letters count as the same.
             *     - `USER.9003` The mobile number is taken · 手机号已存在
             *       Find who has the number; it signs one user in.
             *     - `USER.9004` The email is taken · 邮箱已存在
             *       Find who has the address with user-by-email; it signs one user in.
             *     - `USER.9005` The user attribute … is invalid · 用户属性…无效
             *       Names have up to 128 characters (user_name) or 255, texts up to 255, without control characters or space at their ends; dates are yyyy-MM-dd; attr_gender is male, female or unknow; an extension has at most 16,384 characters as JSON and 8 levels, and a user at most 100 organizations. The tenant’s attribute definitions may say more.
             *     - `USER.9007` The user attribute … cannot be empty · 用户属性…不能为空
             *       Send it; user_name is always needed, others when the tenant’s attribute definitions say so.
             *     - `USER.9008` The user attribute … has a value that is taken · 用户属性…的值已存在
             *       The tenant’s attribute definitions let one user have the value; find who has it.
             *     - `ORG.0001` Organization does not exist · 组织不存在
             *       Check the organization id; ids are valid in one tenant only.
             *     - `PWD.0001` Password cannot be empty · 密码不能为空
             *       Send the password in the body.
             *     - `PWD.0002` The password must contain …~… characters · 密码长度必须为…~…个字符
             *       Choose a password of the stated length; every character counts once.
             *     - `PWD.0003` The password cannot be the same as the user name · 密码不能与用户名相同
             *       Choose a password that is not the user name, in any case of letters.
             *     - `PWD.0004` The password cannot be the user name reversed · 密码不能为用户名的倒序
             *       Choose a password that is not the user name read backwards.
             *     - `PWD.0005` The password does not meet the verification rules, … · 密码不符合校验规则,…
             *       The text names the rule that was not met; choose another password.
             *     - `PWD.0006` The password is too weak: it is easily guessed or known from a data breach · 密码强度过弱:容易被猜到或已在数据泄露中出现
             *       Choose a longer password that is no common one and no name or word with a few digits. X-Error-Detail says `weak`, or `breached` when it stands in a known data breach.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getUsersByUserId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the user
                 * @example 20201028102749564-9082-DC8CD2722
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attr_birthday": "1990-05-17",
                     *       "attr_gender": "female",
                     *       "attr_hire_date": "2020-10-28",
                     *       "created_at": "2026-01-31 08:15:00.000",
                     *       "disabled": false,
                     *       "email": "alice@acme.example",
                     *       "employee_id": "E0001",
                     *       "extension": {},
                     *       "grade": 1,
                     *       "last_login_at": "2026-01-31 08:15:00.000",
                     *       "last_login_ip": "192.0.2.10",
                     *       "locked": false,
                     *       "mobile": "+86-13800000001",
                     *       "name": "Alice",
                     *       "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *       "pwd_change_at": "2026-01-31 08:15:00.000",
                     *       "pwd_must_modify": false,
                     *       "updated_at": "2026-01-31 08:15:00.000",
                     *       "user_id": "20201028102749564-9082-DC8CD2722",
                     *       "user_name": "alice",
                     *       "user_org_relation_list": [
                     *         {
                     *           "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *           "relation_type": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            /**
             * @description - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putUsersByUserId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the user
                 * @example 20201028102749564-9082-DC8CD2722
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "email": "alice@acme.example",
                 *       "mobile": "+86-13800000001",
                 *       "name": "Alice",
                 *       "user_name": "alice"
                 *     }
                 */
                "application/json": {
                    /** @description Kept as it is sent */
                    attr_area?: string | null;
                    /** @description yyyy-MM-dd */
                    attr_birthday?: string | null;
                    /** @description Kept as it is sent */
                    attr_city?: string | null;
                    /** @description male, female or unknow (sic) */
                    attr_gender?: string | null;
                    /** @description yyyy-MM-dd */
                    attr_hire_date?: string | null;
                    /** @description Kept as it is sent */
                    attr_identity_number?: string | null;
                    /** @description Kept as it is sent */
                    attr_identity_type?: string | null;
                    /** @description Id of the user above */
                    attr_manager_id?: string | null;
                    /** @description Kept as it is sent */
                    attr_nick_name?: string | null;
                    /** @description Kept as it is sent */
                    attr_user_type?: string | null;
                    /** @description Kept as it is sent */
                    attr_work_place?: string | null;
                    /**
                     * @description Unique, whatever the case of its letters
                     * @example alice@acme.example
                     */
                    email?: string | null;
                    /** @description Kept as it is sent */
                    employee_id?: string | null;
                    /** @description Further attributes; absent ones stay, null takes one away */
                    extension?: {
                        [key: string]: unknown;
                    } | null;
                    /** @description Kept as it is sent */
                    external_id?: string | null;
                    /** @description Kept as it is sent */
                    first_name?: string | null;
                    /** @description Kept as it is sent */
                    last_name?: string | null;
                    /** @description Kept as it is sent */
                    middle_name?: string | null;
                    /**
                     * @description Unique; a mainland number may come without its country code
                     * @example +86-13800000001
                     */
                    mobile?: string | null;
                    /**
                     * @description Shown to people; empty: the user name
                     * @example Alice
                     */
                    name?: string | null;
                    /** @description Code of the main organization; empty: the root that was made first */
                    org_code?: string | null;
                    pwd_must_modify?: (boolean | string) | null;
                    /**
                     * @description Unique in the tenant, whatever the case of its letters; signs in
                     * @example alice
                     */
                    user_name?: string | null;
                    /** @description Organizations that the user belongs to, replaced whole; relation_type is kept as it is sent */
                    user_org_relation_list?: {
                        org_code?: string;
                        orgCode?: string;
                        relation_type?: number | string;
                        relationType?: number | string;
                    }[] | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "20201028102749564-9082-DC8CD2722"
                     *     }
                     */
                    "application/json": {
                        user_id: string;
                    };
                };
            };
            /**
             * @description - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `USER.0011` Mobile number cannot be empty · 手机号不能为空
             *       Give the user a mobile number; a reset may use send_mode=EMAIL instead, and the tenant’s attribute definitions say who must have one.
             *     - `USER.0012` Email cannot be empty · 邮箱不能为空
             *       Give the user an e-mail address; a reset may use send_mode=SMS instead, and the tenant’s attribute definitions say who must have one.
             *     - `USER.0038` Invalid mobile number. · 手机号无效
             *       Send +86-13800000001, or a mainland mobile number without its country code.
             *     - `USER.9002` The user name is taken · 用户名已存在
             *       Choose another user_name; upper and lower case letters count as the same.
             *     - `USER.9003` The mobile number is taken · 手机号已存在
             *       Find who has the number; it signs one user in.
             *     - `USER.9004` The email is taken · 邮箱已存在
             *       Find who has the address with user-by-email; it signs one user in.
             *     - `USER.9005` The user attribute … is invalid · 用户属性…无效
             *       Names have up to 128 characters (user_name) or 255, texts up to 255, without control characters or space at their ends; dates are yyyy-MM-dd; attr_gender is male, female or unknow; an extension has at most 16,384 characters as JSON and 8 levels, and a user at most 100 organizations. The tenant’s attribute definitions may say more.
             *     - `USER.9007` The user attribute … cannot be empty · 用户属性…不能为空
             *       Send it; user_name is always needed, others when the tenant’s attribute definitions say so.
             *     - `USER.9008` The user attribute … has a value that is taken · 用户属性…的值已存在
             *       The tenant’s attribute definitions let one user have the value; find who has it.
             *     - `ORG.0001` Organization does not exist · 组织不存在
             *       Check the organization id; ids are valid in one tenant only.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `USER.9006` Users with an administrative role are protected · 具有管理角色的用户受保护
             *       Nothing was changed. An operator may use a command; or an owner allows it to the application, by may_change_administrators in the tenant file.
             *     - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] | components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    deleteUsersByUserId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the user
                 * @example 20201028102749564-9082-DC8CD2722
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; the body is empty */
            204: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `USER.9006` Users with an administrative role are protected · 具有管理角色的用户受保护
             *       Nothing was changed. An operator may use a command; or an owner allows it to the application, by may_change_administrators in the tenant file.
             *     - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] | components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getUsersAccounts: {
        parameters: {
            query: {
                /**
                 * @description Size of a page
                 * @example 10
                 */
                limit: number;
                /**
                 * @description Index of the page, from 0; not a row
                 * @example 0
                 */
                offset: number;
            };
            header?: never;
            path: {
                /**
                 * @description Opaque id of the user
                 * @example 20201028102749564-9082-DC8CD2722
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accounts": [
                     *         {
                     *           "account_name": "alice",
                     *           "account_type": "BASIC_ACCOUNT",
                     *           "application_id": "20201028102815870-77C1-5E20A94BD",
                     *           "extension": {},
                     *           "id": "text",
                     *           "name": "Alice"
                     *         }
                     *       ],
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        accounts: {
                            account_name: string;
                            /** @enum {unknown} */
                            account_type: "BASIC_ACCOUNT" | "PUBLIC_ACCOUNT" | "ORPHAN_ACCOUNT";
                            application_id: string;
                            extension: {
                                [key: string]: unknown;
                            };
                            id: string;
                            name: string | null;
                        }[];
                        total: number;
                    };
                };
            };
            /**
             * @description - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `OAP.PAGE.0002` The page size is out of limits · 分页大小超出限制
             *       Send limit as a whole number from 10 to 100.
             *     - `OAP.PAGE.0003` The page number is invalid · 页码无效
             *       Send offset as the page index, a whole number from 0.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postUsersApplicationsAccounts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the application
                 * @example 20201028102815870-77C1-5E20A94BD
                 */
                app_id: string;
                /**
                 * @description Opaque id of the user
                 * @example 20201028102749564-9082-DC8CD2722
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": {
                    /** @description Unique in the application; absent or empty: the user name */
                    account_name?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "account_id": "20201028102830412-B3D6-8A41F6E05"
                     *     }
                     */
                    "application/json": {
                        account_id: string;
                    };
                };
            };
            /**
             * @description - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `APP.0001` Application does not exist · 应用不存在
             *       Check the application id; ids are valid in one tenant only, and a client id is no application id.
             *     - `APP.ACC.0029` App account already exists · 应用账号已存在
             *       The user has an account in this application: list it with GET /api/v2/tenant/users/{user_id}/accounts.
             *     - `APP.ACC.0013` Account name already exists · 账号名已存在
             *       Choose a name that no account of the application has; upper and lower case letters count as the same.
             *     - `APP.ACCOUNT.9001` The account name must have 1 to 255 characters, without control characters or space at its ends · 账号名须为1至255个字符,不能含控制字符,首尾不能为空格
             *       Send account_name as one line of text.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putUsersChangePassword: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the user
                 * @example 20201028102749564-9082-DC8CD2722
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "An0ther-Passphrase"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Nothing is trimmed
                     * @example An0ther-Passphrase
                     */
                    password: string;
                    pwd_must_modify?: (boolean | string) | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "20201028102749564-9082-DC8CD2722"
                     *     }
                     */
                    "application/json": {
                        user_id: string;
                    };
                };
            };
            /**
             * @description - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `USER.9001` User is disabled · 用户已禁用
             *       Enable the user first; neither a reset nor a change of the password enables anybody.
             *     - `PWD.0001` Password cannot be empty · 密码不能为空
             *       Send the password in the body.
             *     - `PWD.0002` The password must contain …~… characters · 密码长度必须为…~…个字符
             *       Choose a password of the stated length; every character counts once.
             *     - `PWD.0003` The password cannot be the same as the user name · 密码不能与用户名相同
             *       Choose a password that is not the user name, in any case of letters.
             *     - `PWD.0004` The password cannot be the user name reversed · 密码不能为用户名的倒序
             *       Choose a password that is not the user name read backwards.
             *     - `PWD.0005` The password does not meet the verification rules, … · 密码不符合校验规则,…
             *       The text names the rule that was not met; choose another password.
             *     - `PWD.0006` The password is too weak: it is easily guessed or known from a data breach · 密码强度过弱:容易被猜到或已在数据泄露中出现
             *       Choose a longer password that is no common one and no name or word with a few digits. X-Error-Detail says `weak`, or `breached` when it stands in a known data breach.
             *     - `PWD.9003` The password was used before · 该密码曾经使用过
             *       Choose a password that is none of your latest ones; the policy says how many it remembers.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `USER.9006` Users with an administrative role are protected · 具有管理角色的用户受保护
             *       Nothing was changed. An operator may use a command; or an owner allows it to the application, by may_change_administrators in the tenant file.
             *     - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] | components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putUsersChangePasswordVerify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the user
                 * @example 20201028102749564-9082-DC8CD2722
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "old_password": "My-0wn-Passphrase",
                 *       "password": "An0ther-Passphrase"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Nothing is trimmed
                     * @example My-0wn-Passphrase
                     */
                    old_password: string;
                    /**
                     * @description Nothing is trimmed
                     * @example An0ther-Passphrase
                     */
                    password: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "20201028102749564-9082-DC8CD2722"
                     *     }
                     */
                    "application/json": {
                        user_id: string;
                    };
                };
            };
            /**
             * @description - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `USER.9001` User is disabled · 用户已禁用
             *       Enable the user first; neither a reset nor a change of the password enables anybody.
             *     - `USER.9009` Too many wrong passwords: the user is locked for … minutes … seconds · 密码错误次数过多,用户已锁定,…分…秒后解锁
             *       Wait as long as Retry-After says, or set the password without the old one.
             *     - `PWD.0001` Password cannot be empty · 密码不能为空
             *       Send the password in the body.
             *     - `PWD.0002` The password must contain …~… characters · 密码长度必须为…~…个字符
             *       Choose a password of the stated length; every character counts once.
             *     - `PWD.0003` The password cannot be the same as the user name · 密码不能与用户名相同
             *       Choose a password that is not the user name, in any case of letters.
             *     - `PWD.0004` The password cannot be the user name reversed · 密码不能为用户名的倒序
             *       Choose a password that is not the user name read backwards.
             *     - `PWD.0005` The password does not meet the verification rules, … · 密码不符合校验规则,…
             *       The text names the rule that was not met; choose another password.
             *     - `PWD.0006` The password is too weak: it is easily guessed or known from a data breach · 密码强度过弱:容易被猜到或已在数据泄露中出现
             *       Choose a longer password that is no common one and no name or word with a few digits. X-Error-Detail says `weak`, or `breached` when it stands in a known data breach.
             *     - `PWD.9001` The old password is wrong. Remaining attempts:… · 原密码错误。 剩余尝试次数:…
             *       Type the current password, or for a reset the one from the message.
             *     - `PWD.9002` The new password must differ from the old one · 新密码不能与原密码相同
             *       Choose a password that is not the one in use.
             *     - `PWD.9003` The password was used before · 该密码曾经使用过
             *       Choose a password that is none of your latest ones; the policy says how many it remembers.
             *     - `PWD.9004` The password was changed a short while ago. It can be changed again in … hours … minutes. · 密码刚刚修改过,…小时…分钟后才能再次修改。
             *       Wait as long as Retry-After says, or have the password reset; `password_policy.minimum_age_hours` of the tenant file sets the time.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `USER.9006` Users with an administrative role are protected · 具有管理角色的用户受保护
             *       Nothing was changed. An operator may use a command; or an owner allows it to the application, by may_change_administrators in the tenant file.
             *     - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] | components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putUsersDisable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the user
                 * @example 20201028102749564-9082-DC8CD2722
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "20201028102749564-9082-DC8CD2722"
                     *     }
                     */
                    "application/json": {
                        user_id: string;
                    };
                };
            };
            /**
             * @description - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `USER.9006` Users with an administrative role are protected · 具有管理角色的用户受保护
             *       Nothing was changed. An operator may use a command; or an owner allows it to the application, by may_change_administrators in the tenant file.
             *     - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] | components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putUsersEnable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Opaque id of the user
                 * @example 20201028102749564-9082-DC8CD2722
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "20201028102749564-9082-DC8CD2722"
                     *     }
                     */
                    "application/json": {
                        user_id: string;
                    };
                };
            };
            /**
             * @description - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `USER.9006` Users with an administrative role are protected · 具有管理角色的用户受保护
             *       Nothing was changed. An operator may use a command; or an owner allows it to the application, by may_change_administrators in the tenant file.
             *     - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] | components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putUsersResetPassword: {
        parameters: {
            query: {
                /** @description Until when the old password works, in rising strictness; by default as the tenant’s setting, and never laxer. With `revoke-now` it is void from the call on, also when MSG.0001 says that the new one was not delivered (X-Error-Detail `revoked_undelivered`) or that nobody knows (`revoked_unknown`) */
                old_password?: "keep-until-used" | "keep-until-accepted" | "revoke-now";
                /**
                 * @description How it is delivered
                 * @example EMAIL
                 */
                send_mode: "EMAIL" | "SMS";
            };
            header?: {
                /** @description Chosen by the caller: for 24 h a repeat is answered like the first call, and sends nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description Opaque id of the user
                 * @example 20201028102749564-9082-DC8CD2722
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description `true`: the answer to an earlier call with the same Idempotency-Key */
                    "Idempotent-Replayed"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    /** @description Id of the reset, for support and audit */
                    "X-Reset-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "20201028102749564-9082-DC8CD2722"
                     *     }
                     */
                    "application/json": {
                        user_id: string;
                    };
                };
            };
            /**
             * @description - `MSG.0004` The message sending mode does not meet the verification rules · 消息发送方式不符合校验规则
             *       Nothing was sent or changed. Send send_mode=SMS or send_mode=EMAIL exactly, and one that the tenant allows and has a gateway for. An old_password must be keep-until-used, keep-until-accepted or revoke-now, and no laxer than `reset.old_password` of the tenant file. X-Error-Detail names what is in the way: contact_quarantined means that the contact changed a short time ago, application_stopped that an operator stopped the resets of this application.
             *     - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `USER.9001` User is disabled · 用户已禁用
             *       Enable the user first; neither a reset nor a change of the password enables anybody.
             *     - `USER.0011` Mobile number cannot be empty · 手机号不能为空
             *       Give the user a mobile number; a reset may use send_mode=EMAIL instead, and the tenant’s attribute definitions say who must have one.
             *     - `USER.0012` Email cannot be empty · 邮箱不能为空
             *       Give the user an e-mail address; a reset may use send_mode=SMS instead, and the tenant’s attribute definitions say who must have one.
             *     - `PWD.0005` The password does not meet the verification rules, … · 密码不符合校验规则,…
             *       The text names the rule that was not met; choose another password.
             *     - `MSG.9002` Another reset of this user is in progress · 该用户的另一次密码重置正在进行
             *       Wait as long as Retry-After says and call again.
             *     - `MSG.0001` Message sending failed · 消息发送失败
             *       The header X-Error-Detail names the cause; check the message gateway. The old password works as before this call, unless the detail is revoked_undelivered or revoked_unknown: then it is void, as the call or the tenant asked, and the user needs another reset.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `USER.9006` Users with an administrative role are protected · 具有管理角色的用户受保护
             *       Nothing was changed. An operator may use a command; or an owner allows it to the application, by may_change_administrators in the tenant file.
             *     - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] | components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            /**
             * @description - `MSG.9003` The Idempotency-Key was used for another call · Idempotency-Key 已用于其他请求
             *       A key belongs to one user, one send_mode and one mode for the old password for 24 hours. Make a new key for each call, and repeat it only to repeat that call.
             */
            409: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `MSG.9001` Too many password resets · 密码重置次数过多
             *       Nothing was sent or changed. Wait as long as Retry-After says. X-Error-Detail names the limit; `reset.limits` of the tenant file sets it.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    putUsersRestPassword: {
        parameters: {
            query: {
                /** @description Until when the old password works, in rising strictness; by default as the tenant’s setting, and never laxer. With `revoke-now` it is void from the call on, also when MSG.0001 says that the new one was not delivered (X-Error-Detail `revoked_undelivered`) or that nobody knows (`revoked_unknown`) */
                old_password?: "keep-until-used" | "keep-until-accepted" | "revoke-now";
                /**
                 * @description How it is delivered
                 * @example EMAIL
                 */
                send_mode: "EMAIL" | "SMS";
            };
            header?: {
                /** @description Chosen by the caller: for 24 h a repeat is answered like the first call, and sends nothing */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description Opaque id of the user
                 * @example 20201028102749564-9082-DC8CD2722
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description `true`: the answer to an earlier call with the same Idempotency-Key */
                    "Idempotent-Replayed"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    /** @description Id of the reset, for support and audit */
                    "X-Reset-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "20201028102749564-9082-DC8CD2722"
                     *     }
                     */
                    "application/json": {
                        user_id: string;
                    };
                };
            };
            /**
             * @description - `MSG.0004` The message sending mode does not meet the verification rules · 消息发送方式不符合校验规则
             *       Nothing was sent or changed. Send send_mode=SMS or send_mode=EMAIL exactly, and one that the tenant allows and has a gateway for. An old_password must be keep-until-used, keep-until-accepted or revoke-now, and no laxer than `reset.old_password` of the tenant file. X-Error-Detail names what is in the way: contact_quarantined means that the contact changed a short time ago, application_stopped that an operator stopped the resets of this application.
             *     - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `USER.9001` User is disabled · 用户已禁用
             *       Enable the user first; neither a reset nor a change of the password enables anybody.
             *     - `USER.0011` Mobile number cannot be empty · 手机号不能为空
             *       Give the user a mobile number; a reset may use send_mode=EMAIL instead, and the tenant’s attribute definitions say who must have one.
             *     - `USER.0012` Email cannot be empty · 邮箱不能为空
             *       Give the user an e-mail address; a reset may use send_mode=SMS instead, and the tenant’s attribute definitions say who must have one.
             *     - `PWD.0005` The password does not meet the verification rules, … · 密码不符合校验规则,…
             *       The text names the rule that was not met; choose another password.
             *     - `MSG.9002` Another reset of this user is in progress · 该用户的另一次密码重置正在进行
             *       Wait as long as Retry-After says and call again.
             *     - `MSG.0001` Message sending failed · 消息发送失败
             *       The header X-Error-Detail names the cause; check the message gateway. The old password works as before this call, unless the detail is revoked_undelivered or revoked_unknown: then it is void, as the call or the tenant asked, and the user needs another reset.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `USER.9006` Users with an administrative role are protected · 具有管理角色的用户受保护
             *       Nothing was changed. An operator may use a command; or an owner allows it to the application, by may_change_administrators in the tenant file.
             *     - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] | components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            /**
             * @description - `MSG.9003` The Idempotency-Key was used for another call · Idempotency-Key 已用于其他请求
             *       A key belongs to one user, one send_mode and one mode for the old password for 24 hours. Make a new key for each call, and repeat it only to repeat that call.
             */
            409: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            /**
             * @description - `MSG.9001` Too many password resets · 密码重置次数过多
             *       Nothing was sent or changed. Wait as long as Retry-After says. X-Error-Detail names the limit; `reset.limits` of the tenant file sets it.
             */
            429: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postUsersUserByEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "alice@acme.example"
                 *     }
                 */
                "application/json": {
                    email: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attr_birthday": "1990-05-17",
                     *       "attr_gender": "female",
                     *       "attr_hire_date": "2020-10-28",
                     *       "created_at": "2026-01-31 08:15:00.000",
                     *       "disabled": false,
                     *       "email": "alice@acme.example",
                     *       "employee_id": "E0001",
                     *       "extension": {},
                     *       "grade": 1,
                     *       "last_login_at": "2026-01-31 08:15:00.000",
                     *       "last_login_ip": "192.0.2.10",
                     *       "locked": false,
                     *       "mobile": "+86-13800000001",
                     *       "name": "Alice",
                     *       "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *       "pwd_change_at": "2026-01-31 08:15:00.000",
                     *       "pwd_must_modify": false,
                     *       "updated_at": "2026-01-31 08:15:00.000",
                     *       "user_id": "20201028102749564-9082-DC8CD2722",
                     *       "user_name": "alice",
                     *       "user_org_relation_list": [
                     *         {
                     *           "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *           "relation_type": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            /**
             * @description - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postUsersUserByUsername: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_name": "alice"
                 *     }
                 */
                "application/json": {
                    user_name: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attr_birthday": "1990-05-17",
                     *       "attr_gender": "female",
                     *       "attr_hire_date": "2020-10-28",
                     *       "created_at": "2026-01-31 08:15:00.000",
                     *       "disabled": false,
                     *       "email": "alice@acme.example",
                     *       "employee_id": "E0001",
                     *       "extension": {},
                     *       "grade": 1,
                     *       "last_login_at": "2026-01-31 08:15:00.000",
                     *       "last_login_ip": "192.0.2.10",
                     *       "locked": false,
                     *       "mobile": "+86-13800000001",
                     *       "name": "Alice",
                     *       "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *       "pwd_change_at": "2026-01-31 08:15:00.000",
                     *       "pwd_must_modify": false,
                     *       "updated_at": "2026-01-31 08:15:00.000",
                     *       "user_id": "20201028102749564-9082-DC8CD2722",
                     *       "user_name": "alice",
                     *       "user_org_relation_list": [
                     *         {
                     *           "org_id": "20201028102801233-4F0A-1B7D90C3E",
                     *           "relation_type": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            /**
             * @description - `USER.0001` User does not exist · 用户不存在
             *       Check the user id or name; ids are valid in one tenant only.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getWebhooksDeliveries: {
        parameters: {
            query: {
                /**
                 * @description Size of a page
                 * @example 10
                 */
                limit: number;
                /**
                 * @description Index of the page, from 0; not a row
                 * @example 0
                 */
                offset: number;
                /**
                 * @description Absent: given_up, what no attempt could deliver
                 * @example given_up
                 */
                state?: "waiting" | "given_up" | "delivered";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": [
                     *         {
                     *           "attempts": 10,
                     *           "event": "user.created",
                     *           "id": "20201028102855012-19D4-7FA03C6B1",
                     *           "last_attempt_at": "2026-01-31 08:15:00.000",
                     *           "last_reason": "status",
                     *           "last_status": 500,
                     *           "next_attempt_at": "2026-01-31 08:15:00.000",
                     *           "occurred_at": "2026-01-31 08:15:00.000",
                     *           "state": "given_up",
                     *           "webhook": "hr"
                     *         }
                     *       ],
                     *       "total": 1
                     *     }
                     */
                    "application/json": {
                        deliveries: {
                            /**
                             * @description Since it last began to wait
                             * @example 10
                             */
                            attempts: number;
                            /** @example user.created */
                            event: string;
                            /**
                             * @description Sent as webhook-id: the same for every attempt
                             * @example 20201028102855012-19D4-7FA03C6B1
                             */
                            id: string;
                            /**
                             * @description In the zone of the tenant
                             * @example 2026-01-31 08:15:00.000
                             */
                            last_attempt_at: string | null;
                            /**
                             * @description Why the last attempt failed: a stable word
                             * @example status
                             */
                            last_reason: string | null;
                            /**
                             * @description HTTP status of the last answer
                             * @example 500
                             */
                            last_status: number | null;
                            /**
                             * @description In the zone of the tenant
                             * @example 2026-01-31 08:15:00.000
                             */
                            next_attempt_at: string | null;
                            /** @description When it happened, in the zone of the tenant */
                            occurred_at: string;
                            /**
                             * @example given_up
                             * @enum {unknown}
                             */
                            state: "waiting" | "given_up" | "delivered";
                            /**
                             * @description Its name in the tenant file
                             * @example hr
                             */
                            webhook: string;
                        }[];
                        total: number;
                    };
                };
            };
            /**
             * @description - `OAP.PAGE.0002` The page size is out of limits · 分页大小超出限制
             *       Send limit as a whole number from 10 to 100.
             *     - `OAP.PAGE.0003` The page number is invalid · 页码无效
             *       Send offset as the page index, a whole number from 0.
             *     - `REQUEST.9002` Parameter … is missing or wrong · 参数…缺失或错误
             *       Send the parameter as the API reference describes it.
             *     - `REQUEST.9001` The request is malformed · 请求格式错误
             *       X-Error-Detail names the part: url, header, body, query or path.
             */
            400: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    postWebhooksDeliveriesResend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 20201028102855012-19D4-7FA03C6B1 */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attempts": 10,
                     *       "event": "user.created",
                     *       "id": "20201028102855012-19D4-7FA03C6B1",
                     *       "last_attempt_at": "2026-01-31 08:15:00.000",
                     *       "last_reason": "status",
                     *       "last_status": 500,
                     *       "next_attempt_at": "2026-01-31 08:15:00.000",
                     *       "occurred_at": "2026-01-31 08:15:00.000",
                     *       "state": "given_up",
                     *       "webhook": "hr"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description Since it last began to wait
                         * @example 10
                         */
                        attempts: number;
                        /** @example user.created */
                        event: string;
                        /**
                         * @description Sent as webhook-id: the same for every attempt
                         * @example 20201028102855012-19D4-7FA03C6B1
                         */
                        id: string;
                        /**
                         * @description In the zone of the tenant
                         * @example 2026-01-31 08:15:00.000
                         */
                        last_attempt_at: string | null;
                        /**
                         * @description Why the last attempt failed: a stable word
                         * @example status
                         */
                        last_reason: string | null;
                        /**
                         * @description HTTP status of the last answer
                         * @example 500
                         */
                        last_status: number | null;
                        /**
                         * @description In the zone of the tenant
                         * @example 2026-01-31 08:15:00.000
                         */
                        next_attempt_at: string | null;
                        /** @description When it happened, in the zone of the tenant */
                        occurred_at: string;
                        /**
                         * @example given_up
                         * @enum {unknown}
                         */
                        state: "waiting" | "given_up" | "delivered";
                        /**
                         * @description Its name in the tenant file
                         * @example hr
                         */
                        webhook: string;
                    };
                };
            };
            400: components["responses"]["Request400"];
            /**
             * @description - `invalid_token` Invalid access
             *       Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.
             */
            401: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `insufficient_scope` One of these permissions is needed: … · 需要以下权限之一:…
             *       Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.
             */
            403: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthError"];
                };
            };
            /**
             * @description - `WEBHOOK.9001` The delivery does not exist · 投递记录不存在
             *       Check the id in GET /api/v2/tenant/webhooks/deliveries. Delivered events are kept for a day, given-up ones as long as `retention.webhooks_days` of the tenant file says.
             *     - `REQUEST.9009` No tenant answers at this host name · 该域名没有对应的租户
             *       Call the host name that the tenant file lists under domains.
             */
            404: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getHealthLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "live"
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        status: "live";
                    };
                };
            };
            400: components["responses"]["Request400"];
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    getHealthReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "checks": {
                     *         "clock": "ok",
                     *         "database": "ok",
                     *         "migrations": "ok"
                     *       },
                     *       "status": "ready"
                     *     }
                     */
                    "application/json": {
                        checks: {
                            clock: "ok" | "failed" | "unknown";
                            database: "ok" | "failed" | "unknown";
                            migrations: "ok" | "failed" | "unknown";
                        };
                        status: "ready" | "not_ready";
                    };
                };
            };
            400: components["responses"]["Request400"];
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            /**
             * @description - `REQUEST.9011` The server is busy · 服务繁忙
             *       Nothing was changed. Wait as long as Retry-After says and call again.
             *     - `REQUEST.9012` The database cannot be reached · 数据库不可用
             *       Wait as long as Retry-After says; the operator finds the cause in the log under X-Request-Id.
             */
            503: {
                headers: {
                    /** @description A stable word for the reason, where there is one */
                    "X-Error-Detail"?: string;
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] | {
                        checks: {
                            clock: "ok" | "failed" | "unknown";
                            database: "ok" | "failed" | "unknown";
                            migrations: "ok" | "failed" | "unknown";
                        };
                        status: "ready" | "not_ready";
                    };
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description Id of this request in the log */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /** @example text */
                    "text/plain": string;
                };
            };
            400: components["responses"]["Request400"];
            404: components["responses"]["Request404"];
            408: components["responses"]["Request408"];
            413: components["responses"]["Request413"];
            415: components["responses"]["Request415"];
            417: components["responses"]["Request417"];
            431: components["responses"]["Request431"];
            500: components["responses"]["Request500"];
            503: components["responses"]["Request503"];
        };
    };
    "receive-event": {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The same for every attempt
                 * @example 20201028102855012-19D4-7FA03C6B1
                 */
                "webhook-id": string;
                /**
                 * @description One for each secret, separated by spaces: v1, and HMAC-SHA256 in base64
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
                /**
                 * @description Of the attempt, in seconds
                 * @example 1769847300
                 */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "user.created",
                 *       "timestamp": "2026-01-31T08:15:00.000Z",
                 *       "data": {
                 *         "user_id": "20201028102749564-9082-DC8CD2722",
                 *         "actor": {
                 *           "kind": "application",
                 *           "id": "20201028102815870-77C1-5E20A94BD"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description Ids and words; docs/operations/webhooks.md lists them */
                    data: Record<string, never>;
                    /**
                     * Format: date-time
                     * @description When it happened
                     */
                    timestamp: string;
                    /** @enum {string} */
                    type: "user.created" | "user.updated" | "user.enabled" | "user.disabled" | "user.locked" | "user.unlocked" | "user.deleted" | "user.erased" | "credential.changed" | "credential.voided" | "credential.disowned" | "reset.requested" | "reset.sending" | "reset.accepted" | "reset.failed" | "reset.unknown" | "reset.used" | "reset.completed" | "reset.superseded" | "reset.expired" | "reset.expired_unused" | "reset.storm" | "reset.disowned" | "webhook.test";
                };
            };
        };
        responses: {
            /** @description It was taken: not sent again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is sent again later; 410: the webhook is switched off */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
