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
        post?: never;
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
        put?: never;
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
         * @description Another name of `/api/v2/tenant/users/{user_id}/rest-password`. Needs an application with the permission `user_all` or `all`.
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
         * @description Needs an application with the permission `user_all` or `all`.
         */
        put: operations["putUsersRestPassword"];
        post?: never;
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
export type webhooks = Record<string, never>;
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
             *       Check client_id and client_secret, and that the application is enabled.
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Grant the application one of the named permission codes.
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
                 *       "code": "it",
                 *       "name": "IT"
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
                     * @example it
                     */
                    code: string;
                    /** @description Further attributes, replaced whole; null: none */
                    extension?: {
                        [key: string]: unknown;
                    } | null;
                    /** @example IT */
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
             *       A category has at most 100 characters, an extension at most 16,384 as JSON and 8 levels; neither holds U+0000 or half a surrogate pair.
             *     - `ORG.9006` Organizations cannot stand more than … levels deep · 组织层级不能超过…级
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Grant the application one of the named permission codes.
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Grant the application one of the named permission codes.
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
                 *       "code": "it",
                 *       "name": "IT"
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
                     * @example it
                     */
                    code?: string;
                    /** @description Further attributes, replaced whole; null: none */
                    extension?: {
                        [key: string]: unknown;
                    } | null;
                    /** @example IT */
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
             *       A category has at most 100 characters, an extension at most 16,384 as JSON and 8 levels; neither holds U+0000 or half a surrogate pair.
             *     - `ORG.9005` An organization cannot stand below itself · 组织不能移动到自身或其下级组织之下
             *       Choose a parent that is neither the organization itself nor below it.
             *     - `ORG.9006` Organizations cannot stand more than … levels deep · 组织层级不能超过…级
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Grant the application one of the named permission codes.
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Grant the application one of the named permission codes.
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
             *       Check client_id and client_secret, and that the application is enabled.
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Grant the application one of the named permission codes.
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Grant the application one of the named permission codes.
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Grant the application one of the named permission codes.
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Grant the application one of the named permission codes.
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
             *       Enable the user first; a reset never enables anybody.
             *     - `USER.0011` Mobile number cannot be empty · 手机号不能为空
             *       Give the user a mobile number, or reset with send_mode=EMAIL.
             *     - `USER.0012` Email cannot be empty · 邮箱不能为空
             *       Give the user an e-mail address, or reset with send_mode=SMS.
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Grant the application one of the named permission codes.
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
             *       Enable the user first; a reset never enables anybody.
             *     - `USER.0011` Mobile number cannot be empty · 手机号不能为空
             *       Give the user a mobile number, or reset with send_mode=EMAIL.
             *     - `USER.0012` Email cannot be empty · 邮箱不能为空
             *       Give the user an e-mail address, or reset with send_mode=SMS.
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Grant the application one of the named permission codes.
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
             *       Fetch a new access token, and send it as Authorization: Bearer.
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
             *       Grant the application one of the named permission codes.
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
}
