use super::*;
use crate::bridge::seeded::Seeded;
use crate::crypto::backend::default_backend;
use crate::crypto::encoding::base64;
use crate::crypto::key::KeyPair;
use crate::crypto::offline::base_string;
use crate::crypto::schedule::FactorKeys;
use crate::crypto::secret::Secret;
use crate::crypto::signature::{SignatureFormat, SignatureType, compute};
use crate::crypto::{base, token};

fn run(command: &Value) -> Value {
    let text = perform(
        &command.to_string(),
        1_700_000_000_000,
        &mut Seeded::new("test", "1"),
    )
    .unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn keys() -> FactorKeys {
    let key = |byte| Secret::from_bytes([byte; 16]);
    FactorKeys {
        possession: key(1),
        knowledge: key(2),
        biometry: key(3),
    }
}

fn b64(byte: u8) -> String {
    base64::encode(&[byte; 16])
}

#[test]
fn signatures_with_given_keys() {
    let counter = crate::crypto::counter::HashCounter::from_bytes([9; 16]);
    let text = base::build("POST", "/a", &[7; 16], b"{}");
    let signed = base::signed_bytes(&text, "secret");
    let kind = SignatureType::PossessionKnowledge;
    let ahead = counter.next().next();
    let signature = compute(&keys(), kind, ahead.as_bytes(), &signed, SignatureFormat::Base64);
    let value = format!(
        "PowerAuth pa_activation_id=\"11111111-2222-4333-8444-555555555555\", pa_application_key=\"{}\", pa_nonce=\"{}\", \
         pa_signature_type=\"possession_knowledge\", pa_signature=\"{signature}\", pa_version=\"3.2\"",
        b64(8),
        b64(7)
    );
    let mut command = json!({
        "do": "verifySignature", "value": value, "method": "POST", "uriId": "/a", "data": base64::encode(b"{}"),
        "applicationSecret": "secret", "counter": b64(9), "possessionKey": b64(1), "knowledgeKey": b64(2),
    });
    let result = run(&command);
    assert_eq!(result["result"]["valid"], true, "{result}");
    assert_eq!(result["result"]["offset"], 2);
    assert_eq!(result["result"]["next"], base64::encode(ahead.next().as_bytes()));
    command["window"] = json!(2);
    assert_eq!(run(&command)["result"], json!({ "valid": false }));
    command["window"] = json!(65);
    assert_eq!(run(&command)["error"]["kind"], "malformed");
    command["window"] = json!(20);
    command["knowledgeKey"] = json!(b64(4));
    assert_eq!(run(&command)["result"]["valid"], false);
    let header = run(&json!({ "do": "signatureHeader", "value": value }));
    assert_eq!(header["result"]["factors"], "possession_knowledge");
    assert_eq!(
        run(&json!({ "do": "signatureHeader", "value": "?" }))["error"]["kind"],
        "malformed"
    );
}

#[test]
fn tokens() {
    let version = crate::crypto::version::ProtocolVersion::V3_2;
    let digest = token::digest(&Secret::from_bytes([1; 16]), &[2; 16], 1_700_000_000_000, version);
    let command = json!({
        "do": "tokenDigest", "secret": b64(1), "nonce": b64(2), "timestamp": 1_700_000_000_000_u64, "version": "3.2",
    });
    let digest = base64::encode(&digest);
    assert_eq!(run(&command)["result"]["digest"], digest);
    let value = format!(
        "PowerAuth token_id=\"11111111-2222-4333-8444-555555555555\", token_digest=\"{digest}\", nonce=\"{}\", \
         timestamp=\"1700000000000\", version=\"3.2\"",
        b64(2)
    );
    for (secret, valid) in [(1, true), (3, false)] {
        let command = json!({ "do": "tokenHeader", "value": value, "secret": b64(secret) });
        assert_eq!(run(&command)["result"]["valid"], valid);
    }
}

#[test]
fn offline() {
    let pair = KeyPair::generate(default_backend(), &mut Seeded::new("test", "2")).unwrap();
    let public = base64::encode(pair.public.as_bytes());
    let made = run(&json!({
        "do": "offlinePayload", "data": "5\nTitle\nMessage\nA1*A100\nB", "personalized": true, "nonce": b64(6),
        "privateKey": base64::encode(pair.private.as_bytes()),
    }));
    let payload = &made["result"]["payload"];
    let read = run(&json!({ "do": "verifyOfflinePayload", "payload": payload, "publicKey": public }));
    assert_eq!(read["result"]["valid"], true, "{read}");
    assert_eq!(read["result"]["title"], "Title");
    let base = base_string("5", "A1*A100", None, &b64(6));
    assert_eq!(read["result"]["baseString"], base);
    let changed = payload.as_str().unwrap().replace("100", "900");
    let read = run(&json!({ "do": "verifyOfflinePayload", "payload": changed, "publicKey": public }));
    assert_eq!(read["result"], json!({ "valid": false }));

    let signed = base::signed_bytes(&base, "offline");
    let format = SignatureFormat::DECIMAL_8;
    let code = compute(
        &keys(),
        SignatureType::PossessionKnowledge,
        &[9; 16],
        &signed,
        format,
    );
    let mut command = json!({
        "do": "verifyOfflineCode", "baseString": base, "code": code, "counter": b64(9), "possessionKey": b64(1),
        "knowledgeKey": b64(2),
    });
    assert_eq!(run(&command)["result"]["offset"], 0);
    command["code"] = json!("12345678-12345678");
    assert_eq!(run(&command)["result"]["valid"], false);
    command["code"] = json!("no code");
    assert_eq!(run(&command)["result"]["valid"], false);
}

#[test]
fn envelopes_there_and_back() {
    let pair = KeyPair::generate(default_backend(), &mut Seeded::new("test", "3")).unwrap();
    let private = base64::encode(pair.private.as_bytes());
    for version in ["3.0", "3.1", "3.2", "3.3"] {
        let mut parameters = json!({
            "version": version, "purpose": "genericActivation", "applicationKey": b64(8), "applicationSecret": "secret",
            "activationId": "11111111-2222-4333-8444-555555555555", "transportKey": b64(5),
        });
        if version == "3.3" {
            parameters["temporaryKeyId"] = json!("11111111-2222-4333-8444-555555555556");
        }
        let data = base64::encode(b"there");
        let sealed = run(&json!({
            "do": "eciesSeal", "parameters": parameters, "publicKey": base64::encode(pair.public.as_bytes()), "data": data,
        }));
        let envelope = &sealed["result"]["envelope"];
        let mut open = json!({
            "do": "eciesOpen", "parameters": parameters, "privateKey": private, "envelope": envelope,
        });
        assert_eq!(run(&open)["result"]["data"], data, "{version}: {sealed}");
        open["do"] = json!("eciesSealResponse");
        open["data"] = json!(base64::encode(b"back"));
        // Other randomness than the request's: its nonce must not come again.
        let text = perform(
            &open.to_string(),
            1_700_000_000_001,
            &mut Seeded::new("test", "4"),
        )
        .unwrap();
        let response: Value = serde_json::from_slice(&text).unwrap();
        let mut back = json!({
            "do": "eciesOpenResponse", "parameters": parameters, "envelopeKey": sealed["result"]["envelopeKey"],
            "response": response["result"]["response"],
        });
        if let Some(nonce) = envelope.get("nonce") {
            back["requestNonce"] = nonce.clone();
        }
        assert_eq!(
            run(&back)["result"]["data"],
            base64::encode(b"back"),
            "{response}"
        );
        open["do"] = json!("eciesOpen");
        open.as_object_mut().unwrap().remove("data");
        open["parameters"]["applicationSecret"] = json!("other");
        assert_eq!(run(&open)["error"]["kind"], "failed");
    }
}

#[test]
fn commands_that_are_none() {
    for text in [
        "",
        "{}",
        r#"{"do":"nothing"}"#,
        r#"{"do":"activationCode","text":1}"#,
    ] {
        let error = perform(text, 1, &mut Seeded::new("test", "1")).unwrap_err();
        assert_eq!(error.code, Code::Argument, "{text}");
    }
    let wrong = run(&json!({ "do": "activationCode", "text": "AAAAA" }));
    assert_eq!(wrong["error"]["kind"], "malformed");
    let blob = json!({
        "do": "statusBlob", "blob": base64::encode(&[0; 32]), "transportKey": b64(1), "challenge": b64(2), "nonce": b64(3),
    });
    assert_eq!(run(&blob)["error"]["kind"], "failed");
}
