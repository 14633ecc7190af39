//! Texts of operations: administration, languages, rows, hints.

use countersign::client::read_time;
use countersign::crypto::symmetric::sha256;
use countersign::model::journal::Subject;
use countersign::model::operation_text::OperationTexts;
use serde_json::{Value, json};

use crate::rig::{APP, Rig, outcome, plain};
use crate::support::records::{entries, get};
use crate::support::{Ask, World};

fn row(language: &str, changes: Value) -> Value {
    let row = json!({
        "placeholder": "authorize_payment", "language": language, "title": format!("title {language}"),
        "message": "m",
    });
    crate::rig::merged(row, changes)
}

fn first(rig: &mut Rig, language: &str) -> Value {
    let world = rig.world.clone();
    let mut list = rig.list(&world, language).ok();
    list[0].take()
}

#[test]
fn languages_fall_back() {
    let mut rig = Rig::new();
    rig.payment(json!({}));
    rig.texts(json!([row("CS", json!({})), row("en", json!({}))]));
    let titles = |rig: &mut Rig, language: &str| first(rig, language)["formData"]["title"].clone();
    for (language, title) in [
        ("cs-CZ,en;q=0.5", "title CS"),
        ("en-US", "title en"),
        ("de", "title en"),
        ("", "title en"),
        ("*", "title en"),
    ] {
        assert_eq!(titles(&mut rig, language), title, "{language}");
    }
    let path = "/admin/operation-texts?placeholder=authorize_payment&language=en";
    rig.world.ask(&plain("DELETE", path, &json!({}))).ok();
    assert_eq!(titles(&mut rig, "de"), "title CS");
    let again = rig.world.ask(&plain("DELETE", path, &json!({})));
    assert_eq!(outcome(&again), (400, "ERR0033".to_owned()));
}

#[test]
fn without_text_an_operation_is_invisible() {
    let mut rig = Rig::new();
    let (id, _) = rig.payment(json!({}));
    let world = rig.world.clone();
    assert_eq!(rig.list(&world, "en").ok().as_array().unwrap().len(), 1);
    let path = "/admin/operation-texts?placeholder=authorize_payment&language=en";
    rig.world.ask(&plain("DELETE", path, &json!({}))).ok();
    let list = rig.list(&world, "en");
    assert!(read_time(list.json()["currentTimestamp"].as_str().unwrap()).is_some());
    assert_eq!(list.ok(), json!([]));
    assert_eq!(
        outcome(&rig.detail(&world, "en", &id)),
        (400, "INVALID_REQUEST".to_owned())
    );
}

#[test]
fn an_upload_is_taken_whole_or_not_at_all() {
    let rig = Rig::new();
    let list = |path: &str| {
        let answer = rig.world.ask(&plain("GET", path, &json!({})));
        assert_eq!(answer.status, 200);
        answer.json()
    };
    let before = list("/admin/operation-texts");
    let bad = [
        json!({ "language": "english-us" }),
        json!({ "language": null }),
        json!({ "placeholder": "" }),
        json!({ "placeholder": "x".repeat(256) }),
        json!({ "title": "" }),
        json!({ "title": "x".repeat(256) }),
        json!({ "message": null }),
        json!({ "message": "x".repeat(16 * 1024 + 1) }),
        json!({ "attributes": "{" }),
        json!({ "attributes": {} }),
        json!({ "attributes": [{ "id": "a" }] }),
        json!({ "attributes": [{ "id": "a", "type": "NOTE", "params": { "note": 1 } }] }),
        json!({ "ui": [] }),
        json!({ "ui": "nonsense" }),
        json!({ "resultTexts": { "success": 1 } }),
    ];
    for changes in &bad {
        let rows = json!([row("de", json!({})), row("fr", changes.clone())]);
        let answer = rig.world.ask(&plain("POST", "/admin/operation-texts", &rows));
        assert_eq!(outcome(&answer), (400, "ERR0024".to_owned()), "{changes}");
    }
    for rows in [json!([]), json!({}), json!(7)] {
        let answer = rig.world.ask(&plain("POST", "/admin/operation-texts", &rows));
        assert_eq!(outcome(&answer), (400, "ERR0024".to_owned()), "{rows}");
    }
    assert_eq!(list("/admin/operation-texts"), before);
    // As text or as JSON, with or without the envelope.
    rig.texts(json!([row(
        "de",
        json!({ "attributes": "[]", "resultTexts": { "success": "s" } })
    )]));
    rig.texts(json!({ "requestObject": [row("fr", json!({ "attributes": [], "ui": "  " }))] }));
    let rows = list("/admin/operation-texts")["responseObject"].take();
    assert_eq!(rows.as_array().unwrap().len(), 3);
    assert_eq!(rows[1]["attributes"], json!([]));
    let templates = list("/api/admin/template");
    assert_eq!(templates[1]["name"], "authorize_payment");
    assert_eq!(templates[1]["resultTexts"], json!({ "success": "s" }));
    println!("{} bad uploads", bad.len());
    // Three languages came, and each left an entry.
    let texts: OperationTexts = get(&*rig.world.store, "authorize_payment").unwrap();
    let digest = sha256(&[b"authorize_payment"]);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let journal = entries(
        &*rig.world.store,
        &Subject::OperationTexts(digest),
        &texts.journal,
    );
    assert_eq!(journal.len(), 3);
}

