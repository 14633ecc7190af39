//! `/v2/registrations`: the published bodies, the table of changes, every error.

use countersign::crypto::code::ActivationCode;
use serde_json::{Value, json};

use crate::rig::{A, Rig, UNKNOWN, USER, ask, refused, violations};
use crate::support::explore::{Schedule, interleave};
use crate::support::host::START;
use crate::support::{Factors, Phone};

fn path(id: &str) -> String {
    format!("/v2/registrations/{id}")
}

/// Names of the members, in order.
fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_registration_has_four_shapes() {
    let rig = Rig::new();
    let (id, code) = rig.register(USER, &json!({ "flags": ["FLAG_2", "FLAG_1", "FLAG_2"] }));
    let (typed, signature) = code.split_once('#').unwrap();
    assert!(ActivationCode::parse(typed).is_ok() && !signature.is_empty());
    assert!(rig.app_a.read_activation_code(&code).is_ok());
    let created = rig.status(&id);
    let qr = created["activationQrCodeData"].as_str().unwrap();
    assert_eq!(qr.split('#').next(), Some(typed));
    assert!(rig.app_a.read_activation_code(qr).is_ok());
    let mut expected = json!({
        "registrationId": id, "registrationStatus": "CREATED", "activationQrCodeData": qr,
        // As given, each once.
        "flags": ["FLAG_2", "FLAG_1"],
        "timestampCreated": START, "timestampLastUsed": START,
    });
    assert_eq!(created, expected);

    let phone = Phone::with_code(&rig.world, &rig.app_a, &code, 1);
    assert_eq!(phone.id(), id);
    let pending = rig.status(&id);
    let shown = members(&pending);
    let wanted = [
        "registrationId",
        "registrationStatus",
        "activationFingerprint",
        "flags",
    ];
    assert!(wanted.iter().all(|name| shown.contains(name)), "{shown:?}");
    assert_eq!(pending["registrationStatus"], "PENDING_COMMIT");
    assert_eq!(
        pending["activationFingerprint"],
        phone.device.fingerprint().as_str(),
        "both ends show the same"
    );

    rig.world.host.advance(1_000);
    let commit = json!({ "externalUserId": "operator" });
    let done = rig.ok("POST", &format!("{}/commit", path(&id)), &commit);
    assert_eq!(done, json!({ "status": "OK" }));
    let active = rig.status(&id);
    expected
        .as_object_mut()
        .unwrap()
        .shift_remove("activationQrCodeData");
    expected["registrationStatus"] = json!("ACTIVE");
    for name in ["name", "platform", "deviceInfo"] {
        // What the phone did not tell is left out.
        if let Some(value) = active.get(name) {
            expected[name] = value.clone();
        }
    }
    assert_eq!(active, expected);

    let block = json!({ "change": "BLOCK", "externalUserId": "operator", "blockReason": "LOST" });
    assert_eq!(rig.ok("PUT", &path(&id), &block), json!({ "status": "OK" }));
    expected["registrationStatus"] = json!("BLOCKED");
    assert_eq!(rig.status(&id), expected);

    assert_eq!(
        rig.ok("DELETE", &path(&id), &Value::Null),
        json!({ "status": "OK" })
    );
    refused(
        &rig.call("GET", &path(&id), &Value::Null),
        "ERROR_REGISTRATION_NOT_FOUND",
        "Registration not found",
    );
}

#[test]
fn a_list_is_newest_first_and_without_what_is_gone() {
    let rig = Rig::new();
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(rig.register(USER, &json!({ "flags": ["FLAG_1"] })).0);
        rig.world.host.advance(1_000);
    }
    rig.register("another", &json!({}));
    rig.register_as(&rig.b, crate::rig::B, USER, &json!({}));
    rig.ok("DELETE", &path(&ids[1]), &Value::Null);
    let listed = || {
        let found = rig.ok("GET", &format!("/v2/registrations?userId={USER}"), &Value::Null);
        let items = found["registrations"].as_array().unwrap().clone();
        let id = |it: &Value| it["registrationId"].as_str().unwrap().to_owned();
        (items.iter().map(id).collect::<Vec<_>>(), items)
    };
    let (found, items) = listed();
    assert_eq!(found, [&ids[3], &ids[2], &ids[0]].map(Clone::clone));
    assert_eq!(
        items[0],
        json!({
            "registrationId": ids[3], "registrationStatus": "CREATED", "flags": ["FLAG_1"],
            "timestampCreated": START + 3_000, "timestampLastUsed": START + 3_000,
        })
    );
    // What was not completed in time is removed, whoever looks.
    rig.world.host.set(START + 300_000 + 1_500);
    assert_eq!(listed().0, [&ids[3], &ids[2]].map(Clone::clone));
    refused(
        &rig.call("GET", &path(&ids[0]), &Value::Null),
        "ERROR_REGISTRATION_NOT_FOUND",
        "Registration not found",
    );
    let nobody = rig.ok("GET", "/v2/registrations?userId=nobody", &Value::Null);
    assert_eq!(nobody, json!({ "registrations": [] }));
    for query in ["", "?userId=", "?user=x"] {
        refused(
            &rig.call("GET", &format!("/v2/registrations{query}"), &Value::Null),
            "ERROR_REQUEST",
            "Required String parameter 'userId' is not present",
        );
    }
}

