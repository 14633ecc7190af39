//! The Mobile Token calls against the small server, and replies of deployed servers.

use crate::rig::{Rig, refused};
use crate::support::{biometry_key, pin};
use countersign::client::{
    Approval, Authentication, POSSESSION_UNIVERSAL, Proximity, ProximitySource, RejectReason, ReplyError,
    RequestError,
};
use countersign::crypto::version::ProtocolVersion;
use serde_json::{Value, json};

fn operation(id: &str) -> Value {
    json!({
        "id": id, "name": "authorize_payment", "data": "A1*A100CZK*Q238400856/0300", "status": "PENDING",
        "operationCreated": "2018-07-02T14:43:13+0000", "operationExpires": "2018-07-02T14:48:17+0000",
        "allowedSignatureType": { "type": "2FA", "variants": ["possession_knowledge", "possession_biometry"] },
        "formData": { "title": "Confirm Payment", "message": "Hello,\nplease confirm:", "attributes": [
            { "type": "AMOUNT", "id": "a", "label": "Amount", "amount": 2199.40, "currency": "CZK",
              "amountFormatted": "2199,40", "currencyFormatted": "Kč" },
            { "type": "SOMETHING_NEW", "id": "b", "label": "New", "shape": { "x": 1 } }]},
        "ui": { "flipButtons": true }, "unknownMember": [1, 2],
    })
}

