package io.countersign.differential;

import io.getlime.security.powerauth.crypto.lib.encryptor.ClientEncryptor;
import io.getlime.security.powerauth.crypto.lib.encryptor.EncryptorFactory;
import io.getlime.security.powerauth.crypto.lib.encryptor.ServerEncryptor;
import io.getlime.security.powerauth.crypto.lib.encryptor.model.EncryptedRequest;
import io.getlime.security.powerauth.crypto.lib.encryptor.model.EncryptedResponse;
import io.getlime.security.powerauth.crypto.lib.encryptor.model.EncryptorId;
import io.getlime.security.powerauth.crypto.lib.encryptor.model.EncryptorParameters;
import io.getlime.security.powerauth.crypto.lib.encryptor.model.v3.ClientEncryptorSecrets;
import io.getlime.security.powerauth.crypto.lib.encryptor.model.v3.ServerEncryptorSecrets;
import io.getlime.security.powerauth.crypto.lib.generator.KeyGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** ECIES as phone and as server. */
final class Envelopes {
    private static final EncryptorFactory FACTORY = new EncryptorFactory();
    private static final KeyGenerator GENERATOR = new KeyGenerator();
    /** Phones that wait for an answer. */
    private static final Map<Long, ClientEncryptor> WAITING = new ConcurrentHashMap<>();
    private static final AtomicLong NEXT = new AtomicLong();

    private Envelopes() {}

    static void into(Map<String, Function> functions) {
        functions.put("ecies.open", Envelopes::open);
        functions.put("ecies.seal", Envelopes::seal);
        functions.put("ecies.read", Envelopes::read);
        functions.put("jwt.key", it -> {
            byte[] transport = it.bytes();
            return Fields.of(GENERATOR.deriveSecretKeyHmac(Keys.secret(transport), it.bytes()).getEncoded());
        });
    }

    /** What both sides agree on. */
    private record Setting(EncryptorId id, EncryptorParameters parameters, String keyId, String secret, byte[] transport) {
        static Setting read(Fields it) {
            String version = it.text();
            EncryptorId id = EncryptorId.valueOf(it.text());
            String applicationKey = it.text();
            String secret = it.text();
            String activationId = it.text();
            String keyId = it.text();
            EncryptorParameters parameters = new EncryptorParameters(version, applicationKey, activationId, keyId);
            return new Setting(id, parameters, keyId, secret, it.bytes());
        }
    }

    private static byte[][] open(Fields it) throws Exception {
        Setting setting = Setting.read(it);
        PrivateKey key = Keys.privateKey(it.bytes());
        ServerEncryptorSecrets secrets = setting.transport() == null
                ? new ServerEncryptorSecrets(key, setting.secret())
                : new ServerEncryptorSecrets(key, setting.secret(), setting.transport());
        ServerEncryptor server = FACTORY.getServerEncryptor(setting.id(), setting.parameters(), secrets);
        String ephemeral = it.text();
        String data = it.text();
        String mac = it.text();
        String nonce = it.text();
        EncryptedRequest request =
                new EncryptedRequest(setting.keyId(), ephemeral, data, mac, nonce, it.maybeNumber());
        byte[] plain = server.decryptRequest(request);
        EncryptedResponse response = server.encryptResponse(it.bytes());
        return Fields.of(
                plain, response.getEncryptedData(), response.getMac(), response.getNonce(), response.getTimestamp());
    }

    private static byte[][] seal(Fields it) throws Exception {
        Setting setting = Setting.read(it);
        PublicKey key = Keys.publicKey(it.bytes());
        ClientEncryptorSecrets secrets = setting.transport() == null
                ? new ClientEncryptorSecrets(key, setting.secret())
                : new ClientEncryptorSecrets(key, setting.secret(), setting.transport());
        ClientEncryptor phone = FACTORY.getClientEncryptor(setting.id(), setting.parameters(), secrets);
        EncryptedRequest request = phone.encryptRequest(it.bytes());
        long handle = NEXT.incrementAndGet();
        WAITING.put(handle, phone);
        return Fields.of(
                handle,
                request.getEphemeralPublicKey(),
                request.getEncryptedData(),
                request.getMac(),
                request.getNonce(),
                request.getTimestamp());
    }

    private static byte[][] read(Fields it) throws Exception {
        ClientEncryptor phone = WAITING.remove(it.wide());
        String data = it.text();
        String mac = it.text();
        String nonce = it.text();
        return Fields.of(phone.decryptResponse(new EncryptedResponse(data, mac, nonce, it.maybeNumber())));
    }
}
