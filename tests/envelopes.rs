//! ECIES: the exchange of the specification, presence rules, tampering, replay identifiers.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use countersign::crypto::backend::{Backend, default_backend};
use countersign::crypto::ecies::{
    Decryptor, EciesError, Encryptor, EnvelopeRequest, EnvelopeResponse, Parameters, Purpose,
    associated_data, replay_identifier, shared_info2_base,
};
use countersign::crypto::encoding::base64;
use countersign::crypto::key::{KeyPair, PrivateKey};
use countersign::crypto::random::{Random, RandomError};
use countersign::crypto::secret::Secret;
use countersign::crypto::version::ProtocolVersion;

const SECRET: &str = "AAECAwQFBgcICQoLDA0ODw==";

fn seq<const N: usize>(start: u8) -> [u8; N] {
    core::array::from_fn(|i| start + u8::try_from(i).unwrap())
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

struct Fixed(Vec<u8>);

impl Random for Fixed {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        out.copy_from_slice(self.0.get(..out.len()).ok_or(RandomError)?);
        Ok(())
    }
}

fn ecies_parameters() -> Parameters<'static> {
    Parameters {
        version: ProtocolVersion::V3_3,
        purpose: Purpose::GenericApplication,
        application_key: SECRET,
        activation_id: None,
        temporary_key_id: Some("d1f2c3b4-0000-4000-8000-000000000001"),
    }
}

struct Exchange {
    request: EnvelopeRequest,
    response: EnvelopeResponse,
}

/// The exchange of the specification, checked to the byte.
fn exchange(backend: &dyn Backend) -> Exchange {
    let pair = |byte| KeyPair::from_private(backend, PrivateKey::from_bytes(&[byte; 32]).unwrap()).unwrap();
    let (recipient, ephemeral) = (pair(1), pair(2));
    let (parameters, base) = (ecies_parameters(), shared_info2_base(SECRET, None));
    let z = backend.agree(&ephemeral.private, &recipient.public).unwrap();
    assert_eq!(
        hex(z.as_bytes()),
        "eb459a6b30d70eb4c0ddcd34ea96ed59e8f8d1843c22dd895ab603aa13d9a81d"
    );
    let data = "00000003332e3300000018414145434177514642676349435\
                16f4c4441304f44773d3d0000002464316632633362342d303030302d343030302d383030302d303030303030303030303031";
    assert_eq!(hex(&associated_data(&parameters).unwrap()), data);

    let encryptor =
        Encryptor::with_ephemeral(backend, &recipient.public, &parameters, &base, &ephemeral).unwrap();
    let (request, opener) = encryptor
        .seal(b"{}", 1_700_000_000_000, &mut Fixed(seq::<16>(0xA0).to_vec()))
        .unwrap();
    assert_eq!(
        hex(opener.envelope_key().as_bytes()),
        "49585e2f60380b2553228fb72e061c9219ed318791fb52cbe6d40b9d4f3487e0ac59f18bb2d98bc758eec443924d7a38"
    );
    assert_eq!(
        request.encrypted_data.as_deref(),
        Some("btjPpuiUOqCoRpoYhWlC4Q==")
    );
    assert_eq!(
        request.mac.as_deref(),
        Some("+zLCMPt3jyOkjWs/F4RY1uuBjlmkLJTmn0HTw3kZhBg=")
    );

    let private = backend.import_private(&recipient.private).unwrap();
    let received = request.decode(parameters.version).unwrap();
    let decryptor = Decryptor::new(private.as_ref(), &parameters, &base, &received).unwrap();
    let (plain, sealer) = decryptor.open(&received).unwrap();
    assert_eq!(plain.as_bytes(), b"{}");
    let response = sealer
        .seal(b"{}", 1_700_000_000_001, &mut Fixed(seq::<16>(0xB0).to_vec()))
        .unwrap();
    assert_eq!(
        response.encrypted_data.as_deref(),
        Some("FpPi8+hOjq3COTiNodQZCQ==")
    );
    assert_eq!(
        response.mac.as_deref(),
        Some("e3F39aWhRhY4wSerQUaAsmITzW3SeuysrZ9iOtNQvMU=")
    );
    assert_eq!(opener.open(&response).unwrap().as_bytes(), b"{}");
    Exchange { request, response }
}

#[test]
fn ecies_of_the_specification() {
    let Exchange { request, response } = exchange(default_backend());
    let json = serde_json::to_value(&request).unwrap();
    assert_eq!(json.as_object().unwrap().len(), 6);
    assert_eq!(
        serde_json::from_value::<EnvelopeRequest>(json.clone()).unwrap(),
        request
    );
    let mut unknown = json;
    unknown["extra"] = 1.into();
    assert!(serde_json::from_value::<EnvelopeRequest>(unknown).is_err());
    assert_eq!(
        serde_json::to_value(&response)
            .unwrap()
            .as_object()
            .unwrap()
            .len(),
        4
    );
}

