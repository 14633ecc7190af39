//! The examples of the three published texts, attribute for attribute, each in its dialect.

use countersign::api::Dialect;
use serde_json::{Value, json};

use crate::rig::{Rig, USER, approval, outcome};
use crate::support::prelude::TOKEN;
use crate::support::{Factors, World};
use countersign::client::RejectReason;

/// 2018-07-02T14:43:13Z
const CREATED: u64 = 1_530_542_593_000;
const DATA: &str = "A1*A100CZK*Q238400856/0300**D20190629*NUtility Bill Payment - 05/2019";

fn definitions() -> Value {
    let row = |kind: &str, id: &str, text: &str, params: Value| json!({ "id": format!("operation.{id}"), "type": kind, "text": text, "params": params });
    json!([
        row(
            "ALERT",
            "warning",
            "Balance alert",
            json!({ "type": "alert", "title": "short", "message": "left" })
        ),
        row("HEADING", "heading", "Utility Payment", json!({})),
        row(
            "AMOUNT",
            "amount",
            "Amount",
            json!({ "amount": "amount", "currency": "currency" })
        ),
        row(
            "AMOUNT_CONVERSION",
            "conversion",
            "Conversion Rate",
            json!({
                "dynamic": "dynamic", "sourceAmount": "source", "sourceCurrency": "sourceCurrency",
                "targetAmount": "amount", "targetCurrency": "currency",
            })
        ),
        row(
            "KEY_VALUE",
            "account",
            "To Account",
            json!({ "value": "account" })
        ),
        row(
            "KEY_VALUE",
            "dueDate",
            "Due Date",
            json!({ "value": "dueDateText" })
        ),
        row("NOTE", "note", "Note", json!({ "note": "note" })),
        row(
            "IMAGE",
            "image",
            "Payment Check Preview",
            json!({ "thumbnailUrl": "small", "originalUrl": "large" })
        ),
        row(
            "PARTY_INFO",
            "partyInfo",
            "Application",
            json!({
                "logoUrl": "logo", "name": "shop", "description": "about", "websiteUrl": "site",
            })
        ),
    ])
}

/// A bank in 2018 with the operation of the examples.
fn bank(amount: &str) -> (Rig, String) {
    let rig = Rig::new();
    let template = json!({
        "templateName": "bill", "operationType": "authorize_payment",
        "dataTemplate": "A1*A100${currency}*Q${account}**D${dueDate}*N${note}",
        "signatureType": ["POSSESSION_KNOWLEDGE", "POSSESSION_BIOMETRY"], "maxFailureCount": 5, "expiration": 304,
    });
    rig.world.rest("/operation/template/create", &template).ok();
    rig.texts(json!([{
        "placeholder": "authorize_payment", "language": "en", "title": "Confirm Payment",
        "message": "Hello,\nplease confirm following payment:", "attributes": definitions(),
    }]));
    let parameters = json!({
        "amount": amount, "currency": "CZK", "account": "238400856/0300", "dueDate": "20190629",
        "dueDateText": "Jun 29, 2019", "note": "Utility Bill Payment - 05/2019", "alert": "warning",
        "short": "Insufficient Balance",
        "left": "You have only $1.00 on your account with number 238400856/0300.", "dynamic": "false",
        "source": "100.00", "sourceCurrency": "USD", "small": "https://example.com/thumbnail.png",
        "large": "https://example.com/image.png", "logo": "https://itesco.cz/img/logo/logo.svg", "shop": "Tesco",
        "about": "Find out more about Tesco...", "site": "https://itesco.cz/hello",
    });
    rig.world.host.set(CREATED);
    let (id, data) = rig.payment(json!({ "templateName": "bill", "parameters": parameters }));
    assert_eq!(data, DATA);
    (rig, id)
}