#[test]
fn administration_needs_an_administrator() {
    let rig = Rig::new();
    let closed = World {
        api: std::sync::Arc::new(countersign::api::Api::new(crate::support::engine())),
        ..rig.world.clone()
    };
    for method in ["GET", "POST", "DELETE"] {
        let answer = closed.ask(&plain(method, "/admin/operation-texts", &json!([])));
        assert_eq!(answer.status, 401, "{method}");
    }
    assert_eq!(
        closed
            .ask(&plain("GET", "/api/admin/template", &json!({})))
            .status,
        401
    );
}

fn rows(rig: &mut Rig, attributes: Value, parameters: Value) -> Value {
    rig.texts(json!([row("en", json!({ "attributes": attributes }))]));
    let parameters = crate::rig::merged(json!({ "amount": "1", "currency": "CZK" }), parameters);
    rig.payment(json!({ "parameters": parameters }));
    rig.world.host.advance(1);
    first(rig, "en")["formData"]["attributes"].take()
}

#[test]
fn missing_parameters_drop_some_rows() {
    let mut rig = Rig::new();
    let kinds = [
        "AMOUNT",
        "AMOUNT_CONVERSION",
        "KEY_VALUE",
        "NOTE",
        "HEADING",
        "ALERT",
        "PARTY_INFO",
        "IMAGE",
        "FUTURE",
    ];
    let bare: Vec<Value> = kinds
        .iter()
        .map(|kind| json!({ "id": kind, "type": kind, "text": "l" }))
        .collect();
    let shown = rows(&mut rig, json!(bare), json!({}));
    assert_eq!(
        shown,
        json!([
            { "type": "HEADING", "id": "HEADING", "label": "l", "level": 0 },
            { "type": "ALERT", "id": "ALERT", "label": "l", "alertType": "INFO" },
            { "type": "PARTY_INFO", "id": "PARTY_INFO", "label": "l", "partyInfo": {} },
        ])
    );
    // A parameter that is null is not there, either.
    let note = json!([{ "id": "n", "type": "NOTE", "text": "l", "params": { "note": "x" } }]);
    assert_eq!(rows(&mut rig, note.clone(), json!({ "x": null })), json!([]));
    assert_eq!(rows(&mut rig, note, json!({ "x": "a\nb" }))[0]["note"], "a\nb");
}

#[test]
fn rows_of_odd_values() {
    let mut rig = Rig::new();
    let definitions = json!([
        { "id": "a", "type": "AMOUNT", "text": "l", "params": { "amount": "x", "currency": "currency" } },
        { "id": "b", "type": "HEADING", "text": "l", "params": { "level": "level" } },
        { "id": "c", "type": "ALERT", "text": "l", "params": { "type": "kind", "title": "x" } },
        { "id": "d", "type": "FUTURE", "text": "l ${x}", "params": { "value": "x" } },
        { "id": "d", "type": "IMAGE", "text": "l", "params": { "thumbnailUrl": "x" } },
    ]);
    let shown = rows(
        &mut rig,
        definitions,
        json!({ "x": "many", "level": "3", "kind": "warning" }),
    );
    assert_eq!(
        shown,
        json!([
            { "type": "AMOUNT", "id": "a", "label": "l", "currency": "CZK", "amountFormatted": "many",
              "currencyFormatted": "CZK", "valueFormatted": "many CZK" },
            { "type": "HEADING", "id": "b", "label": "l", "level": 3 },
            { "type": "ALERT", "id": "c", "label": "l", "alertType": "WARNING", "title": "many" },
            { "type": "KEY_VALUE", "id": "d", "label": "l ${x}", "value": "many" },
            { "type": "IMAGE", "id": "d", "label": "l", "thumbnailUrl": "many" },
        ])
    );
}

#[test]
fn values_stay_inside_their_texts() {
    let mut rig = Rig::new();
    let changes = json!({
        "title": "${nasty} ${gone:-none} ${missing}", "message": "${loop}",
        "resultTexts": { "success": "${nasty}", "other": "dropped" },
        "ui": { "flipButtons": false, "unknown": 1, "preApprovalScreen": { "type": "INFO", "items": ["${nasty}"] },
                "templates": { "list": { "style": null } } },
    });
    rig.texts(json!([row("en", changes)]));
    let nasty = "a\"b/c é\",\"x\":{";
    rig.payment(
        json!({ "parameters": { "amount": "1", "currency": "CZK", "nasty": nasty, "loop": "${loop}" } }),
    );
    let operation = first(&mut rig, "en");
    let form = &operation["formData"];
    assert_eq!(form["title"], format!("{nasty} none ${{missing}}"));
    assert_eq!(form["message"], "${loop}");
    assert_eq!(form["resultTexts"], json!({ "success": nasty }));
    let expected = json!({
        "flipButtons": false, "preApprovalScreen": { "type": "INFO", "items": [nasty] },
        "templates": { "list": { "style": null } },
    });
    assert_eq!(operation["ui"], expected);
}

