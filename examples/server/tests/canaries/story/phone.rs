//! The phone: activation, signatures, tokens, vault, payments, offline codes, messages.

use countersign::client::{
    Application, Approval, Authentication, BiometryKey, Credentials, Device, InboxPage, Installation, Pin,
    PossessionKey, Proximity, ProximitySource, PushRegistration, Request, VaultReason,
};
use countersign::crypto::backend::default_backend;
use countersign::crypto::base;
use countersign::crypto::encoding::base64;
use countersign::crypto::key::{KeyPair, PrivateKey, PublicKey};
use countersign::crypto::schedule::ActivationKeys;
use countersign::crypto::secret::Secret;
use countersign::crypto::symmetric::{ZERO_IV, decrypt_cbc, decrypt_cbc_blocks};
use serde_json::{Value, json};

use super::{IBAN, OTP, PIN, USER, WRONG_PIN, text};
use crate::bank::{Bank, Caller, Remembering, now};

pub(super) struct Phone {
    pub(super) device: Device,
    pub(super) pin: Pin,
    wrong: Pin,
    wrapping: [u8; 16],
}

impl Phone {
    /// The device as it stores itself.
    fn state(&self) -> Value {
        serde_json::from_str(&self.device.to_state().to_json().unwrap()).unwrap()
    }
}

/// Everything that follows from the key exchange, as the phone has it.
fn note_keys(bank: &Bank, private: [u8; 32], state: &Value, biometry: Option<&BiometryKey>) {
    let server = base64::decode(text(state, "serverPublicKey")).unwrap();
    let server = PublicKey::from_bytes(default_backend(), &server).unwrap();
    let private = PrivateKey::from_bytes(&private).unwrap();
    let pair = KeyPair::from_private(default_backend(), private).unwrap();
    assert_eq!(
        base64::encode(&pair.public.to_compressed()),
        device_key(state),
        "another key"
    );
    let keys = ActivationKeys::derive(default_backend(), &pair.private, &server).unwrap();
    bank.secret_bytes("private key of a phone", pair.private.as_bytes());
    bank.secret_bytes("possession key", keys.possession.as_bytes());
    bank.secret_bytes("PIN's key", keys.knowledge.as_bytes());
    bank.secret_bytes("biometry key", keys.biometry.as_bytes());
    bank.secret_bytes("transport key", keys.transport.as_bytes());
    bank.secret_bytes("vault key", keys.vault.as_bytes());
    if let Some(key) = biometry {
        bank.secret_bytes("what biometry releases", key.as_bytes());
    }
}

/// The device's public key, compressed whatever form it is stored in.
fn device_key(state: &Value) -> String {
    let bytes = base64::decode(text(state, "devicePublicKey")).unwrap();
    base64::encode(
        &PublicKey::from_bytes(default_backend(), &bytes)
            .unwrap()
            .to_compressed(),
    )
}

pub(super) fn activate(bank: &Bank, application: &Application) -> Phone {
    let init = json!({
        "applicationId": "bank", "userId": USER, "activationOtpValidation": "ON_KEY_EXCHANGE", "activationOtp": OTP,
    });
    let init = bank.rest("/activation/init", &init);
    bank.secret("activation code", text(&init, "activationCode"));
    let code = application
        .read_activation_code(text(&init, "activationCode"))
        .unwrap();
    let installation = Installation {
        name: Some("personal-phone-of-Bozena"),
        extras: Some("personal-extras-of-the-phone"),
        platform: Some("ios"),
        device_info: Some("personal-device-Model-9"),
        ..Installation::default()
    };
    let credentials = Credentials::code(&code.code);
    // With a wrong password, then with the right one.
    bank.secret("a wrong one-time password", "otp-wrong-77aa90-guess");
    let guess = Installation {
        otp: Some("otp-wrong-77aa90-guess"),
        ..installation
    };
    let call = application
        .activate(&credentials, &guess, now(), &mut Remembering::default())
        .unwrap();
    let (status, _) = bank.phone(&call.request);
    assert_eq!(status, 400);
    let mut rng = Remembering::default();
    let right = Installation {
        otp: Some(OTP),
        ..installation
    };
    let call = application
        .activate(&credentials, &right, now(), &mut rng)
        .unwrap();
    let (status, body) = bank.phone(&call.request);
    let pin = Pin::new(PIN).unwrap();
    let wrapping: [u8; 16] = *b"a wrapping key16";
    bank.secret_bytes("key of the phone's key store", &wrapping);
    let biometry = BiometryKey::generate(&mut Remembering::default()).unwrap();
    let device = call
        .pending
        .read(status, &body)
        .unwrap()
        .protect(
            &pin,
            PossessionKey::from_bytes(wrapping),
            Some(&biometry),
            &mut Remembering::default(),
        )
        .unwrap();
    let phone = Phone {
        device,
        pin,
        wrong: Pin::new(WRONG_PIN).unwrap(),
        wrapping,
    };
    let state = phone.state();
    note_keys(bank, rng.first.unwrap(), &state, Some(&biometry));
    bank.secret("counter data", text(&state["counter"], "data"));
    let id = phone.device.activation_id().to_owned();
    let (_, body) = bank.send(
        "POST",
        "/rest/v3/activation/commit",
        &Caller::Basic(&bank.auth),
        json!({ "requestObject": { "activationId": id, "externalUserId": "personal-external-77120" } })
            .to_string()
            .as_bytes(),
    );
    drop(body);
    let call = phone.device.request_status(&mut Remembering::default()).unwrap();
    bank.phone(&call.request);
    bank.rest(
        "/activation/status",
        &json!({ "activationId": id, "challenge": base64::encode(&[7; 16]) }),
    );
    bank.rest(
        "/activation/list",
        &json!({ "userId": USER, "applicationId": "bank" }),
    );
    bank.rest(
        "/activation/flags/create",
        &json!({ "activationId": id, "activationFlags": ["FLAG"] }),
    );
    phone
}