fn account_to_party() -> [Value; 3] {
    let key_value = |id: &str, label: &str, value: &str| json!({ "type": "KEY_VALUE", "id": format!("operation.{id}"), "label": label, "value": value });
    [
        key_value("account", "To Account", "238400856/0300"),
        key_value("dueDate", "Due Date", "Jun 29, 2019"),
        json!({ "type": "NOTE", "id": "operation.note", "label": "Note", "note": "Utility Bill Payment - 05/2019" }),
    ]
}

fn party() -> Value {
    json!({ "type": "PARTY_INFO", "id": "operation.partyInfo", "label": "Application", "partyInfo": {
        "logoUrl": "https://itesco.cz/img/logo/logo.svg", "name": "Tesco",
        "description": "Find out more about Tesco...", "websiteUrl": "https://itesco.cz/hello",
    } })
}

fn operation(id: &str, rows: Vec<Value>) -> Value {
    json!({
        "id": id, "name": "authorize_payment", "data": DATA,
        "operationCreated": "2018-07-02T14:43:13+0000", "operationExpires": "2018-07-02T14:48:17+0000",
        "allowedSignatureType": { "type": "2FA", "variants": ["possession_knowledge", "possession_biometry"] },
        "formData": {
            "title": "Confirm Payment", "message": "Hello,\nplease confirm following payment:", "attributes": rows,
        },
    })
}

/// The example of the two older texts, which know five kinds of rows.
fn old_example(id: &str, dialect: Dialect) -> Value {
    let key_value = |id: &str, label: &str| json!({ "type": "KEY_VALUE", "id": format!("operation.{id}"), "label": label });
    let amount = json!({
        "type": "AMOUNT", "id": "operation.amount", "label": "Amount", "amount": 100, "currency": "CZK",
        "amountFormatted": "100,00", "currencyFormatted": "Kč",
    });
    let heading = json!({ "type": "HEADING", "id": "operation.heading", "label": "Utility Payment" });
    let [account, due, note] = account_to_party();
    let rows = match dialect {
        // What phones do not know stands there without value.
        Dialect::WebFlow => vec![
            key_value("warning", "Balance alert"),
            heading,
            amount,
            key_value("conversion", "Conversion Rate"),
            account,
            due,
            note,
            key_value("image", "Payment Check Preview"),
            party(),
        ],
        _ => vec![heading, amount, account, due, note, party()],
    };
    operation(id, rows)
}

/// The example of the newest text; numbers as the CLDR writes them, and members that only its servers tell of.
fn new_example(id: &str, status: &str) -> Value {
    let [account, due, note] = account_to_party();
    let rows = vec![
        json!({ "type": "ALERT", "id": "operation.warning", "label": "Balance alert", "alertType": "WARNING",
                "title": "Insufficient Balance",
                "message": "You have only $1.00 on your account with number 238400856/0300." }),
        json!({ "type": "HEADING", "id": "operation.heading", "label": "Utility Payment", "level": 0 }),
        json!({ "type": "AMOUNT", "id": "operation.amount", "label": "Amount", "amount": 2199.40, "currency": "CZK",
                "amountFormatted": "2\u{a0}199,40", "currencyFormatted": "Kč",
                "valueFormatted": "2\u{a0}199,40\u{a0}Kč" }),
        json!({ "type": "AMOUNT_CONVERSION", "id": "operation.conversion", "label": "Conversion Rate",
                "dynamic": false, "sourceAmount": 100.00, "sourceCurrency": "USD",
                "sourceAmountFormatted": "100,00", "sourceCurrencyFormatted": "US$",
                "sourceValueFormatted": "100,00\u{a0}US$", "targetAmount": 2199.40, "targetCurrency": "CZK",
                "targetAmountFormatted": "2\u{a0}199,40", "targetCurrencyFormatted": "Kč",
                "targetValueFormatted": "2\u{a0}199,40\u{a0}Kč" }),
        account,
        due,
        note,
        json!({ "type": "IMAGE", "id": "operation.image", "label": "Payment Check Preview",
                "thumbnailUrl": "https://example.com/thumbnail.png", "originalUrl": "https://example.com/image.png" }),
        party(),
    ];
    crate::rig::merged(operation(id, rows), json!({ "status": status }))
}