#[test]
fn hints_of_texts_win_over_risk_flags() {
    let mut rig = Rig::new();
    let template = |flags: &str| {
        json!({
            "templateName": format!("flags {flags}"), "operationType": "authorize_payment", "dataTemplate": "A2",
            "signatureType": ["POSSESSION"], "maxFailureCount": 3, "expiration": 300, "riskFlags": flags,
        })
    };
    let hints = |rig: &mut Rig, flags: &str, ui: Value, proximity: bool| {
        let name = template(flags)["templateName"].clone();
        rig.world.rest("/operation/template/create", &template(flags));
        rig.texts(json!([row("en", json!({ "ui": ui }))]));
        let (id, _) = rig.payment(json!({ "templateName": name, "proximityCheckEnabled": proximity }));
        let world = rig.world.clone();
        let answer = rig.detail(&world, "en", &id);
        match answer.status {
            200 => answer.object()["ui"].take(),
            status => json!([status, answer.code()]),
        }
    };
    let warning = json!({ "type": "WARNING", "approvalType": "SLIDER" });
    let cases = [
        ("", json!(null), false, json!(null)),
        ("Z", json!(null), false, json!({})),
        (
            "XCF",
            json!(null),
            false,
            json!({ "flipButtons": true, "blockApprovalOnCall": true, "preApprovalScreen": warning }),
        ),
        (
            "XCF",
            json!({ "blockApprovalOnCall": true }),
            false,
            json!({ "blockApprovalOnCall": true }),
        ),
        (
            "",
            json!({ "preApprovalScreen": { "type": "QR_SCAN" } }),
            false,
            json!({}),
        ),
        (
            "",
            json!({ "preApprovalScreen": { "type": "QR_SCAN" } }),
            true,
            json!({ "preApprovalScreen": { "type": "QR_SCAN" } }),
        ),
        (
            "",
            json!({ "postApprovalScreen": { "type": "MERCHANT_REDIRECT", "heading": "h", "message": null,
                     "payload": { "redirectUrl": "u", "countdown": 5, "more": 1 } } }),
            false,
            json!({ "postApprovalScreen": { "type": "MERCHANT_REDIRECT", "heading": "h",
                 "payload": { "redirectUrl": "u", "countdown": 5 } } }),
        ),
        (
            "",
            json!({ "postApprovalScreen": { "type": "GENERIC", "payload": { "any": [1] } } }),
            false,
            json!({ "postApprovalScreen": { "type": "GENERIC", "payload": { "any": [1] } } }),
        ),
        (
            "",
            json!({ "preApprovalScreen": { "type": "DANCE" } }),
            false,
            json!([500, "ERR_CONFIG"]),
        ),
        (
            "",
            json!({ "preApprovalScreen": { "approvalType": "SHOUT" } }),
            false,
            json!([500, "ERR_CONFIG"]),
        ),
        (
            "",
            json!({ "postApprovalScreen": { "heading": "h" } }),
            false,
            json!([500, "ERR_CONFIG"]),
        ),
        (
            "",
            json!({ "flipButtons": "yes" }),
            false,
            json!([500, "ERR_CONFIG"]),
        ),
    ];
    for (flags, ui, proximity, expected) in &cases {
        assert_eq!(
            hints(&mut rig, flags, ui.clone(), *proximity),
            *expected,
            "{flags} {ui}"
        );
    }
    // Broken hints do not hide the operations of other types.
    assert_eq!(
        rig.world
            .rest(
                "/operation/list",
                &json!({ "userId": "user0", "applicationId": APP })
            )
            .ok()
            .as_array()
            .unwrap()
            .len(),
        cases.len()
    );
    let world = rig.world.clone();
    assert_eq!(rig.list(&world, "en").ok(), json!([]));
    println!("{} hints", cases.len());
}

#[test]
fn a_host_may_show_plain_forms() {
    let rig = Rig::new();
    let mut engine = (*crate::support::engine()).clone();
    engine.config.plain_forms = true;
    let world = World {
        api: std::sync::Arc::new(countersign::api::Api::new(std::sync::Arc::new(engine)).open_to_anybody()),
        ..rig.world.clone()
    };
    let path = "/admin/operation-texts?placeholder=authorize_payment&language=en";
    world.ask(&plain("DELETE", path, &json!({}))).ok();
    let (id, data) = rig.payment(json!({}));
    let mut rig = rig;
    let form = rig.detail(&world, "en", &id).ok()["formData"].take();
    let row =
        |name: &str, value: &str| json!({ "type": "KEY_VALUE", "id": name, "label": name, "value": value });
    let expected = json!({
        "title": "authorize_payment", "message": data, "attributes": [row("amount", "100"), row("currency", "CZK")],
    });
    assert_eq!(form, expected);
    let ask: Ask = plain("GET", "/admin/operation-texts", &json!({}));
    assert_eq!(world.ask(&ask).ok(), json!([]));
}