pub(super) fn sign(bank: &Bank, application: &Application, phone: &mut Phone) {
    for right in [true, false] {
        let pin = if right { &phone.pin } else { &phone.wrong };
        let body = format!("{{\"to\":\"{IBAN}\"}}");
        let factors = Authentication::PossessionKnowledge(pin);
        let header = phone
            .device
            .authorize(
                "POST",
                "/payment",
                body.as_bytes(),
                &factors,
                &mut Remembering::default(),
            )
            .unwrap()
            .assume_saved();
        bank.secret("signature", &header.signature);
        let request = json!({
            "activationId": phone.device.activation_id(), "applicationKey": application.key(),
            "data": base::build("POST", "/payment", &header.nonce, body.as_bytes()),
            "signature": header.signature, "signatureType": "POSSESSION_KNOWLEDGE", "signatureVersion": "3.2",
        });
        let answer = bank.rest("/signature/verify", &request);
        assert_eq!(answer["signatureValid"], right);
        bank.secret("header with a signature", &header.to_text());
        let headers = vec![("x-powerauth-authorization", header.to_text())];
        bank.send(
            "POST",
            "/pa/v3/signature/validate",
            &Caller::Headers(headers),
            body.as_bytes(),
        );
    }
}

pub(super) fn tokens(bank: &Bank, phone: &mut Phone) {
    let factors = Authentication::Possession;
    let call = phone
        .device
        .create_token("login", &factors, now(), &mut Remembering::default())
        .unwrap()
        .assume_saved();
    note_request(bank, &call.request);
    let (status, body) = bank.phone(&call.request);
    call.pending.read(&mut phone.device, status, &body).unwrap();
    let state = phone.state();
    let wrapped = base64::decode(text(&state["tokens"]["login"], "secret")).unwrap();
    let key = Secret::from_bytes(phone.wrapping);
    let opened =
        decrypt_cbc_blocks(&key, &ZERO_IV, &wrapped).or_else(|_| decrypt_cbc(&key, &ZERO_IV, &wrapped));
    bank.secret_bytes("token secret", opened.unwrap().as_bytes());
    let header = phone
        .device
        .token_header("login", now(), &mut Remembering::default())
        .unwrap();
    bank.secret_bytes("token digest", &header.digest);
    for digest in [header.digest, [3; 32]] {
        let request = json!({
            "tokenId": header.token_id, "tokenDigest": base64::encode(&digest), "nonce": base64::encode(&header.nonce),
            "timestamp": header.timestamp, "protocolVersion": "3.2",
        });
        let request = json!({ "requestObject": request }).to_string();
        bank.send(
            "POST",
            "/rest/v3/token/validate",
            &Caller::Basic(&bank.auth),
            request.as_bytes(),
        );
    }
}

/// Signatures and digests of a request that a phone sends.
fn note_request(bank: &Bank, request: &Request) {
    for (name, value) in &request.headers {
        for field in ["pa_signature=\"", "token_digest=\""] {
            if let Some((_, rest)) = value.split_once(field) {
                bank.secret("signature or digest in a header", rest.split('"').next().unwrap());
                bank.secret(&format!("header {name} of a phone"), value);
            }
        }
    }
}

pub(super) fn vault(bank: &Bank, phone: &mut Phone) {
    for right in [false, true] {
        let pin = if right { &phone.pin } else { &phone.wrong };
        let factors = Authentication::PossessionKnowledge(pin);
        let call = phone
            .device
            .unlock_vault(
                VaultReason::AddBiometry,
                &factors,
                now(),
                &mut Remembering::default(),
            )
            .unwrap()
            .assume_saved();
        note_request(bank, &call.request);
        let (status, _) = bank.phone(&call.request);
        assert_eq!(status == 200, right);
    }
}

