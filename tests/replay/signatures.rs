//! Signatures, counters, tokens, status blobs, TOTP, temporary keys.

use super::{Family, Fields, Script, Vector};
use countersign::crypto::base::{build, signed_bytes};
use countersign::crypto::counter::{HashCounter, numeric_data};
use countersign::crypto::jwt::{TemporaryKeyRequest, request_key, sign_hs256};
use countersign::crypto::schedule::{ActivationKeys, FactorKeys, MasterSecret};
use countersign::crypto::signature::{SignatureFormat, SignatureType, compute, look_ahead};
use countersign::crypto::status::{self, BlobStatus, StatusBlob, counter_distance};
use countersign::crypto::token;
use countersign::crypto::totp::{Totp, TotpAlgorithm, TotpError};
use countersign::crypto::version::ProtocolVersion;
use serde_json::Value;

pub(crate) const FAMILIES: &[Family] = &[
    ("signatures-v3.json", decimal),
    ("own/signature-v30.json", decimal),
    ("signatures-v31.json", base64),
    ("own/signature-v31.json", base64),
    ("signatures-offline.json", offline),
    ("own/signature-offline.json", offline),
    ("v2/signatures-v2.json", numeric_counter),
    ("computed/signed-request.json", signed_request),
    ("own/signed-request.json", signed_request),
    ("computed/hash-counter.json", hash_counter),
    ("own/hash-counter.json", hash_counter),
    ("computed/token-digest.json", token_digest),
    ("own/token-digest.json", token_digest),
    ("activation-status-blob-iv.json", status_iv),
    ("activation-status-blob-data.json", status_blob),
    ("own/status-blob.json", status_blob),
    ("totp.json", totp),
    ("own/totp.json", totp),
    ("computed/temporary-key-request.json", temporary_key),
    ("own/temporary-key-request.json", temporary_key),
    ("signature-format-by-version.json", format_by_version),
];

fn factor_keys(input: &Value) -> FactorKeys {
    FactorKeys {
        possession: input.secret("signaturePossessionKey"),
        knowledge: input.secret("signatureKnowledgeKey"),
        biometry: input.secret("signatureBiometryKey"),
    }
}

fn check(v: &Vector<'_>, format: SignatureFormat) {
    let keys = factor_keys(v.input);
    let kind = SignatureType::parse(v.input.text("signatureType")).unwrap();
    let (data, expected) = (v.input.b64("data"), v.output.text("signature"));
    let counter = HashCounter::from_bytes(v.input.b64_array("counterData"));
    assert_eq!(compute(&keys, kind, counter.as_bytes(), &data, format), expected);
    let matched = look_ahead(&keys, &[kind], &counter, 1, &data, format, expected).unwrap();
    assert_eq!((matched.offset, matched.signature_type), (0, kind));
    assert!(matched.next.ct_eq(&counter.next()));
    assert!(look_ahead(&keys, &[kind], &counter.next(), 3, &data, format, expected).is_none());
}

fn decimal(v: &Vector<'_>) {
    check(v, SignatureFormat::for_version("3.0").unwrap());
}

fn base64(v: &Vector<'_>) {
    check(v, SignatureFormat::for_version("3.1").unwrap());
}

fn offline(v: &Vector<'_>) {
    let length = u8::try_from(v.input.number("signatureComponentLength")).unwrap();
    check(v, SignatureFormat::decimal(length).unwrap());
}

fn numeric_counter(v: &Vector<'_>) {
    let kind = SignatureType::parse(&v.input.text("signatureType").to_uppercase()).unwrap();
    let counter = numeric_data(v.input.number("counter"));
    let signature = compute(
        &factor_keys(v.input),
        kind,
        &counter,
        &v.input.b64("data"),
        SignatureFormat::DECIMAL_8,
    );
    assert_eq!(signature, v.output.text("signature"));
}

fn signed_request(v: &Vector<'_>) {
    let base = build(
        v.input.text("method"),
        v.input.text("uriId"),
        &v.input.b64("nonce"),
        &v.input.b64("body"),
    );
    assert_eq!(base, v.output.text("baseString"));
    let keys = ActivationKeys::from_master(&MasterSecret::from_bytes(v.input.b64_array("masterSecretKey")));
    let kind = SignatureType::parse(v.input.text("signatureType")).unwrap();
    let format = SignatureFormat::for_version(v.input.text("version")).unwrap();
    let data = signed_bytes(&base, v.input.text("applicationSecret"));
    let signature = compute(
        &keys.factor_keys(),
        kind,
        &v.input.b64_array("ctrData"),
        &data,
        format,
    );
    assert_eq!(signature, v.output.text("signature"));
}

fn hash_counter(v: &Vector<'_>) {
    let transport = v.input.secret("transportKey");
    let counter = HashCounter::from_bytes(v.input.b64_array("ctrData"));
    assert_eq!(counter.next().as_bytes(), &v.output.b64_array("ctrDataNext"));
    assert_eq!(counter.digest(&transport), v.output.b64_array("ctrDataHash"));
    let mut after = counter;
    for _ in 0..v.input.number("steps") {
        after.advance();
    }
    assert_eq!(after.as_bytes(), &v.output.b64_array("ctrDataAfter"));
    assert_eq!(after.digest(&transport), v.output.b64_array("ctrDataHashAfter"));
}

