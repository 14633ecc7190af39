package io.countersign.differential;

import io.getlime.security.powerauth.crypto.client.activation.PowerAuthClientActivation;
import io.getlime.security.powerauth.crypto.client.signature.PowerAuthClientSignature;
import io.getlime.security.powerauth.crypto.client.token.ClientTokenGenerator;
import io.getlime.security.powerauth.crypto.lib.config.SignatureConfiguration;
import io.getlime.security.powerauth.crypto.lib.enums.PowerAuthSignatureFormat;
import io.getlime.security.powerauth.crypto.lib.enums.PowerAuthSignatureTypes;
import io.getlime.security.powerauth.crypto.lib.generator.HashBasedCounter;
import io.getlime.security.powerauth.crypto.lib.model.ActivationStatusBlobInfo;
import io.getlime.security.powerauth.crypto.server.activation.PowerAuthServerActivation;
import io.getlime.security.powerauth.crypto.server.keyfactory.PowerAuthServerKeyFactory;
import io.getlime.security.powerauth.crypto.server.signature.PowerAuthServerSignature;
import io.getlime.security.powerauth.crypto.server.token.ServerTokenVerifier;
import io.getlime.security.powerauth.http.PowerAuthHttpBody;
import io.getlime.security.powerauth.http.PowerAuthRequestCanonizationUtils;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;

/** Signatures, what is signed, the counter, the status blob and tokens. */
final class Signatures {
    private static final PowerAuthClientSignature PHONE = new PowerAuthClientSignature();
    private static final PowerAuthServerSignature SERVER = new PowerAuthServerSignature();
    private static final PowerAuthServerKeyFactory KEYS = new PowerAuthServerKeyFactory();
    private static final PowerAuthClientActivation CLIENT = new PowerAuthClientActivation();
    private static final PowerAuthServerActivation ACTIVATION = new PowerAuthServerActivation();
    private static final ClientTokenGenerator TOKENS = new ClientTokenGenerator();
    private static final ServerTokenVerifier VERIFIER = new ServerTokenVerifier();
    private static final HashBasedCounter COUNTER = new HashBasedCounter();

    private Signatures() {}

    static void into(Map<String, Function> functions) {
        functions.put("signature.online", Signatures::online);
        functions.put("signature.offline", Signatures::offline);
        functions.put("base.string", it -> {
            String method = it.text();
            String uri = it.text();
            byte[] nonce = it.bytes();
            return Fields.of(PowerAuthHttpBody.getSignatureBaseString(method, uri, nonce, it.bytes()));
        });
        functions.put("base.query", it -> {
            // The published servers decode the whole query before they hand it to the library, which decodes its parts.
            String query = URLDecoder.decode(it.text(), StandardCharsets.UTF_8);
            return Fields.of(PowerAuthRequestCanonizationUtils.canonizeGetParameters(query));
        });
        functions.put("counter", it -> {
            byte[] value = ahead(it.bytes(), it.number());
            return Fields.of(value, ACTIVATION.calculateHashFromHashBasedCounter(value, Keys.secret(it.bytes())));
        });
        functions.put("status.encrypt", Signatures::encrypt);
        functions.put("status.decrypt", Signatures::decrypt);
        functions.put("status.distance", it -> {
            byte[] digest = it.bytes();
            byte[] local = it.bytes();
            SecretKey transport = Keys.secret(it.bytes());
            // It compares with one value; how far to go is the caller's.
            int window = it.number();
            byte[] value = local;
            for (int steps = 0; steps < window; steps++) {
                if (CLIENT.verifyHashForHashBasedCounter(digest, value, transport)) {
                    return Fields.of(steps);
                }
                value = COUNTER.next(value);
            }
            return Fields.of(-1);
        });
        functions.put("token", Signatures::token);
    }

    private static byte[] ahead(byte[] start, int steps) throws Exception {
        byte[] value = start;
        for (int i = 0; i < steps; i++) {
            value = COUNTER.next(value);
        }
        return value;
    }

    private static byte[][] online(Fields it) throws Exception {
        PowerAuthSignatureFormat format = PowerAuthSignatureFormat.getFormatForSignatureVersion(it.text());
        SignatureConfiguration configuration = SignatureConfiguration.forFormat(format);
        PowerAuthSignatureTypes type = PowerAuthSignatureTypes.getEnumFromString(it.text());
        List<SecretKey> keys = KEYS.keysForSignatureType(type, Keys.secret(it.bytes()));
        byte[] counter = ahead(it.bytes(), it.number());
        byte[] data = it.bytes();
        String computed = PHONE.signatureForData(data, keys, counter, configuration);
        boolean valid = SERVER.verifySignatureForData(data, it.text(), keys, counter, configuration);
        return Fields.of(computed, valid);
    }

    private static byte[][] offline(Fields it) throws Exception {
        PowerAuthSignatureTypes type = PowerAuthSignatureTypes.getEnumFromString(it.text());
        List<SecretKey> keys = KEYS.keysForSignatureType(type, Keys.secret(it.bytes()));
        byte[] counter = ahead(it.bytes(), it.number());
        byte[] data = it.bytes();
        byte[] nonce = Base64.getDecoder().decode(it.text());
        String base = PowerAuthHttpBody.getSignatureBaseString("POST", "/operation/authorize/offline", nonce, data);
        byte[] signed = (base + "&offline").getBytes(StandardCharsets.UTF_8);
        return Fields.of(PHONE.signatureForData(signed, keys, counter, SignatureConfiguration.decimal(it.number())));
    }

    private static byte[][] encrypt(Fields it) throws Exception {
        byte[] versions = it.bytes();
        byte[] numbers = it.bytes();
        byte[] counter = it.bytes();
        byte[] challenge = it.bytes();
        byte[] nonce = it.bytes();
        SecretKey transport = Keys.secret(it.bytes());
        ActivationStatusBlobInfo blob = new ActivationStatusBlobInfo();
        blob.setActivationStatus(versions[0]);
        blob.setCurrentVersion(versions[1]);
        blob.setUpgradeVersion(versions[2]);
        blob.setCtrByte(numbers[0]);
        blob.setFailedAttempts(numbers[1]);
        blob.setMaxFailedAttempts(numbers[2]);
        blob.setCtrLookAhead(numbers[3]);
        blob.setCtrDataHash(ACTIVATION.calculateHashFromHashBasedCounter(counter, transport));
        return Fields.of(ACTIVATION.encryptedStatusBlob(blob, challenge, nonce, transport));
    }

    private static byte[][] decrypt(Fields it) throws Exception {
        byte[] encrypted = it.bytes();
        byte[] challenge = it.bytes();
        byte[] nonce = it.bytes();
        ActivationStatusBlobInfo blob =
                CLIENT.getStatusFromEncryptedBlob(encrypted, challenge, nonce, Keys.secret(it.bytes()));
        return Fields.of(
                blob.isValid(),
                blob.getActivationStatus(),
                blob.getCurrentVersion(),
                blob.getUpgradeVersion(),
                blob.getFailedAttempts(),
                blob.getMaxFailedAttempts(),
                blob.getCtrByte(),
                blob.getCtrLookAhead(),
                blob.getCtrDataHash());
    }

    private static byte[][] token(Fields it) throws Exception {
        byte[] secret = it.bytes();
        byte[] nonce = it.bytes();
        byte[] timestamp = String.valueOf(it.wide()).getBytes(StandardCharsets.UTF_8);
        String version = it.text();
        return Fields.of(
                TOKENS.computeTokenDigest(nonce, timestamp, version, secret),
                VERIFIER.validateTokenDigest(nonce, timestamp, version, secret, it.bytes()));
    }
}