/// Spec 4.6: for every version, dropping a required field and adding a superfluous one are both errors.
#[test]
fn presence_rules_of_envelopes() {
    let request = exchange(default_backend()).request;
    let mut checked = 0;
    for version in ProtocolVersion::ALL {
        let mut good = request.clone();
        for (wanted, clear) in [
            (
                version.has_temporary_keys(),
                (|r| r.temporary_key_id = None) as fn(&mut EnvelopeRequest),
            ),
            (version.has_request_nonce(), |r| r.nonce = None),
            (version.has_timestamp(), |r| r.timestamp = None),
        ] {
            if !wanted {
                clear(&mut good);
            }
        }
        assert!(good.decode(version).is_ok(), "{version}");
        type Change = fn(&mut EnvelopeRequest);
        let changes: [(&str, Change); 6] = [
            ("temporaryKeyId", |r| {
                r.temporary_key_id = r.temporary_key_id.take().map_or(Some("id".into()), |_| None)
            }),
            ("nonce", |r| {
                r.nonce = r.nonce.take().map_or(Some(SECRET.into()), |_| None)
            }),
            ("timestamp", |r| {
                r.timestamp = r.timestamp.take().map_or(Some(0), |_| None)
            }),
            ("ephemeralPublicKey", |r| r.ephemeral_public_key = None),
            ("encryptedData", |r| r.encrypted_data = None),
            ("mac", |r| r.mac = Some(SECRET.into())),
        ];
        for (name, change) in changes {
            let mut bad = good.clone();
            change(&mut bad);
            assert_eq!(bad.decode(version), Err(EciesError::Field(name)), "{version}");
            checked += 1;
        }
    }
    assert_eq!(checked, 24);
}

/// Every field of an envelope is authenticated: any changed bit, and any changed parameter, fails the same way.
#[test]
fn tampered_envelopes_fail_uniformly() {
    let backend = default_backend();
    let request = exchange(backend).request.decode(ProtocolVersion::V3_3).unwrap();
    let private = backend
        .import_private(&PrivateKey::from_bytes(&[1; 32]).unwrap())
        .unwrap();
    let open = |parameters: &Parameters<'_>, base: &Secret<32>, request| {
        Decryptor::new(private.as_ref(), parameters, base, request)?
            .open(request)
            .map(|_| ())
    };
    let (parameters, base) = (ecies_parameters(), shared_info2_base(SECRET, None));
    assert_eq!(open(&parameters, &base, &request), Ok(()));
    let mut changed = Vec::new();
    for i in 0..request.mac.len() {
        let mut bad = request.clone();
        bad.mac[i] ^= 1;
        changed.push(bad);
    }
    for i in 0..request.encrypted_data.len() {
        let mut bad = request.clone();
        bad.encrypted_data[i] ^= 0x80;
        changed.push(bad);
    }
    for i in 0..request.ephemeral_key.len() {
        let mut bad = request.clone();
        bad.ephemeral_key[i] ^= 1;
        changed.push(bad);
    }
    changed.push(countersign::crypto::ecies::Request {
        nonce: Some([0; 16]),
        ..request.clone()
    });
    changed.push(countersign::crypto::ecies::Request {
        timestamp: Some(1_700_000_000_001),
        ..request.clone()
    });
    changed.push(countersign::crypto::ecies::Request {
        encrypted_data: vec![],
        ..request.clone()
    });
    for bad in &changed {
        assert_eq!(open(&parameters, &base, bad), Err(EciesError::Decryption));
    }
    for bad in [
        Parameters {
            version: ProtocolVersion::V3_2,
            temporary_key_id: None,
            ..parameters
        },
        Parameters {
            purpose: Purpose::ActivationLayer2,
            ..parameters
        },
        Parameters {
            application_key: "AQECAwQFBgcICQoLDA0ODw==",
            ..parameters
        },
        Parameters {
            temporary_key_id: Some("D1F2C3B4-0000-4000-8000-000000000001"),
            ..parameters
        },
    ] {
        assert_eq!(open(&bad, &base, &request), Err(EciesError::Decryption));
    }
    assert_eq!(
        open(&parameters, &shared_info2_base("other", None), &request),
        Err(EciesError::Decryption)
    );
    let mismatched = Parameters {
        purpose: Purpose::TokenCreate,
        ..parameters
    };
    assert_eq!(
        open(&mismatched, &base, &request),
        Err(EciesError::Parameter("activation_id"))
    );
}

#[test]
fn replay_identifiers() {
    let nonce: [u8; 16] = seq(0xA0);
    assert_eq!(
        replay_identifier(&[], &nonce, "id"),
        base64::encode(&[&nonce[..], b"id"].concat())
    );
    assert_ne!(
        replay_identifier(&[2; 33], &nonce, ""),
        replay_identifier(&[3; 33], &nonce, "")
    );
}
