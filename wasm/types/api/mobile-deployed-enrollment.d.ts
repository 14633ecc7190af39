// Generated from docs/openapi/mobile-deployed-enrollment.json (SHA-256 46d5893469450448dc9033525060be59f040234399f4c48f025c0b17ecefbcf6). Do not edit.

export interface paths {
    "/api/activation/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An activation code for a sibling app of the same user
         * @description An activation code for a sibling app of the same user. Signed with two factors, then encrypted in activation scope.
         */
        post: operations["mobileActivationCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/token/app/operation/authorize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approves an operation with a signature over the request
         * @description Approves an operation with a signature over the request. A wrong one costs an attempt of the operation.
         */
        post: operations["mobileOperationAuthorize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/token/app/operation/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rejects an operation
         * @description Rejects an operation. Signed by the phone alone.
         */
        post: operations["mobileOperationCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/token/app/operation/detail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One pending operation
         * @description One pending operation.
         */
        post: operations["mobileOperationDetail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/token/app/operation/detail/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One pending operation, which becomes the token's user's unless it has a user
         * @description One pending operation, which becomes the token's user's unless it has a user.
         */
        post: operations["mobileOperationClaim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/token/app/operation/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Operations of the user in all states, newest first, at most 100
         * @description Operations of the user in all states, newest first, at most 100. Signed with two factors.
         */
        post: operations["mobileOperationHistory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/token/app/operation/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pending operations of the token's user in the token's application, newest first, at most 100
         * @description Pending operations of the token's user in the token's application, newest first, at most 100.
         */
        post: operations["mobileOperationList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/token/app/operation/list/signature": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pending operations of the user, newest first, at most 100
         * @description Pending operations of the user, newest first, at most 100. Signed by the phone alone.
         */
        post: operations["mobileOperationListSigned"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inbox/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Number of unread messages
         * @description Number of unread messages.
         */
        post: operations["mobileInboxCount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inbox/message/detail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One message with its body
         * @description One message with its body.
         */
        post: operations["mobileInboxDetail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inbox/message/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Part of the inbox, newest first, without the bodies of messages
         * @description Part of the inbox, newest first, without the bodies of messages.
         */
        post: operations["mobileInboxList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inbox/message/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Marks one message as read
         * @description Marks one message as read.
         */
        post: operations["mobileInboxRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inbox/message/read-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Marks all messages as read
         * @description Marks all messages as read.
         */
        post: operations["mobileInboxReadAll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/push/device/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Registers the device for push messages, with a token or a signature of the phone alone
         * @description Registers the device for push messages, with a token or a signature of the phone alone.
         */
        post: operations["mobilePushRegister"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/push/device/register/signature": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Registers the device for push messages
         * @description Registers the device for push messages. Signed by the phone alone.
         */
        post: operations["mobilePushRegisterSigned"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/push/device/register/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Registers the device for push messages, with a token
         * @description Registers the device for push messages, with a token.
         */
        post: operations["mobilePushRegisterToken"];
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
        /** @description Request envelope as JSON. Unknown properties are refused; `null` means absent. */
        EnvelopeRequest: {
            /** @description Base64 of the ciphertext. */
            encryptedData: string;
            /** @description Base64 of the point, 33 or 65 bytes. */
            ephemeralPublicKey: string;
            /** @description Base64 of 32 bytes. */
            mac: string;
            /** @description Base64 of 16 bytes; from 3.1. */
            nonce?: string;
            /** @description UUID text of the temporary key; 3.3 only. */
            temporaryKeyId?: string;
            /**
             * Format: int64
             * @description Unix time in milliseconds; from 3.2.
             */
            timestamp?: number;
        };
        /** @description Response envelope as JSON. Up to 3.1 `nonce` and `timestamp` are written as `null`, as deployed servers do. */
        EnvelopeResponse: {
            /** @description Base64 of the ciphertext. */
            encryptedData: string | null;
            /** @description Base64 of 32 bytes. */
            mac: string | null;
            /** @description Base64 of 16 bytes; from 3.2. */
            nonce: string | null;
            /**
             * Format: int64
             * @description Unix time in milliseconds; from 3.2.
             */
            timestamp: number | null;
        };
        /** @description Why the request got no answer. */
        ErrorDetail: {
            /** @description For programs. New codes may come. */
            code: string;
            /**
             * Format: int64
             * @description After a wrong PUK: the number of the one to try next. 0 with `ERROR_HTTP_REQUEST`.
             */
            currentRecoveryPukIndex?: number;
            /** @description The same; the server API has it. */
            localizedMessage?: string;
            /** @description For people who read logs; says nothing about users. */
            message: string;
            /** @description What is wrong with the request, all of it. */
            violations?: components["schemas"]["ErrorViolation"][];
        };
        /** @description A refusal. */
        ErrorResponse: {
            responseObject: components["schemas"]["ErrorDetail"];
            /** @enum {string} */
            status: "ERROR";
        };
        /** @description What is wrong with a member of a request. */
        ErrorViolation: {
            /** @description Name of the member. */
            fieldName: string;
            /** @description What it should be. */
            hint: string;
            /** @description What it was, unless it is missing or secret. */
            invalidValue?: string;
        };
        /** @description A row of what the phone shows. Which members there are depends on its type. */
        FormAttribute: {
            /** @enum {string} */
            alertType?: "SUCCESS" | "INFO" | "WARNING" | "ERROR";
            /** @description The amount; absent when the text is no number. */
            amount?: number;
            /** @description The amount as the user's language writes it. */
            amountFormatted?: string;
            /** @description Code of the currency. */
            currency?: string;
            /** @description Symbol of the currency, or its code. */
            currencyFormatted?: string;
            /** @description Whether the rate may change. */
            dynamic?: boolean;
            /** @description Identifier of the row. */
            id: string;
            /** @description What stands before the value. */
            label: string;
            /**
             * Format: int64
             * @description Of a HEADING.
             */
            level?: number;
            /** @description The text of an ALERT. */
            message?: string;
            /** @description The text of a NOTE. */
            note?: string;
            /** @description An IMAGE in its size. */
            originalUrl?: string;
            /** @description Who gets the money, of a PARTY_INFO. */
            partyInfo?: {
                description?: string;
                logoUrl?: string;
                name?: string;
                websiteUrl?: string;
            };
            /** @description The amount before the conversion; absent when the text is no number. */
            sourceAmount?: number;
            /** @description The amount as the user's language writes it. */
            sourceAmountFormatted?: string;
            /** @description Code of the currency. */
            sourceCurrency?: string;
            /** @description Symbol of the currency, or its code. */
            sourceCurrencyFormatted?: string;
            /** @description Amount and currency in one. */
            sourceValueFormatted?: string;
            /** @description The amount after the conversion; absent when the text is no number. */
            targetAmount?: number;
            /** @description The amount as the user's language writes it. */
            targetAmountFormatted?: string;
            /** @description Code of the currency. */
            targetCurrency?: string;
            /** @description Symbol of the currency, or its code. */
            targetCurrencyFormatted?: string;
            /** @description Amount and currency in one. */
            targetValueFormatted?: string;
            /** @description Small form of an IMAGE. */
            thumbnailUrl?: string;
            /** @description The title of an ALERT. */
            title?: string;
            /** @enum {string} */
            type: "AMOUNT" | "AMOUNT_CONVERSION" | "KEY_VALUE" | "NOTE" | "HEADING" | "ALERT" | "PARTY_INFO" | "IMAGE";
            /** @description The value of a KEY_VALUE. */
            value?: string;
            /** @description Amount and currency in one. */
            valueFormatted?: string;
        };
        /** @description Answer of `mobileInboxCount`. */
        InboxCount: {
            /**
             * Format: int64
             * @description Number of unread messages.
             */
            countUnread: number;
        };
        /** @description Which part of the inbox. */
        InboxListRequest: {
            /** @description Whether read messages are left out. */
            onlyUnread?: boolean;
            /**
             * Format: int64
             * @description Page, from 0.
             */
            page?: number;
            /**
             * Format: int64
             * @description Messages per page; 100 when absent, at most 2,000.
             */
            size?: number;
        };
        /** @description A message in answers. */
        InboxMessage: {
            /** @description Body; not in lists. */
            body?: string | null;
            /** @description UUID. */
            id: string;
            /** @description Whether it was read. */
            read: boolean;
            /** @description Subject. */
            subject: string;
            /** @description Summary. */
            summary: string;
            /** @description Creation: ISO 8601 with an offset, with milliseconds where the dialect has them. */
            timestampCreated: string;
            /** @description `text` or `html`. */
            type: string;
        };
        /** @description Names a message. */
        InboxMessageName: {
            /** @description The message. */
            id: string;
        };
        /** @description A page of messages, newest first, without their bodies. */
        InboxPage: {
            /**
             * Format: int64
             * @description As asked for.
             */
            page: number;
            /** @description Newest first. */
            responseObject: components["schemas"]["InboxMessage"][];
            /**
             * Format: int64
             * @description As asked for.
             */
            size: number;
            /** @description `OK`. */
            status: string;
        };
        /** @description The answer of `mobileInboxCount`. */
        MobileInboxCountResponse: {
            responseObject: components["schemas"]["InboxCount"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `mobileInboxDetail`. */
        MobileInboxDetailRequest: {
            requestObject: components["schemas"]["InboxMessageName"];
        };
        /** @description The answer of `mobileInboxDetail`. */
        MobileInboxDetailResponse: {
            responseObject: components["schemas"]["InboxMessage"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `mobileInboxList`. */
        MobileInboxListRequest: {
            requestObject?: components["schemas"]["InboxListRequest"];
        };
        /** @description The body of `mobileInboxRead`. */
        MobileInboxReadRequest: {
            requestObject: components["schemas"]["InboxMessageName"];
        };
        /** @description An operation in answers. Members without a value are left out. */
        MobileOperation: {
            /** @description Factors that may approve it. */
            allowedSignatureType: {
                /** @enum {string} */
                type: "1FA" | "2FA";
                /** @description Of two factors, the pairs that are allowed; of one none are listed. */
                variants: ("possession_knowledge" | "possession_biometry")[];
            };
            /** @description What is signed. */
            data: string;
            /** @description What the phone shows. */
            formData: components["schemas"]["OperationFormData"];
            /** @description UUID. */
            id: string;
            /** @description Type of the operation. */
            name: string;
            /** @description Whether an approval needs the number on the page that asks. */
            numberMatching?: boolean;
            /** @description Creation: `2026-11-20T19:54:23+0000`. */
            operationCreated: string;
            /** @description Expiry: `2026-11-20T19:54:23+0000`. */
            operationExpires: string;
            /** @description The state. */
            status?: string | null;
            /** @description Why it was cancelled. */
            statusReason?: string | null;
            /** @description Hints for the app. */
            ui?: {
                [key: string]: unknown;
            } | null;
        };
        /** @description The body of `mobileOperationAuthorize`. */
        MobileOperationAuthorizeRequest: {
            requestObject: components["schemas"]["OperationApproval"];
        };
        /** @description The body of `mobileOperationCancel`. */
        MobileOperationCancelRequest: {
            requestObject: components["schemas"]["OperationRejection"];
        };
        /** @description The body of `mobileOperationClaim`. */
        MobileOperationClaimRequest: {
            requestObject: components["schemas"]["MobileOperationName"];
        };
        /** @description The answer of `mobileOperationClaim`. */
        MobileOperationClaimResponse: {
            /** @description The server's time: `2026-11-20T19:54:23+0000`. */
            currentTimestamp: string;
            responseObject: components["schemas"]["MobileOperation"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The body of `mobileOperationDetail`. */
        MobileOperationDetailRequest: {
            requestObject: components["schemas"]["MobileOperationName"];
        };
        /** @description The answer of `mobileOperationDetail`. */
        MobileOperationDetailResponse: {
            /** @description The server's time: `2026-11-20T19:54:23+0000`. */
            currentTimestamp: string;
            responseObject: components["schemas"]["MobileOperation"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The answer of `mobileOperationHistory`. */
        MobileOperationHistoryResponse: {
            responseObject: components["schemas"]["MobileOperation"][];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The answer of `mobileOperationList`. */
        MobileOperationListResponse: {
            /** @description The server's time: `2026-11-20T19:54:23+0000`. */
            currentTimestamp: string;
            responseObject: components["schemas"]["MobileOperation"][];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The answer of `mobileOperationListSigned`. */
        MobileOperationListSignedResponse: {
            /** @description The server's time: `2026-11-20T19:54:23+0000`. */
            currentTimestamp: string;
            responseObject: components["schemas"]["MobileOperation"][];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Names an operation. */
        MobileOperationName: {
            /** @description The operation. */
            id: string;
        };
        /** @description The body of `mobilePushRegister`. */
        MobilePushRegisterRequest: {
            requestObject: components["schemas"]["PushRegistration"];
        };
        /** @description The body of `mobilePushRegisterSigned`. */
        MobilePushRegisterSignedRequest: {
            requestObject: components["schemas"]["PushRegistration"];
        };
        /** @description The body of `mobilePushRegisterToken`. */
        MobilePushRegisterTokenRequest: {
            requestObject: components["schemas"]["PushRegistration"];
        };
        /** @description It was done, and there is nothing more to say. */
        OkResponse: {
            /** @enum {string} */
            status: "OK";
        };
        /** @description What the user approves. */
        OperationApproval: {
            /** @description Its data, as the user saw it. */
            data: string;
            /** @description The operation. */
            id: string;
            /** @description Number from the page that asks, for operations that need it. */
            matchNumber?: unknown;
            /** @description Whatever the app tells the back end. */
            mobileTokenData?: unknown;
            /** @description What shows that the phone is near the screen; for operations that ask for it. */
            proximityCheck?: components["schemas"]["ProximityCheck"];
        };
        /** @description `formData`. */
        OperationFormData: {
            /** @description Rows, in the order of their definitions. */
            attributes: components["schemas"]["FormAttribute"][];
            /** @description Message, maybe of several lines. */
            message: string;
            /** @description `success`, `failure`, `reject`. */
            resultTexts?: {
                [key: string]: unknown;
            } | null;
            /** @description Title. */
            title: string;
        };
        /** @description What the user rejects. */
        OperationRejection: {
            /** @description The operation. */
            id: string;
            /** @description Whatever the app tells the back end. */
            mobileTokenData?: unknown;
            /** @description Why: a code, or a text. */
            reason?: string;
        };
        /** @description The code on the screen beside the phone, and how it got to the phone. The latter is informative, but what cannot be read is a broken request. */
        ProximityCheck: {
            /** @description The code. */
            otp: string;
            /**
             * Format: date-time
             * @description When it did.
             */
            timestampReceived?: string;
            /**
             * Format: date-time
             * @description When it was sent on.
             */
            timestampSent?: string;
            /** @description How it got to the phone. */
            type?: components["schemas"]["ProximityType"];
        };
        /**
         * @description How a code got to the phone.
         *
         *     - `QR_CODE` From a QR code.
         *     - `DEEPLINK` By a link.
         * @enum {string}
         */
        ProximityType: "QR_CODE" | "DEEPLINK";
        /** @description A device for push messages. */
        PushRegistration: {
            /** @description `development` or `production`, for Apple devices. */
            environment?: string;
            /** @description `ios`, `android` or `huawei`; in the newest dialect also `apns`, `fcm` and `hms`. */
            platform: string;
            /** @description What the platform calls the device. */
            token: string;
        };
    };
    responses: {
        /**
         * @description The request is refused. Codes:
         *
         *     - `ERROR_HTTP_REQUEST`
         *     - `INVALID_REQUEST`
         *     - `PUSH_REGISTRATION_FAILED`
         */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description The request does not fit the state of things. Codes:
         *
         *     - `REMOTE_COMMUNICATION_ERROR`
         */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description The server failed; nothing was authenticated. Codes:
         *
         *     - `ERR_CONFIG`
         */
        Failure: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description A header is too large. Codes:
         *
         *     - `ERROR_HEADER_TOO_LARGE`
         */
        HeaderTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description The body is too large. Codes:
         *
         *     - `ERROR_REQUEST_TOO_LARGE`
         */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description The caller is not authenticated. Codes:
         *
         *     - `POWERAUTH_AUTH_FAIL`
         */
        Unauthenticated: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /**
         * @description The machinery failed; nothing was authenticated. Try again. Codes:
         *
         *     - `ERROR_GENERIC`
         */
        Unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
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
    mobileActivationCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnvelopeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvelopeResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ACTIVATION_CODE_FAILED`
             *     - `ERROR_HTTP_REQUEST`
             *     - `ERR_ENCRYPTION`
             *     - `INVALID_REQUEST`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobileOperationAuthorize: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MobileOperationAuthorizeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OkResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `INVALID_ACTIVATION`
             *     - `INVALID_APPLICATION`
             *     - `INVALID_OPERATION`
             *     - `INVALID_REQUEST`
             *     - `OPERATION_ALREADY_CANCELED`
             *     - `OPERATION_ALREADY_FAILED`
             *     - `OPERATION_ALREADY_FINISHED`
             *     - `OPERATION_EXPIRED`
             *     - `OPERATION_REQUIRES_ACTIVATION_FLAG`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description The caller is not authenticated. Codes:
             *
             *     - `OPERATION_FAILED`
             *     - `POWERAUTH_AUTH_FAIL`
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobileOperationCancel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MobileOperationCancelRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OkResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `INVALID_ACTIVATION`
             *     - `INVALID_APPLICATION`
             *     - `INVALID_OPERATION`
             *     - `INVALID_REQUEST`
             *     - `OPERATION_ALREADY_CANCELED`
             *     - `OPERATION_ALREADY_FAILED`
             *     - `OPERATION_ALREADY_FINISHED`
             *     - `OPERATION_EXPIRED`
             *     - `OPERATION_REQUIRES_ACTIVATION_FLAG`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /**
             * @description The caller is not authenticated. Codes:
             *
             *     - `OPERATION_FAILED`
             *     - `POWERAUTH_AUTH_FAIL`
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobileOperationDetail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MobileOperationDetailRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MobileOperationDetailResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `INVALID_APPLICATION`
             *     - `INVALID_OPERATION`
             *     - `INVALID_REQUEST`
             *     - `OPERATION_ALREADY_CANCELED`
             *     - `OPERATION_ALREADY_FAILED`
             *     - `OPERATION_ALREADY_FINISHED`
             *     - `OPERATION_EXPIRED`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobileOperationClaim: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MobileOperationClaimRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MobileOperationClaimResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `INVALID_APPLICATION`
             *     - `INVALID_OPERATION`
             *     - `INVALID_REQUEST`
             *     - `OPERATION_ALREADY_CANCELED`
             *     - `OPERATION_ALREADY_FAILED`
             *     - `OPERATION_ALREADY_FINISHED`
             *     - `OPERATION_EXPIRED`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Failure"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobileOperationHistory: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Any body; the signature covers its bytes. */
        requestBody?: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MobileOperationHistoryResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `INVALID_APPLICATION`
             *     - `INVALID_OPERATION`
             *     - `INVALID_REQUEST`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobileOperationList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MobileOperationListResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `INVALID_APPLICATION`
             *     - `INVALID_OPERATION`
             *     - `INVALID_REQUEST`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobileOperationListSigned: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Any body; the signature covers its bytes. */
        requestBody?: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MobileOperationListSignedResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `INVALID_APPLICATION`
             *     - `INVALID_OPERATION`
             *     - `INVALID_REQUEST`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobileInboxCount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MobileInboxCountResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `INBOX_FAILED`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobileInboxDetail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MobileInboxDetailRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MobileInboxDetailResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `INBOX_FAILED`
             *     - `INVALID_REQUEST`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobileInboxList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["MobileInboxListRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InboxPage"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `INBOX_FAILED`
             *     - `INVALID_REQUEST`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobileInboxRead: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MobileInboxReadRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OkResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `INBOX_FAILED`
             *     - `INVALID_REQUEST`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobileInboxReadAll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OkResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
             *     - `INBOX_FAILED`
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobilePushRegister: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MobilePushRegisterRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OkResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobilePushRegisterSigned: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MobilePushRegisterSignedRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OkResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    mobilePushRegisterToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MobilePushRegisterTokenRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OkResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
}
