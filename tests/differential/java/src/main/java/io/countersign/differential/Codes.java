package io.countersign.differential;

import io.getlime.security.powerauth.crypto.lib.generator.IdentifierGenerator;
import io.getlime.security.powerauth.crypto.lib.model.RecoveryInfo;
import io.getlime.security.powerauth.crypto.lib.model.RecoverySeed;
import io.getlime.security.powerauth.crypto.lib.totp.Totp;
import io.getlime.security.powerauth.crypto.lib.util.PasswordHash;
import io.getlime.security.powerauth.crypto.server.util.DataDigest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Activation and recovery codes, PUKs, one-time passwords, codes by SMS, hashes of passwords. */
final class Codes {
    private static final IdentifierGenerator GENERATOR = new IdentifierGenerator();

    private Codes() {}

    static void into(Map<String, Function> functions) {
        functions.put("code.make", it -> Fields.of(GENERATOR.generateActivationCode(it.bytes())));
        functions.put("code.check", it -> Fields.of(GENERATOR.validateActivationCode(it.text())));
        functions.put("recovery.derive", Codes::derive);
        functions.put("recovery.generate", Codes::generate);
        functions.put("totp", Codes::totp);
        // It draws its key itself, and tells it.
        functions.put("sms", it -> {
            int length = it.number();
            List<String> items = new ArrayList<>();
            while (it.more()) {
                items.add(it.text());
            }
            DataDigest.Result made = new DataDigest(length).generateDigest(items);
            return Fields.of(made.getDigest(), made.getSalt());
        });
        functions.put("password.verify", it -> {
            byte[] word = it.bytes();
            return Fields.of(PasswordHash.verify(word, it.text()));
        });
        functions.put("password.hash", it -> Fields.of(PasswordHash.hash(it.bytes())));
    }

    private static byte[][] derive(Fields it) throws Exception {
        byte[] secret = it.bytes();
        byte[] nonce = it.bytes();
        Map<Integer, Long> indexes = new LinkedHashMap<>();
        while (it.more()) {
            indexes.put(indexes.size() + 1, it.wide());
        }
        RecoveryInfo info = GENERATOR.deriveRecoveryCode(Keys.secret(secret), new RecoverySeed(nonce, indexes));
        List<Object> out = new ArrayList<>();
        out.add(info.getRecoveryCode());
        out.addAll(info.getPuks().values());
        return Fields.of(out.toArray());
    }

    private static byte[][] generate(Fields it) throws Exception {
        RecoveryInfo info = GENERATOR.generateRecoveryCode(Keys.secret(it.bytes()), it.number(), true);
        List<Object> out = new ArrayList<>();
        out.add(info.getRecoveryCode());
        out.add(info.getSeed().getNonce());
        info.getSeed().getPukDerivationIndexes().forEach((number, index) -> {
            out.add(index);
            out.add(info.getPuks().get(number));
        });
        return Fields.of(out.toArray());
    }

    private static byte[][] totp(Fields it) throws Exception {
        boolean wide = it.text().equals("512");
        byte[] seed = it.bytes();
        Instant now = Instant.ofEpochSecond(it.wide());
        Duration step = Duration.ofSeconds(it.wide());
        int digits = it.number();
        int back = it.number();
        byte[] presented = it.text().getBytes(StandardCharsets.US_ASCII);
        return wide
                ? Fields.of(
                        Totp.generateTotpSha512(seed, now, step, digits),
                        Totp.validateTotpSha512(presented, seed, now, digits, back, step))
                : Fields.of(
                        Totp.generateTotpSha256(seed, now, step, digits),
                        Totp.validateTotpSha256(presented, seed, now, digits, back, step));
    }
}