#[test]
fn list_detail_approve_reject() {
    for version in ProtocolVersion::ALL {
        let mut rig = Rig::new(version);
        let (pin, biometry, now) = (pin(), biometry_key(), rig.now());
        rig.create_token(POSSESSION_UNIVERSAL, &Authentication::Possession)
            .unwrap();
        rig.server.operations = vec![
            operation("op-1"),
            json!({ "id": "broken" }),
            operation("op-2"),
            operation("op-3"),
        ];

        let call = rig
            .device
            .list_operations(POSSESSION_UNIVERSAL, now, &mut rig.rng)
            .unwrap();
        let replay = call.request.clone();
        let (pending, status, body) = rig.send_call(call);
        let list = pending.read(status, &body).unwrap();
        assert_eq!((list.operations.len(), list.unreadable), (3, 1));
        let current = list.current_timestamp.unwrap();
        let first = &list.operations[0];
        assert!(!first.is_expired(&current));
        assert!(
            first.allowed_signature_type.allows_biometry() && !first.allowed_signature_type.is_one_factor()
        );
        assert_eq!(
            first.form_data.attributes[0].text().as_deref(),
            Some("2199,40 Kč")
        );
        assert_eq!(first.form_data.attributes[1].text(), None);
        assert_eq!(rig.server.handle(&replay).0, 401, "a token header serves once");

        for claim in [false, true] {
            let call = if claim {
                rig.device
                    .claim_operation("op-2", POSSESSION_UNIVERSAL, now, &mut rig.rng)
            } else {
                rig.device
                    .request_operation("op-2", POSSESSION_UNIVERSAL, now, &mut rig.rng)
            };
            let (pending, status, body) = rig.send_call(call.unwrap());
            let detail = pending.read(status, &body).unwrap();
            assert_eq!(detail.id, "op-2");
        }
        let call = rig
            .device
            .request_operation("op-9", POSSESSION_UNIVERSAL, now, &mut rig.rng)
            .unwrap();
        let (pending, status, body) = rig.send_call(call);
        let error = pending.read(status, &body).map(drop);
        assert_eq!(refused(error), (400, "INVALID_OPERATION".to_owned()));

        let proximity = Proximity {
            otp: "12345678".to_owned(),
            source: ProximitySource::QrCode,
            received_ms: 1_682_935_200_123,
        };
        let approval = Approval {
            operation_id: "op-1",
            data: &first.data,
            proximity: Some(&proximity),
            mobile_token_data: Some(&json!({ "k": "v" })),
        };
        let with_pin = Authentication::PossessionKnowledge(&pin);
        let approve = rig
            .device
            .approve_operation(&approval, &with_pin, 1_682_935_204_000, &mut rig.rng);
        let (pending, status, body) = rig.send(approve);
        pending.read(status, &body).unwrap();
        assert_eq!(
            rig.server.operations[0]["authorized"],
            json!({
                "id": "op-1", "data": "A1*A100CZK*Q238400856/0300",
                "proximityCheck": { "otp": "12345678", "type": "QR_CODE",
                    "timestampReceived": "2023-05-01T10:00:00.123Z", "timestampSent": "2023-05-01T10:00:04.000Z" },
                "mobileTokenData": { "k": "v" },
            })
        );
        let again = rig
            .device
            .approve_operation(&approval, &with_pin, now, &mut rig.rng);
        let (pending, status, body) = rig.send(again);
        assert_eq!(
            refused(pending.read(status, &body)),
            (400, "OPERATION_ALREADY_FINISHED".to_owned())
        );

        let plain = Approval {
            operation_id: "op-2",
            data: "A1*other",
            proximity: None,
            mobile_token_data: None,
        };
        let with_biometry = Authentication::PossessionBiometry(&biometry);
        let wrong = rig
            .device
            .approve_operation(&plain, &with_biometry, now, &mut rig.rng);
        let (pending, status, body) = rig.send(wrong);
        assert_eq!(
            refused(pending.read(status, &body)),
            (401, "OPERATION_FAILED".to_owned())
        );
        let right = Approval {
            data: &first.data,
            ..plain
        };
        let approve = rig
            .device
            .approve_operation(&right, &with_biometry, now, &mut rig.rng);
        let (pending, status, body) = rig.send(approve);
        pending.read(status, &body).unwrap();
        assert_eq!(
            rig.server.operations[2]["authorized"],
            json!({ "id": "op-2", "data": first.data })
        );
        for factors in [
            Authentication::Knowledge(&pin),
            Authentication::PossessionKnowledgeBiometry(&pin, &biometry),
        ] {
            let error = rig.device.approve_operation(&right, &factors, now, &mut rig.rng);
            assert_eq!(error.err(), Some(RequestError::Factors));
        }

        let reject = rig
            .device
            .reject_operation("op-3", RejectReason::UnexpectedOperation, &mut rig.rng);
        let (pending, status, body) = rig.send(reject);
        pending.read(status, &body).unwrap();
        let history = rig.device.request_history(&with_pin, &mut rig.rng);
        let (pending, status, body) = rig.send(history);
        let history = pending.read(status, &body).unwrap();
        let states: Vec<_> = history
            .operations
            .iter()
            .map(|operation| (operation.status.as_deref(), operation.status_reason.as_deref()))
            .collect();
        assert_eq!(
            states,
            [
                (Some("APPROVED"), None),
                (Some("APPROVED"), None),
                (Some("REJECTED"), Some("UNEXPECTED_OPERATION"))
            ]
        );
        let error = rig
            .device
            .request_history(&Authentication::Possession, &mut rig.rng);
        assert_eq!(error.err(), Some(RequestError::Factors));
    }
}

#[test]
fn a_detail_of_another_operation_is_refused() {
    let mut rig = Rig::new(ProtocolVersion::V3_3);
    let now = rig.now();
    rig.create_token("t", &Authentication::Possession).unwrap();
    let call = rig
        .device
        .request_operation("op-1", "t", now, &mut rig.rng)
        .unwrap();
    let body = json!({ "status": "OK", "responseObject": operation("op-2") }).to_string();
    assert_eq!(
        call.pending.read(200, body.as_bytes()),
        Err(ReplyError::Malformed("id"))
    );
}

#[test]
fn reasons() {
    assert_eq!(RejectReason::Unknown.as_str(), "UNKNOWN");
    assert_eq!(RejectReason::IncorrectData.as_str(), "INCORRECT_DATA");
    assert_eq!(RejectReason::Other("x").as_str(), "x");
}