pub(super) fn operations(bank: &Bank, phone: &mut Phone) {
    bank.secret("personal: note of a payment", "personal-note-rent-of-may");
    let creation = json!({
        "userId": USER, "applicationId": "bank", "templateName": "payment", "externalId": "personal-external-77120",
        "parameters": { "iban": IBAN, "note": "personal-note-rent-of-may" }, "proximityCheckEnabled": true, "numberMatching": false,
    });
    let made = bank.rest("/operation/create", &creation);
    let (id, data) = (text(&made, "id").to_owned(), text(&made, "data").to_owned());
    let shown = bank.rest("/operation/detail", &json!({ "operationId": id }));
    let otp = text(&shown, "proximityOtp").to_owned();
    bank.secret("proximity code", &otp);
    let rng = &mut Remembering::default();
    for call in [
        phone.device.list_operations("login", now(), rng).unwrap().request,
        phone
            .device
            .request_operation(&id, "login", now(), rng)
            .unwrap()
            .request,
    ] {
        note_request(bank, &call);
        assert_eq!(bank.phone(&call).0, 200);
    }
    bank.secret("a wrong proximity code", "proximity-guess-99");
    for code in ["proximity-guess-99", otp.as_str()] {
        let proximity = Proximity {
            otp: code.to_owned(),
            source: ProximitySource::QrCode,
            received_ms: now(),
        };
        let approval = Approval {
            operation_id: &id,
            data: &data,
            proximity: Some(&proximity),
            mobile_token_data: None,
        };
        let factors = Authentication::PossessionKnowledge(&phone.pin);
        let call = phone
            .device
            .approve_operation(&approval, &factors, now(), &mut Remembering::default())
            .unwrap()
            .assume_saved();
        note_request(bank, &call.request);
        let (status, _) = bank.phone(&call.request);
        assert_eq!(status == 200, code == otp, "{code}");
    }
    let user = json!({ "userId": USER, "applications": ["bank"] });
    bank.rest("/operation/list", &user);
}

pub(super) fn offline(bank: &Bank, phone: &mut Phone) {
    let id = phone.device.activation_id().to_owned();
    let lines = format!("op-1\nPay\nPay {IBAN}\nA1*A100.00EUR*I{IBAN}\nB");
    let request = json!({ "activationId": id, "data": lines });
    let made = bank.rest("/signature/offline/personalized/create", &request);
    let scanned = phone
        .device
        .read_offline_operation(text(&made, "offlineData"))
        .unwrap();
    let code = phone
        .device
        .approve_offline(&scanned, &Authentication::PossessionKnowledge(&phone.pin))
        .unwrap()
        .assume_saved();
    bank.secret("offline code", code.as_str());
    bank.secret("offline code, as it is typed", &code.grouped());
    let base = countersign::crypto::offline::base_string(
        "op-1",
        &format!("A1*A100.00EUR*I{IBAN}"),
        None,
        text(&made, "nonce"),
    );
    for signature in [code.as_str(), "12345678-87654321"] {
        let request =
            json!({ "activationId": id, "data": base, "signature": signature, "allowBiometry": false });
        bank.rest("/signature/offline/verify", &request);
    }
}

pub(super) fn messages(bank: &Bank, phone: &mut Phone) {
    bank.secret("push token of a phone", "10de0b9cffee10de0b9cffee10de0b9cffee");
    let rng = &mut Remembering::default();
    let registration = PushRegistration {
        platform: "ios",
        token: "10de0b9cffee10de0b9cffee10de0b9cffee",
        environment: None,
    };
    let call = phone
        .device
        .register_push(&registration, "login", now(), rng)
        .unwrap();
    bank.phone(&call.request);
    let message = json!({
        "userId": USER, "applications": ["bank"], "type": "text", "subject": "personal-subject-of-a-message",
        "summary": "personal-subject-of-a-message", "body": "personal-text-of-a-message-<b>",
    });
    let posted = bank.ok("POST", "/inbox/messages", &Caller::Basic(&bank.auth), &message);
    let page = InboxPage {
        size: 10,
        ..InboxPage::default()
    };
    let call = phone.device.list_inbox(&page, "login", now(), rng).unwrap();
    assert_eq!(bank.phone(&call.request).0, 200);
    let id = posted["id"]
        .as_str()
        .or(posted["responseObject"]["id"].as_str())
        .unwrap()
        .to_owned();
    let call = phone.device.request_message(&id, "login", now(), rng).unwrap();
    assert_eq!(bank.phone(&call.request).0, 200);
}
