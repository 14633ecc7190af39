//! Offline approval: payloads of both kinds, with and without a one-time password, against `crypto`'s verification.

use crate::rig::Rig;
use crate::server::WINDOW;
use crate::support::{biometry_key, pin, saved};
use countersign::client::{Authentication, Pin, RequestError, ScanError};
use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::encoding::base64;
use countersign::crypto::offline::{
    OperationData, PayloadKind, Template, Verification, base_string, build_payload, canonical_code,
};
use countersign::crypto::signature::SignatureType;
use countersign::crypto::version::ProtocolVersion;

const DATA: &str = "A1*A100CZK*ICZ2730300000001165254011*R/VS123456/SS/KS*D20180425";

fn payload(rig: &mut Rig, kind: PayloadKind, flags: &str, totp: Option<&str>) -> String {
    let id = rig.id();
    let key = match kind {
        PayloadKind::NonPersonalized => &rig.server.master.private,
        PayloadKind::Personalized => &rig.server.activation(&id).server.private,
    };
    let key = RustCrypto.import_private(key).unwrap();
    let lines = format!("op-1\nPayment\nPlease\\nconfirm\n{DATA}\n{flags}");
    build_payload(&lines, totp, &[8; 16], kind, key.as_ref()).unwrap()
}

fn verifies(
    rig: &mut Rig,
    code: &str,
    biometry: bool,
    passwords: Option<&[String]>,
) -> Option<SignatureType> {
    let id = rig.id();
    let activation = rig.server.activation(&id);
    let base = base_string("op-1", DATA, None, &base64::encode(&[8; 16]));
    let verification = Verification {
        base: &base,
        signature: code,
        allow_biometry: biometry,
        component_length: 8,
        totp: passwords,
    };
    let keys = activation.keys.as_ref().unwrap().factor_keys();
    let matched = verification.run(&keys, &activation.counter, WINDOW).unwrap()?;
    activation.counter = matched.next;
    Some(matched.signature_type)
}

#[test]
fn both_kinds_with_both_factors() {
    let mut approved = 0;
    for version in ProtocolVersion::ALL {
        let mut rig = Rig::new(version);
        let (pin, biometry) = (pin(), biometry_key());
        for (kind, flags, totp) in [
            (PayloadKind::NonPersonalized, "B", None),
            (PayloadKind::NonPersonalized, "", None),
            (PayloadKind::Personalized, "XFCB", None),
            (PayloadKind::Personalized, "B", Some("01234567")),
        ] {
            let text = payload(&mut rig, kind, flags, totp);
            let operation = rig.device.read_offline_operation(&text).unwrap();
            assert_eq!(operation.message, "Please\nconfirm");
            assert_eq!(operation.totp.as_deref(), totp);
            let data = OperationData::parse(&operation.operation_data).unwrap();
            assert_eq!(data.template(), Template::Payment);
            let passwords = totp.map(|totp| vec!["99999999".to_owned(), totp.to_owned()]);

            let mut factors = vec![(
                Authentication::PossessionKnowledge(&pin),
                SignatureType::PossessionKnowledge,
            )];
            if operation.flags.biometry {
                factors.push((
                    Authentication::PossessionBiometry(&biometry),
                    SignatureType::PossessionBiometry,
                ));
            }
            for (factors, expected) in factors {
                let code = rig.device.approve_offline(&operation, &factors).unwrap();
                let code = saved(&rig.device, code);
                assert_eq!((code.as_str().len(), code.grouped().len()), (17, 19));
                assert!(code.grouped().split('-').all(|group| group.len() == 4));
                assert_eq!(canonical_code(&code.grouped(), 8).as_deref(), Some(code.as_str()));
                assert_eq!(format!("{code:?}"), "OfflineCode(..)");
                let matched = verifies(&mut rig, code.as_str(), true, passwords.as_deref());
                assert_eq!(matched, Some(expected));
                // Not twice.
                assert_eq!(
                    verifies(&mut rig, code.as_str(), true, passwords.as_deref()),
                    None
                );
                approved += 1;
            }
        }
    }
    println!("offline approvals verified: {approved}");
    assert_eq!(approved, 4 * 7);
}

#[test]
fn what_is_not_signed() {
    let mut rig = Rig::new(ProtocolVersion::V3_3);
    let (pin, biometry) = (pin(), biometry_key());
    let text = payload(&mut rig, PayloadKind::Personalized, "", None);
    let operation = rig.device.read_offline_operation(&text).unwrap();
    let before = rig.device.to_state().to_json().unwrap();
    for (factors, error) in [
        (
            Authentication::PossessionBiometry(&biometry),
            RequestError::BiometryNotAllowed,
        ),
        (Authentication::Possession, RequestError::Factors),
        (Authentication::Knowledge(&pin), RequestError::Factors),
        (
            Authentication::PossessionKnowledgeBiometry(&pin, &biometry),
            RequestError::Factors,
        ),
    ] {
        let refused = rig.device.approve_offline(&operation, &factors);
        assert_eq!(refused.err(), Some(error));
    }
    assert_eq!(rig.device.to_state().to_json().unwrap(), before);

    let wrong = Pin::new("0000").unwrap();
    let code = rig
        .device
        .approve_offline(&operation, &Authentication::PossessionKnowledge(&wrong));
    let code = code.unwrap().assume_saved();
    assert_eq!(verifies(&mut rig, code.as_str(), false, None), None);
}

#[test]
fn payloads_of_others_are_refused() {
    let mut rig = Rig::seeded(ProtocolVersion::V3_3, 1);
    let mut other = Rig::seeded(ProtocolVersion::V3_3, 2);
    let mut refused = 0;
    for kind in [PayloadKind::NonPersonalized, PayloadKind::Personalized] {
        let foreign = payload(&mut other, kind, "B", None);
        assert_eq!(
            rig.device.read_offline_operation(&foreign),
            Err(ScanError::Signature)
        );
        let own = payload(&mut rig, kind, "B", None);
        // Every changed character is noticed, as no payload or as a wrong signature.
        for i in 0..own.len() {
            let mut bytes = own.clone().into_bytes();
            bytes[i] ^= 1;
            let Ok(changed) = core::str::from_utf8(&bytes) else {
                continue;
            };
            assert!(
                rig.device.read_offline_operation(changed).is_err(),
                "character {i} of {own:?}"
            );
            refused += 1;
        }
        // Another kind is checked with another key.
        let (from, to) = match kind {
            PayloadKind::NonPersonalized => ("\n0", "\n1"),
            PayloadKind::Personalized => ("\n1", "\n0"),
        };
        assert!(
            rig.device
                .read_offline_operation(&own.replacen(from, to, 1))
                .is_err()
        );
    }
    println!("changed offline payloads refused: {refused}");
}