#[test]
fn otp_modes() {
    let rig = Rig::new();
    let commit =
        |phone: &Phone, body: Value| rig.call("POST", &format!("{}/commit", path(&phone.id())), &body);
    let change = "ERROR_REGISTRATION_CHANGE";
    // Without a mode the OTP belongs to the commit.
    for (seed, more) in [
        (1, json!({ "otp": "12345" })),
        (2, json!({ "otp": "12345", "otpValidation": "ON_COMMIT" })),
    ] {
        let phone = rig.pending(USER, seed, &more);
        let wrong = "Registration cannot be committed, invalid OTP";
        refused(&commit(&phone, json!({})), change, wrong);
        refused(&commit(&phone, json!({ "otp": "54321" })), change, wrong);
        assert_eq!(
            commit(&phone, json!({ "otp": "12345" })).json(),
            json!({ "status": "OK" })
        );
        let again = "Registration cannot be committed, unexpected state: ACTIVE";
        refused(&commit(&phone, json!({ "otp": "12345" })), change, again);
    }
    // The last attempt removes the registration; a missing OTP is none.
    let phone = rig.pending(USER, 3, &json!({ "otp": "12345" }));
    for _ in 0..5 {
        commit(&phone, json!({}));
        assert_eq!(commit(&phone, json!({ "otp": "x" })).code(), change);
    }
    let gone = commit(&phone, json!({ "otp": "12345" }));
    refused(
        &gone,
        "ERROR_REGISTRATION_NOT_FOUND",
        "Registration not found for commit",
    );
    // One that came with the key exchange makes it ACTIVE at once; without a device nothing is committed.
    let on_exchange = json!({ "otp": "12345", "otpValidation": "ON_KEY_EXCHANGE" });
    let (id, _) = rig.register(USER, &on_exchange);
    let created = rig.call("POST", &format!("{}/commit", path(&id)), &json!({}));
    refused(
        &created,
        change,
        "Registration cannot be committed, unexpected state: CREATED",
    );
    // NONE is what it says.
    let phone = rig.pending(USER, 4, &json!({ "otpValidation": "NONE" }));
    assert_eq!(commit(&phone, json!({})).status, 200);
}