#[test]
fn older_lists() {
    for dialect in [Dialect::WebFlow, Dialect::EarlyEnrollment] {
        let (mut rig, id) = bank("100");
        let world = rig.speaking(dialect);
        let answer = rig.list(&world, "cs");
        assert_eq!(
            answer.json(),
            json!({ "status": "OK", "responseObject": [old_example(&id, dialect)] }),
            "{dialect:?}"
        );
    }
}

#[test]
fn newest_list_detail_claim_history() {
    let (mut rig, id) = bank("2199.40");
    let world = rig.world.clone();
    let now = json!("2018-07-02T14:43:13+0000");
    let one =
        json!({ "status": "OK", "currentTimestamp": now, "responseObject": new_example(&id, "PENDING") });
    let list = rig.list(&world, "cs");
    assert_eq!(
        list.json(),
        json!({ "status": "OK", "currentTimestamp": now, "responseObject": [new_example(&id, "PENDING")] })
    );
    // Digits as supplied, which no floating point number keeps.
    assert!(String::from_utf8_lossy(&list.body).contains(r#""amount":2199.40,"#));
    assert_eq!(rig.detail(&world, "cs", &id).json(), one);
    let claim = rig
        .phone
        .device
        .claim_operation(&id, TOKEN, world.now(), &mut rig.phone.rng);
    assert_eq!(rig.send_in(&world, "cs", &claim.unwrap().request).json(), one);
    let request = approval(&mut rig.phone, &id, DATA, None, Factors::Pin, world.now());
    // The example escapes slashes; what is signed are the bytes that are sent.
    assert_eq!(world.send(&request).json(), json!({ "status": "OK" }));
    let request = rig.phone.with(Factors::Biometry, |device, authentication, rng| {
        device
            .request_history(authentication, rng)
            .unwrap()
            .assume_saved()
            .request
    });
    assert_eq!(
        rig.send_in(&world, "cs", &request).json(),
        json!({ "status": "OK", "responseObject": [new_example(&id, "APPROVED")] })
    );
}

#[test]
fn escaped_slashes_are_signed_as_sent() {
    let (mut rig, id) = bank("100");
    let data = DATA.replace('/', "\\/");
    let body = format!(r#"{{"requestObject":{{"id":"{id}","data":"{data}"}}}}"#);
    let path = "/api/auth/token/app/operation/authorize";
    let mut ask = crate::rig::signed(
        &mut rig.phone,
        path,
        "/operation/authorize",
        body.as_bytes(),
        Factors::Pin,
    );
    let sent = ask.body.clone();
    ask.body = body.replace("\\/", "/").into_bytes();
    assert_eq!(
        outcome(&rig.world.ask(&ask)),
        (401, "POWERAUTH_AUTH_FAIL".to_owned())
    );
    ask.body = sent;
    assert_eq!(rig.world.ask(&ask).json(), json!({ "status": "OK" }));
}

#[test]
fn rejections() {
    let reasons = [
        (Dialect::WebFlow, "incorrect_data", "INCORRECT_DATA"),
        (Dialect::WebFlow, "no idea", "UNKNOWN"),
        (
            Dialect::EarlyEnrollment,
            "UNEXPECTED_OPERATION",
            "UNEXPECTED_OPERATION",
        ),
        (Dialect::Enrollment, "no idea", "no idea"),
    ];
    for (dialect, given, kept) in reasons {
        let mut rig = Rig::new();
        let (id, _) = rig.payment(json!({}));
        let request = rig.phone.with(Factors::Possession, |device, _, rng| {
            device
                .reject_operation(&id, RejectReason::Other(given), rng)
                .unwrap()
                .assume_saved()
                .request
        });
        assert_eq!(
            rig.speaking(dialect).send(&request).json(),
            json!({ "status": "OK" })
        );
        let state = rig.state(&id);
        assert_eq!(
            (&state["status"], &state["additionalData"]["rejectReason"]),
            (&json!("REJECTED"), &json!(kept))
        );
    }
}

#[test]
fn older_phones_get_codes_that_they_know() {
    let fail = (401, "POWERAUTH_AUTH_FAIL".to_owned());
    for dialect in [Dialect::WebFlow, Dialect::EarlyEnrollment] {
        let mut rig = Rig::new();
        let world = rig.speaking(dialect);
        let (id, _) = rig.payment(json!({}));
        let mut tried = 0;
        for (id, data) in [(id.as_str(), "other data"), ("unknown", "A2")] {
            let request = approval(&mut rig.phone, id, data, None, Factors::Pin, world.now());
            assert_eq!(outcome(&world.send(&request)), fail, "{dialect:?} {id}");
            tried += 1;
        }
        let (flagged, data) = rig.payment(json!({ "activationFlag": "F" }));
        let request = approval(&mut rig.phone, &flagged, &data, None, Factors::Pin, world.now());
        let expected = match dialect {
            Dialect::WebFlow => "INVALID_ACTIVATION",
            _ => "OPERATION_REQUIRES_ACTIVATION_FLAG",
        };
        assert_eq!(outcome(&world.send(&request)), (400, expected.to_owned()));
        println!("{dialect:?}: {} refusals", tried + 1);
    }
    // Web Flow's phones learn that another phone is meant, and lose no attempt.
    let mut rig = Rig::new();
    let other = rig.another(USER, 2);
    let (id, data) = rig.payment(json!({ "activationId": other.id() }));
    let request = approval(&mut rig.phone, &id, &data, None, Factors::Pin, rig.world.now());
    let answer = rig.speaking(Dialect::WebFlow).send(&request);
    assert_eq!(outcome(&answer), (400, "INVALID_ACTIVATION".to_owned()));
    assert_eq!(rig.state(&id)["failureCount"], 0);
    let request = approval(&mut rig.phone, &id, &data, None, Factors::Pin, rig.world.now());
    assert_eq!(
        outcome(&rig.world.send(&request)),
        (401, "OPERATION_FAILED".to_owned())
    );
    assert_eq!(rig.state(&id)["failureCount"], 1);
}

#[test]
fn a_mount_serves_what_its_dialect_publishes() {
    let rig = Rig::new();
    let path = |name: &str| format!("/api/auth/token/app/operation/{name}");
    let served = |world: &World, name: &str| {
        world
            .ask(&crate::rig::plain("POST", &path(name), &json!({})))
            .status
            != 404
    };
    let all = [
        "list",
        "authorize",
        "cancel",
        "list/signature",
        "detail",
        "detail/claim",
        "history",
    ];
    for (dialect, rows) in [
        (Dialect::WebFlow, [true, true, true, true, false, false, false]),
        (
            Dialect::EarlyEnrollment,
            [true, true, true, false, false, false, false],
        ),
        (Dialect::Enrollment, [true; 7]),
    ] {
        let world = rig.speaking(dialect);
        let found: Vec<bool> = all.iter().map(|name| served(&world, name)).collect();
        assert_eq!(found, rows, "{dialect:?}");
    }
}

#[test]
fn web_flow_lists_for_a_signature() {
    let mut rig = Rig::new();
    rig.payment(json!({}));
    let world = rig.speaking(Dialect::WebFlow);
    let path = "/api/auth/token/app/operation/list/signature";
    let id = "/operation/list/signature";
    let ask = crate::rig::signed(&mut rig.phone, path, id, b"{}", Factors::Possession);
    let answer = world.ask(&ask);
    assert_eq!(answer.json()["responseObject"].as_array().unwrap().len(), 1);
    assert_eq!(answer.json()["currentTimestamp"], Value::Null);
    let again = world.ask(&ask);
    assert_eq!(outcome(&again), (401, "POWERAUTH_AUTH_FAIL".to_owned()));
    let ask = crate::rig::signed(&mut rig.phone, path, id, b"{}", Factors::Pin);
    assert_eq!(outcome(&world.ask(&ask)), (401, "POWERAUTH_AUTH_FAIL".to_owned()));
}
