// Generated from docs/openapi/admin.json (SHA-256 964596b846c9e4a5201e331c918e4bb7bd707b2497ec4517561a7c9bf2229d33). Do not edit.

export interface paths {
    "/admin/master-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells which keys seal secrets at rest, and how far a replacement has come
         * @description Tells which keys seal secrets at rest, and how far a replacement has come.
         */
        get: operations["sealingKeyStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/master-key/retire": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes a replaced sealing key that no record needs any more
         * @description Removes a replaced sealing key that no record needs any more.
         */
        post: operations["retireSealingKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/master-key/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks for a new sealing key, with which everything is sealed anew meanwhile
         * @description Asks for a new sealing key, with which everything is sealed anew meanwhile.
         */
        post: operations["rotateSealingKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/operation-texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All texts of operations
         * @description All texts of operations.
         */
        get: operations["listOperationTexts"];
        put?: never;
        /**
         * Adds or replaces texts of operations, all or none
         * @description Adds or replaces texts of operations, all or none.
         */
        post: operations["putOperationTexts"];
        /**
         * Removes the text of a type of operations in a language
         * @description Removes the text of a type of operations in a language.
         */
        delete: operations["removeOperationText"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/push-credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The credentials of an application for push messages, without secrets
         * @description The credentials of an application for push messages, without secrets.
         */
        get: operations["listPushCredentials"];
        put?: never;
        /**
         * Sets credentials of an application for push messages, in place of earlier ones
         * @description Sets credentials of an application for push messages, in place of earlier ones.
         */
        post: operations["setPushCredentials"];
        /**
         * Removes credentials for push messages
         * @description Removes credentials for push messages. Messages wait until there are others.
         */
        delete: operations["removePushCredentials"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/template": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All texts of operations
         * @description All texts of operations.
         */
        get: operations["listTextTemplates"];
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
        /** @description A key, without itself. */
        KeyStatus: {
            /**
             * Format: int32
             * @description Its number.
             */
            key: number;
            /** @description Whether it may be removed: it was replaced, and no record needs it. */
            removable: boolean;
            /**
             * Format: date-time
             * @description When it was added.
             */
            timestampAdded: string;
        };
        /** @description The answer of `listOperationTexts`. */
        ListOperationTextsResponse: {
            responseObject: components["schemas"]["TextRow"][];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The answer of `listPushCredentials`. */
        ListPushCredentialsResponse: {
            responseObject: components["schemas"]["PushCredentials"][];
            /** @enum {string} */
            status: "OK";
        };
        /** @description It was done, and there is nothing more to say. */
        OkResponse: {
            /** @enum {string} */
            status: "OK";
        };
        /**
         * @description What happens with the keys.
         *
         *     - `IDLE` Nothing.
         *     - `ASKED` A key is wanted, nobody has made it yet.
         *     - `LEARNING` A key was made and is not used yet.
         *     - `RESEALING` Records are being sealed with the current key.
         * @enum {string}
         */
        Phase: "IDLE" | "ASKED" | "LEARNING" | "RESEALING";
        /** @description Credentials without secrets. */
        PushCredentials: {
            /** @description For `fcm`: name of the account. */
            clientEmail?: string | null;
            /** @description For `apns`: `development` or `production`. */
            environment?: string | null;
            /** @description Name of the key. */
            keyId?: string | null;
            /** @description `apns` or `fcm`. */
            platform: string;
            /** @description For `fcm`: the project. */
            projectId?: string | null;
            /** @description For `apns`: the team. */
            teamId?: string | null;
            /**
             * Format: date-time
             * @description When they were set.
             */
            timestampSet: string;
            /** @description For `fcm`: where access tokens are asked for. */
            tokenUri?: string | null;
            /** @description For `apns`: bundle identifier of the app. */
            topic?: string | null;
        };
        /** @description Request of `retireSealingKey`. */
        RetireKey: {
            /**
             * Format: int32
             * @description Number of the key.
             */
            key?: number;
        };
        /** @description The answer of `retireSealingKey`. */
        RetireSealingKeyResponse: {
            responseObject: components["schemas"]["SealingStatus"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The answer of `rotateSealingKey`. */
        RotateSealingKeyResponse: {
            responseObject: components["schemas"]["SealingStatus"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description The answer of `sealingKeyStatus`. */
        SealingKeyStatusResponse: {
            responseObject: components["schemas"]["SealingStatus"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description Answer of `sealingKeyStatus`, `rotateSealingKey`, `retireSealingKey`. */
        SealingStatus: {
            /**
             * Format: int32
             * @description Number of the key that seals.
             */
            current: number;
            /** @description All keys, by number. */
            keys: components["schemas"]["KeyStatus"][];
            /** @description What happens at the moment. */
            phase: components["schemas"]["Phase"];
            /**
             * Format: int64
             * @description Records that it has sealed anew.
             */
            resealed: number;
            /**
             * Format: int64
             * @description Records looked at by the last sealing anew.
             */
            seen: number;
            /**
             * Format: int64
             * @description Records with a secret that no known key opens.
             */
            unreadable: number;
        };
        /** @description The members of a service account's file that matter. */
        ServiceAccountFile: {
            /** @description Name of the account. */
            client_email?: string;
            /** @description An RSA key of 2,048 to 4,096 bits as PKCS#8 in PEM. */
            private_key?: string;
            /** @description Name of the key. */
            private_key_id?: string;
            /** @description The project, 1 to 255 letters, digits, `-`, `.` and `:`. */
            project_id?: string;
            /** @description Where access tokens are asked for: an https URL. */
            token_uri?: string;
        };
        /** @description Request of `setPushCredentials`. */
        SetCredentials: {
            /** @description The application. */
            applicationId: string;
            /**
             * @description For `apns`: `development` or `production`.
             * @enum {string}
             */
            environment?: "development" | "production";
            /** @description For `apns`: name of the key, 10 letters and digits. */
            keyId?: string;
            /**
             * @description `apns` or `fcm`.
             * @enum {string}
             */
            platform: "apns" | "fcm";
            /** @description For `apns`: the key as Apple gives it, a P-256 key as PKCS#8 in PEM. */
            privateKey?: string;
            /** @description For `fcm`: the file of the service account as Google gives it: a JSON object, or its text. */
            serviceAccount?: components["schemas"]["ServiceAccountFile"];
            /** @description For `apns`: the team, 10 letters and digits. */
            teamId?: string;
            /** @description For `apns`: bundle identifier of the app, 1 to 255 letters, digits, `.`, `-` and `_`. */
            topic?: string;
        };
        /** @description The answer of `setPushCredentials`. */
        SetPushCredentialsResponse: {
            responseObject: components["schemas"]["PushCredentials"];
            /** @enum {string} */
            status: "OK";
        };
        /** @description A row of an upload and of the list. */
        TextRow: {
            /** @description Definitions of rows: a JSON array, or its text. */
            attributes: unknown;
            /** @description Primary language subtag, 1 to 8 letters in any case. */
            language: string;
            /** @description Message, 1 to 16,384 bytes, maybe with placeholders. */
            message: string;
            /** @description Type of the operations, 1 to 255 bytes. */
            placeholder: string;
            /** @description `success`, `failure`, `reject`: a JSON object, or its text. */
            resultTexts: unknown;
            /** @description Title, 1 to 255 characters, maybe with placeholders. */
            title: string;
            /** @description Hints for the app: a JSON object, or its text. */
            ui: unknown;
        };
        /** @description A row of an upload and of the list. */
        TextRowInput: {
            /** @description Definitions of rows: a JSON array, or its text. */
            attributes?: unknown;
            /** @description Primary language subtag, 1 to 8 letters in any case. */
            language?: string;
            /** @description Message, 1 to 16,384 bytes, maybe with placeholders. */
            message?: string;
            /** @description Type of the operations, 1 to 255 bytes. */
            placeholder?: string;
            /** @description `success`, `failure`, `reject`: a JSON object, or its text. */
            resultTexts?: unknown;
            /** @description Title, 1 to 255 characters, maybe with placeholders. */
            title?: string;
            /** @description Hints for the app: a JSON object, or its text. */
            ui?: unknown;
        };
        /** @description A row as the reference lists it. */
        TextTemplate: {
            /** @description Definitions of rows. */
            attributes: unknown;
            /** @description Language. */
            language: string | null;
            /** @description Message. */
            message: string | null;
            /** @description Type of the operations. */
            name: string | null;
            /** @description Texts for the outcome. */
            resultTexts: unknown;
            /** @description Title. */
            title: string | null;
        };
    };
    responses: {
        /**
         * @description The request is refused. Codes:
         *
         *     - `ERR0000` Unknown error occurred.
         *     - `ERR0001` No user ID was set.
         *     - `ERR0002` No application ID was set.
         *     - `ERR0003` No master server key pair configured in database.
         *     - `ERR0004` Master server key pair contains private key in incorrect format.
         *     - `ERR0005` Too many failed attempts to generate activation ID.
         *     - `ERR0006` Too many failed attempts to generate activation code.
         *     - `ERR0007` This activation is already expired.
         *     - `ERR0008` Incorrect activation state.
         *     - `ERR0009` Activation with given activation ID was not found.
         *     - `ERR0010` Key with invalid format was provided.
         *     - `ERR0011` Invalid input parameter format.
         *     - `ERR0012` Invalid Signature Provided.
         *     - `ERR0013` Unable to compute signature.
         *     - `ERR0014` Invalid URL format.
         *     - `ERR0015` Application or application version does not exist.
         *     - `ERR0016` Token with given token ID does not exist.
         *     - `ERR0017` Data encryption failed.
         *     - `ERR0018` Data decryption failed.
         *     - `ERR0019` Token was not successfully generated.
         *     - `ERR0020` Master DB encryption key is not configured.
         *     - `ERR0021` Unsupported encryption mode.
         *     - `ERR0022` Generic cryptography error occurred.
         *     - `ERR0023` Cryptography provider is initialized incorrectly.
         *     - `ERR0024` Invalid request received.
         *     - `ERR0025` Recovery code already exists.
         *     - `ERR0026` Too many failed attempts to generate recovery code.
         *     - `ERR0027` Recovery code was not found.
         *     - `ERR0028` Invalid recovery code.
         *     - `ERR0029` Recovery code configuration is missing or incomplete.
         *     - `ERR0030` Token timestamp is too old.
         *     - `ERR0031` Activation OTP does not match value stored in database.
         *     - `ERR0032` Activation OTP used in the wrong OTP validation mode.
         *     - `ERR0033` Operation template was not found.
         *     - `ERR0034` Operation was not found.
         *     - `ERR0035` Too many failed attempts to generate operation ID.
         *     - `ERR0036` Operation state is invalid for the requested change.
         *     - `ERR0037` Operation cannot be approved.
         *     - `ERR0038` Operation cannot be rejected.
         *     - `ERR0039` Operation template already exists.
         *     - `ERR0040` Activation cannot be created with the specified properties.
         *     - `ERR0041` Operation related error occurred.
         *     - `ERR0042` Operation template related error occurred.
         *     - `ERR0043` Duplicate application or application version.
         *     - `ERR0044` Token timestamp is too much in the future.
         *     - `ERR0045` Temporary key is missing or invalid.
         *     - `ERROR_HTTP_REQUEST`
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
         *     - `ERR_AUTHENTICATION`
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
    sealingKeyStatus: {
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
                    "application/json": components["schemas"]["SealingKeyStatusResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERR0024` Invalid request received.
             *     - `ERROR_HTTP_REQUEST`
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
    retireSealingKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetireKey"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetireSealingKeyResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERR0024` Invalid request received.
             *     - `ERROR_HTTP_REQUEST`
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
    rotateSealingKey: {
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
                    "application/json": components["schemas"]["RotateSealingKeyResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERR0024` Invalid request received.
             *     - `ERROR_HTTP_REQUEST`
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
    listOperationTexts: {
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
                    "application/json": components["schemas"]["ListOperationTextsResponse"];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
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
    putOperationTexts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TextRowInput"][];
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
    removeOperationText: {
        parameters: {
            query: {
                /** @description Primary language subtag, 1 to 8 letters in any case. */
                language: string;
                /** @description Type of the operations, 1 to 255 bytes. */
                placeholder: string;
            };
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    listPushCredentials: {
        parameters: {
            query: {
                /** @description The application. */
                applicationId: string;
            };
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
                    "application/json": components["schemas"]["ListPushCredentialsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    setPushCredentials: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetCredentials"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetPushCredentialsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    removePushCredentials: {
        parameters: {
            query: {
                /** @description The application. */
                applicationId: string;
                /** @description For `apns`: `development` or `production`. */
                environment?: string;
                /** @description `apns` or `fcm`. */
                platform: string;
            };
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            431: components["responses"]["HeaderTooLarge"];
            503: components["responses"]["Unavailable"];
        };
    };
    listTextTemplates: {
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
                    "application/json": components["schemas"]["TextTemplate"][];
                };
            };
            /**
             * @description The request is refused. Codes:
             *
             *     - `ERROR_HTTP_REQUEST`
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
}