#[test]
fn what_is_wrong_with_a_creation() {
    let rig = Rig::new();
    let send = |body: Value| rig.call("POST", "/v2/registrations", &body);
    for (body, expected) in [
        (json!({}), vec!["userId", "appId"]),
        (json!({ "userId": "", "appId": A }), vec!["userId"]),
        (json!({ "userId": "x".repeat(256), "appId": A }), vec!["userId"]),
        // Another application, whether it exists or not.
        (json!({ "userId": USER, "appId": "app-b" }), vec!["appId"]),
        (json!({ "userId": USER, "appId": "nothing" }), vec!["appId"]),
        (
            json!({ "userId": USER, "appId": A, "otpValidation": "ON_COMMIT" }),
            vec!["otp"],
        ),
        (
            json!({ "userId": USER, "appId": A, "otpValidation": "ON_KEY_EXCHANGE" }),
            vec!["otp"],
        ),
        (
            json!({ "userId": USER, "appId": A, "otpValidation": "NONE", "otp": "1" }),
            vec!["otp"],
        ),
        (
            json!({ "userId": USER, "appId": A, "otpValidation": "SOMETIMES" }),
            vec!["otpValidation"],
        ),
        (
            json!({ "userId": USER, "appId": A, "flags": ["", "a b", "OK_-.9", "x".repeat(65)] }),
            vec!["flags"; 3],
        ),
        (json!({ "flags": ["?"] }), vec!["userId", "appId", "flags"]),
    ] {
        assert_eq!(violations(&send(body.clone())), expected, "{body}");
    }
    // The secret is never shown, the rest is.
    let answer = send(json!({ "userId": "", "appId": A, "otp": "0451", "otpValidation": "NONE" }));
    let text = String::from_utf8(answer.body).unwrap();
    assert!(
        !text.contains("0451") && text.contains(r#""invalidValue":"""#),
        "{text}"
    );
    for body in [
        "",
        "{",
        "[]",
        "7",
        r#"{"userId":{}}"#,
        r#"{"userId":"u","appId":"a","flags":"x"}"#,
    ] {
        let mut request = ask(Some(&rig.a), "POST", "/v2/registrations", &Value::Null);
        request.body = body.as_bytes().to_vec();
        refused(
            &rig.world.ask(&request),
            "ERROR_REQUEST",
            "The request body is missing or cannot be read",
        );
    }
}

#[test]
fn a_single_device_registers_once_at_a_time() {
    let rig = Rig::new();
    let set = |single: bool| {
        let body = json!({ "id": A, "singleDevice": single });
        let answer = rig.call_as(&rig.admin, "POST", "/admin/applications/settings", &body);
        assert_eq!(answer.json(), json!({ "status": "OK" }));
    };
    let create = |user: &str| {
        let body = json!({ "userId": user, "appId": A });
        rig.call("POST", "/v2/registrations", &body)
    };
    let first = rig.pending(USER, 1, &json!({}));
    set(true);
    let text = "Registration is already in progress";
    let not_allowed = || refused(&create(USER), "ERROR_REGISTRATION_NOT_ALLOWED", text);
    not_allowed();
    assert_eq!(create("another").status, 200);
    rig.ok("POST", &format!("{}/commit", path(&first.id())), &json!({}));
    // None is in progress: the second device may come, the third may not.
    assert_eq!(create(USER).status, 200);
    not_allowed();
    rig.world.host.advance(300_001);
    assert_eq!(create(USER).status, 200);
    not_allowed();
    // The setting is the application's.
    rig.register_as(&rig.b, crate::rig::B, USER, &json!({}));
    rig.register_as(&rig.b, crate::rig::B, USER, &json!({}));
    set(false);
    assert_eq!(create(USER).status, 200);
}

/// Both may have looked before either was written.
#[test]
fn of_two_registrations_at_once_a_single_device_gets_one() {
    let rig = Rig::new();
    let body = json!({ "id": A, "singleDevice": true });
    rig.call_as(&rig.admin, "POST", "/admin/applications/settings", &body);
    let mut schedule = Some(Schedule::default());
    let mut runs = 0;
    while let Some(mut current) = schedule.take() {
        let body = json!({ "userId": format!("user-{runs}"), "appId": A });
        let one = ask(Some(&rig.a), "POST", "/v2/registrations", &body);
        let world = &rig.world;
        let answers = interleave(
            &world.api,
            &*world.store,
            &*world.host,
            &[&one, &one],
            &mut current,
        );
        let mut told: Vec<_> = answers.iter().map(|it| (it.status, it.code())).collect();
        told.sort();
        let expected = [
            (200, String::new()),
            (400, "ERROR_REGISTRATION_NOT_ALLOWED".to_owned()),
        ];
        assert_eq!(told, expected, "run {runs}");
        runs += 1;
        schedule = current.next();
    }
    println!("{runs} orders");
    assert!(runs > 5);
}

#[test]
fn changes_follow_the_table() {
    let rig = Rig::new();
    let put = |id: &str, change: &str| rig.call("PUT", &path(id), &json!({ "change": change }));
    let made = |state: &str, seed: u64| match state {
        "CREATED" => rig.register(USER, &json!({})).0,
        "PENDING_COMMIT" => rig.pending(USER, seed, &json!({})).id(),
        state => {
            let id = rig.phone(USER, seed, &json!({})).id();
            if state == "BLOCKED" {
                assert_eq!(put(&id, "BLOCK").status, 200);
            }
            id
        }
    };
    let mut cases = 0;
    for (at, (state, change, after)) in [
        ("CREATED", "BLOCK", None),
        ("CREATED", "UNBLOCK", None),
        ("CREATED", "REMOVE", Some("")),
        ("PENDING_COMMIT", "BLOCK", None),
        ("PENDING_COMMIT", "UNBLOCK", None),
        ("PENDING_COMMIT", "REMOVE", Some("")),
        ("ACTIVE", "BLOCK", Some("BLOCKED")),
        ("ACTIVE", "UNBLOCK", None),
        ("ACTIVE", "REMOVE", Some("")),
        ("BLOCKED", "BLOCK", None),
        ("BLOCKED", "UNBLOCK", Some("ACTIVE")),
        ("BLOCKED", "REMOVE", Some("")),
    ]
    .into_iter()
    .enumerate()
    {
        let id = made(state, 10 + u64::try_from(at).unwrap());
        let answer = put(&id, change);
        match after {
            Some(after) => {
                assert_eq!(answer.json(), json!({ "status": "OK" }));
                if after.is_empty() {
                    let text = "Registration not found for state change";
                    refused(&put(&id, change), "ERROR_REGISTRATION_NOT_FOUND", text);
                } else {
                    assert_eq!(rig.status(&id)["registrationStatus"], after);
                }
            }
            None => {
                let possible = match state {
                    "ACTIVE" => "BLOCK or REMOVE",
                    "BLOCKED" => "UNBLOCK or REMOVE",
                    _ => "REMOVE",
                };
                let text = format!("Activation is {state}, you can only {possible} it.");
                refused(&answer, "ERROR_REGISTRATION_CHANGE", &text);
                assert_eq!(rig.status(&id)["registrationStatus"], state);
            }
        }
        cases += 1;
    }
    let (id, _) = rig.register(USER, &json!({}));
    for body in [json!({}), json!({ "change": "DELETE" }), json!({ "change": "" })] {
        assert_eq!(violations(&rig.call("PUT", &path(&id), &body)), ["change"]);
    }
    let text = "Registration not found for state change";
    for method in ["PUT", "DELETE"] {
        let answer = rig.call(method, &path(UNKNOWN), &json!({ "change": "REMOVE" }));
        refused(&answer, "ERROR_REGISTRATION_NOT_FOUND", text);
    }
    println!("{cases} changes");
}

#[test]
fn a_blocked_phone_signs_nothing_and_an_unblocked_one_does() {
    let rig = Rig::new();
    let mut phone = rig.phone(USER, 1, &json!({}));
    let mut valid = || rig.open.ask(&phone.login(Factors::Pin).ask()).valid();
    assert!(valid());
    for (change, expected) in [("BLOCK", false), ("UNBLOCK", true), ("REMOVE", false)] {
        let (id, _) = (phone_id(&rig), ());
        rig.ok("PUT", &path(&id), &json!({ "change": change }));
        assert_eq!(valid(), expected, "{change}");
    }
}

fn phone_id(rig: &Rig) -> String {
    let found = rig.ok("GET", &format!("/v2/registrations?userId={USER}"), &Value::Null);
    found["registrations"][0]["registrationId"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn flags_are_added_replaced_and_removed_in_order() {
    let rig = Rig::new();
    let (id, _) = rig.register(USER, &json!({ "flags": ["B"] }));
    let flags = path(&id) + "/flags";
    for (method, path, given, expected) in [
        ("POST", flags.clone(), json!(["A", "B", "A"]), json!(["B", "A"])),
        ("POST", flags.clone(), json!(["A"]), json!(["B", "A"])),
        (
            "POST",
            flags.clone() + "/remove",
            json!(["B", "never"]),
            json!(["A"]),
        ),
        ("PUT", flags.clone(), json!(["Z", "Y", "Z"]), json!(["Z", "Y"])),
        ("POST", flags.clone(), json!([]), json!(["Z", "Y"])),
        ("PUT", flags.clone(), json!([]), json!([])),
    ] {
        let done = rig.ok(method, &path, &json!({ "flags": given }));
        assert_eq!(done, json!({ "status": "OK" }));
        assert_eq!(rig.status(&id)["flags"], expected);
    }
    let many: Vec<String> = (0..100).map(|number| format!("F{number}")).collect();
    rig.ok("POST", &flags, &json!({ "flags": many }));
    for (method, path) in [
        ("POST", flags.clone()),
        ("PUT", flags.clone()),
        ("POST", flags + "/remove"),
    ] {
        for body in [
            json!({}),
            json!({ "flags": ["a b"] }),
            json!({ "flags": vec!["x"; 101] }),
        ] {
            let expected = vec!["flags"];
            assert_eq!(violations(&rig.call(method, &path, &body)), expected, "{body}");
        }
        let other = path.replace(&id, UNKNOWN);
        refused(
            &rig.call(method, &other, &json!({ "flags": ["A"] })),
            "ERROR_REGISTRATION_NOT_FOUND",
            "Registration not found",
        );
    }
    // One more than a registration may carry.
    let flags = path(&id) + "/flags";
    assert_eq!(
        violations(&rig.call("POST", &flags, &json!({ "flags": ["F100"] }))),
        ["flags"]
    );
}
