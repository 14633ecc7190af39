//! One of everything that a bank and its customers do, right and wrong; every secret that they have is noted down.

mod office;
mod phone;

use countersign::client::Application;
use countersign::crypto::encoding::base64;
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};

use crate::bank::{Bank, Caller, repository};
use crate::support::Auth;

const USER: &str = "personal-user-Bozena-Nemcova";
const PIN: &str = "pin-90513726481";
const WRONG_PIN: &str = "wrong-pin-55128190";
const OTP: &str = "otp-4f0c11aa-by-post";
const IBAN: &str = "CZ2730300000001165254011";

/// What the story leaves behind for those that come after it.
pub(crate) struct Left {
    pub(crate) activation: String,
    /// Credentials of the application.
    pub(crate) application: Auth,
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

pub(crate) fn play(bank: &Bank) -> Left {
    for (kind, personal) in [
        ("personal: user", USER),
        ("personal: account", IBAN),
        ("personal: name of the phone", "personal-phone-of-Bozena"),
        ("personal: extras", "personal-extras-of-the-phone"),
        ("personal: device", "personal-device-Model-9"),
        ("personal: external id", "personal-external-77120"),
        ("personal: subject of a message", "personal-subject-of-a-message"),
        ("personal: message", "personal-text-of-a-message-<b>"),
    ] {
        bank.secret(kind, personal);
    }
    bank.secret("PIN", PIN);
    bank.secret("wrong PIN", WRONG_PIN);
    bank.secret("one-time password of an activation", OTP);
    let application = set_up(bank);
    let mut phone = phone::activate(bank, &application);
    let activation = phone.device.activation_id().to_owned();
    phone::sign(bank, &application, &mut phone);
    phone::tokens(bank, &mut phone);
    phone::vault(bank, &mut phone);
    phone::operations(bank, &mut phone);
    phone::offline(bank, &mut phone);
    phone::messages(bank, &mut phone);
    office::recovery(bank, &application);
    office::temporary_keys(bank, &application);
    let credentials = office::cloud(bank, &mut phone);
    office::console(bank, &activation);
    office::integrations(bank);
    office::audits(bank, &activation);
    office::sealed(bank, &activation);
    Left {
        activation,
        application: credentials,
    }
}

fn set_up(bank: &Bank) -> Application {
    let admin = Caller::Basic(&bank.admin);
    bank.rest("/application/create", &json!({ "applicationId": "bank" }));
    let detail = bank.rest("/application/detail", &json!({ "applicationId": "bank" }));
    bank.secret(
        "application secret",
        text(&detail["versions"][0], "applicationSecret"),
    );
    bank.secret("password of a callback", "callback-password-8812-xyz");
    bank.secret("secret in the URL of a callback", "key-in-the-url-of-a-callback");
    bank.secret(
        "header of a callback",
        &crate::support::basic(&("bank".into(), "callback-password-8812-xyz".into()))[6..],
    );
    bank.secret(
        "OAuth secret of a callback",
        "oauth-client-secret-55-of-callbacks",
    );
    let url = format!(
        "http://{}/hook?key=key-in-the-url-of-a-callback",
        bank.sink.address
    );
    for kind in ["ACTIVATION_STATUS_CHANGE", "OPERATION_STATUS_CHANGE"] {
        let callback = json!({
            "applicationId": "bank", "name": kind, "type": kind, "callbackUrl": url,
            "attributes": if kind.starts_with('A') {
                json!(["userId", "activationName", "platform", "deviceInfo", "activationFlags", "activationStatus", "blockedReason", "applicationId"])
            } else {
                json!(["userId", "applications", "operationType", "parameters", "additionalData", "status", "data", "failureCount", "maxFailureCount", "signatureType", "externalId", "timestampCreated", "timestampExpires", "timestampFinalized"])
            },
            "authentication": { "httpBasic": { "enabled": true, "username": "bank", "password": "callback-password-8812-xyz" } },
        });
        bank.rest("/application/callback/create", &callback);
    }
    let oauth = json!({
        "applicationId": "bank", "name": "oauth", "type": "ACTIVATION_STATUS_CHANGE", "callbackUrl": url, "attributes": ["userId"],
        "authentication": { "oAuth2": {
            "enabled": true, "clientId": "bank", "clientSecret": "oauth-client-secret-55-of-callbacks",
            "tokenUri": format!("http://{}/token", bank.sink.address), "scope": "callbacks",
        } },
    });
    bank.rest("/application/callback/create", &oauth);
    bank.rest("/application/callback/list", &json!({ "applicationId": "bank" }));

    let pem = |file: &str| repository(&format!("tests/support/push/{file}"));
    let note = |kind: &str, pem: &str| {
        let lines: Vec<&str> = pem.lines().filter(|line| !line.starts_with('-')).collect();
        lines
            .iter()
            .filter(|line| line.len() >= 48)
            .for_each(|line| bank.secret(kind, line));
        bank.secret_bytes(kind, &base64::decode(&lines.concat()).unwrap());
    };
    let (apns, fcm) = (pem("apns.pem"), pem("rsa.pem"));
    note("Apple's push key", &apns);
    note("Google's push key", &fcm);
    let account = json!({
        "project_id": "bank-project", "private_key_id": "k1", "private_key": fcm,
        "client_email": "push@bank-project.example", "token_uri": "https://oauth2.example/token",
    });
    for credentials in [
        json!({ "applicationId": "bank", "platform": "apns", "environment": "production", "teamId": "TEAM123456", "keyId": "KEY1234567", "topic": "example.bank.app", "privateKey": apns }),
        json!({ "applicationId": "bank", "platform": "fcm", "serviceAccount": account }),
    ] {
        bank.ok("POST", "/admin/push-credentials", &admin, &credentials);
    }
    bank.ok(
        "GET",
        "/admin/push-credentials?applicationId=bank",
        &admin,
        &Value::Null,
    );
    // The same with a key that is none.
    let broken = apns.replace('M', "N");
    note("a push key that is broken", &broken);
    let wrong = json!({ "applicationId": "bank", "platform": "apns", "environment": "production", "teamId": "TEAM123456", "keyId": "KEY1234567", "topic": "example.bank.app", "privateKey": broken });
    bank.send(
        "POST",
        "/admin/push-credentials",
        &admin,
        wrong.to_string().as_bytes(),
    );
    let texts =
        json!([{ "placeholder": "payment", "language": "en", "title": "Payment", "message": "Pay?" }]);
    bank.ok("POST", "/admin/operation-texts", &admin, &texts);
    let template = json!({
        "templateName": "payment", "operationType": "payment", "dataTemplate": "A1*A100.00EUR*I${iban}*N${note}",
        "signatureType": ["POSSESSION_KNOWLEDGE"], "maxFailureCount": 3, "expiration": 300,
    });
    bank.rest("/operation/template/create", &template);
    let config = text(&detail["versions"][0], "mobileSdkConfig").to_owned();
    Application::from_sdk_config(&config)
        .unwrap()
        .with_version(ProtocolVersion::V3_2)
}