fn token_digest(v: &Vector<'_>) {
    let secret = v.input.secret("tokenSecret");
    let (nonce, timestamp) = (v.input.b64_array("nonce"), v.input.number("timestamp"));
    let version = ProtocolVersion::parse(v.input.text("version")).unwrap();
    let expected = v.output.b64_array("tokenDigest");
    assert_eq!(token::digest(&secret, &nonce, timestamp, version), expected);
    assert!(token::verify(&secret, &nonce, timestamp, version, &expected));
    assert!(!token::verify(&secret, &nonce, timestamp + 1, version, &expected));
}

fn status_iv(v: &Vector<'_>) {
    let iv = status::iv(
        &v.input.secret("transportKey"),
        &v.input.b64_array("challenge"),
        &v.input.b64_array("nonce"),
    );
    assert_eq!(iv, v.output.b64_array("iv"));
}

fn status_blob(v: &Vector<'_>) {
    let transport = v.input.secret("transportKey");
    let (challenge, nonce) = (v.input.b64_array("challenge"), v.input.b64_array("nonce"));
    let encrypted = v.input.b64("encryptedStatusBlob");
    let blob = StatusBlob::decrypt(&transport, &challenge, &nonce, &encrypted).unwrap();
    let number = |name| u8::try_from(v.output.number(name)).unwrap();
    let expected = StatusBlob {
        status: BlobStatus::from_byte(number("activationStatus")).unwrap(),
        current_version: number("currentVersion"),
        upgrade_version: number("upgradeVersion"),
        counter_byte: number("ctrByte"),
        failed_attempts: number("failedAttempts"),
        max_failed_attempts: number("maxFailedAttempts"),
        look_ahead: number("ctrLookAhead"),
        counter_digest: v.output.b64_array("ctrDataHash"),
    };
    assert_eq!(blob, expected);
    let local = HashCounter::from_bytes(v.input.b64_array("ctrData"));
    let distance = counter_distance(&local, &transport, &blob.counter_digest, blob.look_ahead);
    let distance = distance.map_or(-1, |(steps, _)| i64::from(steps));
    assert_eq!(distance.to_string(), v.output.text("counterDistance"));

    // Written back with the reserved bytes found inside, the blob is the same to the byte.
    let key = countersign::crypto::symmetric::decrypt_cbc_blocks(
        &transport,
        &status::iv(&transport, &challenge, &nonce),
        &encrypted,
    );
    let reserved = &key.unwrap().as_bytes()[7..12].to_vec();
    let again = blob
        .encrypt(&transport, &challenge, &nonce, &mut Script::new(&[reserved]))
        .unwrap();
    assert_eq!(again.to_vec(), encrypted);
}

fn totp(v: &Vector<'_>) {
    let algorithm = match v.input.text("algorithm") {
        "HmacSHA256" => TotpAlgorithm::Sha256,
        "HmacSHA512" => TotpAlgorithm::Sha512,
        other => panic!("{other}"),
    };
    let digits = u8::try_from(v.input.number("digits")).unwrap();
    let totp = Totp {
        algorithm,
        digits,
        step: v.input.number("step"),
    };
    let (seed, time, otp) = (
        v.input.hex("seed"),
        v.input.number("unixSeconds"),
        v.output.text("otp"),
    );
    assert_eq!(totp.generate(&seed, time).as_deref(), Ok(otp));
    if let Some(step) = v.output.opt_text("timeStepHex") {
        assert_eq!(format!("{:016x}", time / totp.step), step.to_lowercase());
    }
    assert_eq!(totp.verify(&seed, time, 1, otp), Ok(true));
    assert_eq!(totp.verify(&seed, time + totp.step, 1, otp), Ok(true));
    assert_eq!(totp.verify(&seed, time + 2 * totp.step, 1, otp), Ok(false));
    assert_eq!(
        totp.verify(&seed, time.saturating_sub(totp.step), 1, otp)
            .unwrap(),
        time < totp.step
    );
    assert_eq!(
        totp.verify(&seed, time, 1, &format!("{otp}0")),
        Err(TotpError::CandidateLength)
    );
}

fn temporary_key(v: &Vector<'_>) {
    let transport = v
        .input
        .opt_text("transportKey")
        .map(|_| v.input.secret("transportKey"));
    let key = request_key(&v.input.b64_array("applicationSecret"), transport.as_ref());
    assert_eq!(key.as_bytes(), &v.output.b64_array("jwtKey"));
    let jwt = v.output.text("jwt");
    let claims = v.input.field("claims").to_string();
    assert_eq!(sign_hs256(r#"{"alg":"HS256"}"#, &claims, &key), jwt);

    let (request, unverified) = TemporaryKeyRequest::parse(jwt).unwrap();
    unverified.verify_hs256(&key).unwrap();
    assert_eq!(
        request.application_key,
        v.input.field("claims").text("applicationKey")
    );
    assert_eq!(request.challenge, v.input.field("claims").text("challenge"));
    assert_eq!(
        request.activation_id.as_deref(),
        v.input.field("claims").opt_text("activationId")
    );
    assert_eq!(request.activation_id.is_some(), transport.is_some());

    let signed = request.sign(&key).unwrap();
    let (again, unverified) = TemporaryKeyRequest::parse(&signed).unwrap();
    unverified.verify_hs256(&key).unwrap();
    assert_eq!(again, request);
    assert_eq!(signed.split('.').nth(1), jwt.split('.').nth(1));
}

fn format_by_version(v: &Vector<'_>) {
    let format = SignatureFormat::for_version(v.input.opt_text("version").unwrap_or_default());
    let name = format.ok().map(|format| match format {
        SignatureFormat::Base64 => "BASE64",
        SignatureFormat::Decimal { .. } => "DECIMAL",
    });
    assert_eq!(name.is_some(), v.output.flag("valid"));
    assert_eq!(name, v.output.opt_text("format"));
}
