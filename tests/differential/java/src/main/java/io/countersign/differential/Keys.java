package io.countersign.differential;

import io.getlime.security.powerauth.crypto.client.keyfactory.PowerAuthClientKeyFactory;
import io.getlime.security.powerauth.crypto.client.vault.PowerAuthClientVault;
import io.getlime.security.powerauth.crypto.lib.enums.PowerAuthSignatureTypes;
import io.getlime.security.powerauth.crypto.lib.model.ActivationVersion;
import io.getlime.security.powerauth.crypto.lib.util.KeyConvertor;
import io.getlime.security.powerauth.crypto.lib.util.SignatureUtils;
import io.getlime.security.powerauth.crypto.server.activation.PowerAuthServerActivation;
import io.getlime.security.powerauth.crypto.server.keyfactory.PowerAuthServerKeyFactory;
import io.getlime.security.powerauth.crypto.server.vault.PowerAuthServerVault;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;

/** Points, key agreement and what follows from it, the vault, ECDSA. */
final class Keys {
    private static final KeyConvertor CONVERTOR = new KeyConvertor();
    private static final PowerAuthClientKeyFactory PHONE = new PowerAuthClientKeyFactory();
    private static final PowerAuthServerKeyFactory SERVER = new PowerAuthServerKeyFactory();
    private static final PowerAuthServerActivation ACTIVATION = new PowerAuthServerActivation();
    private static final PowerAuthServerVault VAULT = new PowerAuthServerVault();
    private static final PowerAuthClientVault CLIENT_VAULT = new PowerAuthClientVault();
    private static final SignatureUtils ECDSA = new SignatureUtils();

    private Keys() {}

    static SecretKey secret(byte[] bytes) {
        return CONVERTOR.convertBytesToSharedSecretKey(bytes);
    }

    static PublicKey publicKey(byte[] bytes) throws Exception {
        return CONVERTOR.convertBytesToPublicKey(bytes);
    }

    static PrivateKey privateKey(byte[] bytes) throws Exception {
        return CONVERTOR.convertBytesToPrivateKey(bytes);
    }

    static void into(Map<String, Function> functions) {
        functions.put("keys.agree", Keys::agree);
        functions.put("keys.import", it -> Fields.of(CONVERTOR.convertPublicKeyToBytes(publicKey(it.bytes()))));
        functions.put("keys.fingerprint", it -> {
            PublicKey phone = publicKey(it.bytes());
            PublicKey server = publicKey(it.bytes());
            String id = it.text();
            return Fields.of(
                    ACTIVATION.computeActivationFingerprint(phone, server, id),
                    ACTIVATION.computeActivationFingerprint(phone, null, null, ActivationVersion.VERSION_2));
        });
        functions.put("vault.key", it -> {
            PrivateKey server = privateKey(it.bytes());
            PublicKey phone = publicKey(it.bytes());
            SecretKey transport = secret(it.bytes());
            return Fields.of(
                    VAULT.encryptVaultEncryptionKey(server, phone),
                    CLIENT_VAULT.decryptVaultEncryptionKey(it.bytes(), transport).getEncoded());
        });
        functions.put("vault.device", it -> {
            PrivateKey device = privateKey(it.bytes());
            SecretKey vault = secret(it.bytes());
            PrivateKey read = CLIENT_VAULT.decryptDevicePrivateKey(it.bytes(), vault);
            return Fields.of(
                    CLIENT_VAULT.encryptDevicePrivateKey(device, vault), CONVERTOR.convertPrivateKeyToBytes(read));
        });
        functions.put("ecdsa.verify", it -> {
            PublicKey key = publicKey(it.bytes());
            byte[] message = it.bytes();
            return Fields.of(ECDSA.validateECDSASignature(message, it.bytes(), key));
        });
        functions.put("ecdsa.sign", it -> {
            PrivateKey key = privateKey(it.bytes());
            return Fields.of(ECDSA.computeECDSASignature(it.bytes(), key));
        });
        functions.put("payload", it -> {
            PublicKey key = publicKey(it.bytes());
            PrivateKey own = privateKey(it.bytes());
            byte[] signed = it.bytes();
            return Fields.of(
                    ECDSA.validateECDSASignature(signed, it.bytes(), key), ECDSA.computeECDSASignature(signed, own));
        });
    }

    private static byte[][] agree(Fields it) throws Exception {
        PrivateKey phone = privateKey(it.bytes());
        PublicKey phonePublic = publicKey(it.bytes());
        PrivateKey server = privateKey(it.bytes());
        PublicKey serverPublic = publicKey(it.bytes());
        SecretKey atPhone = PHONE.generateClientMasterSecretKey(phone, serverPublic);
        SecretKey atServer = SERVER.generateServerMasterSecretKey(server, phonePublic);
        List<SecretKey> factors =
                SERVER.keysForSignatureType(PowerAuthSignatureTypes.POSSESSION_KNOWLEDGE_BIOMETRY, atServer);
        return Fields.of(
                atPhone.getEncoded(),
                PHONE.generateClientSignaturePossessionKey(atPhone).getEncoded(),
                PHONE.generateClientSignatureKnowledgeKey(atPhone).getEncoded(),
                PHONE.generateClientSignatureBiometryKey(atPhone).getEncoded(),
                PHONE.generateServerTransportKey(atPhone).getEncoded(),
                PHONE.generateServerEncryptedVaultKey(atPhone).getEncoded(),
                atServer.getEncoded(),
                factors.get(0).getEncoded(),
                factors.get(1).getEncoded(),
                factors.get(2).getEncoded(),
                SERVER.deriveTransportKey(server, phonePublic).getEncoded(),
                SERVER.generateServerEncryptedVaultKey(atServer).getEncoded(),
                CONVERTOR.convertPrivateKeyToBytes(phone));
    }
}
