package io.countersign.differential;

import io.getlime.security.powerauth.crypto.lib.encryptor.model.EncryptorScope;
import io.getlime.security.powerauth.http.PowerAuthEncryptionHttpHeader;
import io.getlime.security.powerauth.http.PowerAuthSignatureHttpHeader;
import io.getlime.security.powerauth.http.PowerAuthTokenHttpHeader;
import io.getlime.security.powerauth.http.validator.PowerAuthEncryptionHttpHeaderValidator;
import io.getlime.security.powerauth.http.validator.PowerAuthSignatureHttpHeaderValidator;
import io.getlime.security.powerauth.http.validator.PowerAuthTokenHttpHeaderValidator;
import java.util.Map;

/** Headers. */
final class Texts {
    private Texts() {}

    static void into(Map<String, Function> functions) {
        functions.put("header.signature", it -> {
            PowerAuthSignatureHttpHeader header = new PowerAuthSignatureHttpHeader().fromValue(it.text());
            PowerAuthSignatureHttpHeaderValidator.validate(header);
            return Fields.of(
                    header.getActivationId(),
                    header.getApplicationKey(),
                    header.getNonce(),
                    header.getSignatureType().toLowerCase(),
                    header.getSignature(),
                    header.getVersion());
        });
        functions.put("header.token", it -> {
            PowerAuthTokenHttpHeader header = new PowerAuthTokenHttpHeader().fromValue(it.text());
            PowerAuthTokenHttpHeaderValidator.validate(header);
            return Fields.of(
                    header.getTokenId(),
                    header.getTokenDigest(),
                    header.getNonce(),
                    // The server takes it as a number.
                    String.valueOf(Long.parseLong(header.getTimestamp())),
                    header.getVersion());
        });
        functions.put("header.encryption", it -> {
            PowerAuthEncryptionHttpHeader header = new PowerAuthEncryptionHttpHeader().fromValue(it.text());
            String activation = header.getActivationId();
            // Which scope an endpoint has is known to the endpoint; the header is read the same way.
            EncryptorScope scope =
                    activation == null ? EncryptorScope.APPLICATION_SCOPE : EncryptorScope.ACTIVATION_SCOPE;
            PowerAuthEncryptionHttpHeaderValidator.validate(header, scope);
            return Fields.of(header.getVersion(), header.getApplicationKey(), activation == null ? "" : activation);
        });
    }
}
