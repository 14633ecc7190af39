//! Headers and temporary-key JWTs: what is accepted, what is refused, and round trips.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use countersign::crypto::backend::{Backend, RustCrypto, default_backend};
use countersign::crypto::encoding::base64url;
use countersign::crypto::header::{
    AuthorizationHeader, EncryptionHeader, HeaderError, MAX_HEADER_LENGTH, TokenHeader, is_signature_text,
};
use countersign::crypto::jwt::{
    JwtError, TemporaryKeyRequest, TemporaryKeyResponse, UnverifiedJwt, request_key, sign_es256, sign_hs256,
};
use countersign::crypto::key::{KeyPair, PrivateKey};
use countersign::crypto::secret::Secret;
use countersign::crypto::signature::SignatureType;
use countersign::crypto::version::ProtocolVersion;

const ID: &str = "c564e700-7e86-4a87-b6c8-a5a0cc89683f";
const KEY: &str = "AAECAwQFBgcICQoLDA0ODw==";

fn authorization() -> String {
    format!(
        "PowerAuth pa_activation_id=\"{ID}\", pa_application_key=\"{KEY}\", pa_nonce=\"{KEY}\", \
         pa_signature_type=\"possession_knowledge\", pa_signature=\"12345678-12345678\", pa_version=\"3.0\""
    )
}

#[test]
fn authorization_header() {
    let text = authorization();
    let header = AuthorizationHeader::parse(&text).unwrap();
    assert_eq!(header.to_text(), text);
    assert_eq!(header.signature_type, SignatureType::PossessionKnowledge);
    assert_eq!(header.version, ProtocolVersion::V3_0);
    assert!(!format!("{header:?}").contains("12345678-"));

    // Order, separators, case of the type, unknown keys and repetition.
    let shuffled = format!(
        "  PowerAuth  pa_version=\"3.1\",pa_version=\"3.0\" , x=\"=\" pa_signature_type=\"Possession_Knowledge\"\t\
         pa_signature=\"12345678-12345678\",, pa_nonce=\"{KEY}\", pa_application_key=\"{KEY}\", pa_activation_id=\"{ID}\", "
    );
    assert_eq!(AuthorizationHeader::parse(&shuffled).unwrap(), header);
    let upper = AuthorizationHeader::parse(&text.replace(ID, &ID.to_uppercase())).unwrap();
    assert_eq!(upper.activation_id, ID.to_uppercase());

    for (from, to, error) in [
        ("PowerAuth ", "powerauth ", HeaderError::Syntax),
        ("PowerAuth ", "PowerAuth", HeaderError::Syntax),
        ("pa_version=\"3.0\"", "pa_version=3.0", HeaderError::Syntax),
        ("pa_version=\"3.0\"", "pa_version=\"3.0", HeaderError::Syntax),
        ("\", pa_nonce", "\"pa_nonce", HeaderError::Syntax),
        ("3.0", "2.1", HeaderError::Version),
        ("3.0", "", HeaderError::Missing("pa_version")),
        ("pa_nonce", "nonce", HeaderError::Missing("pa_nonce")),
        (ID, "undefined", HeaderError::Invalid("pa_activation_id")),
        (
            "possession_knowledge",
            "knowledge_biometry",
            HeaderError::Invalid("pa_signature_type"),
        ),
        (
            "12345678-12345678",
            "1234567812345678x",
            HeaderError::Invalid("pa_signature"),
        ),
        (
            "pa_nonce=\"AAEC",
            "pa_nonce=\"AA-C",
            HeaderError::Invalid("pa_nonce"),
        ),
        (
            "pa_nonce=\"AAECAwQF",
            "pa_nonce=\"",
            HeaderError::Invalid("pa_nonce"),
        ),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        assert_eq!(AuthorizationHeader::parse(&changed), Err(error), "{from} -> {to}");
    }
    let long = format!("{text}, x=\"{}\"", "y".repeat(MAX_HEADER_LENGTH));
    assert_eq!(AuthorizationHeader::parse(&long), Err(HeaderError::TooLong));
}

#[test]
fn signature_shapes() {
    let decimal = "12345678";
    for valid in [
        decimal.to_owned(),
        [decimal; 2].join("-"),
        [decimal; 3].join("-"),
        KEY.to_owned(),
        "6bNP9Au+LkYlfdwTv/4EE3vVejI12684SFJTkb4wx9A=".to_owned(),
        "A".repeat(64),
    ] {
        assert!(is_signature_text(&valid), "{valid}");
    }
    for bad in [
        "",
        "1234567",
        "123456789",
        "1234-5678-1234567",
        "12345678-1234567x",
        "A+ECAwQFBgcICQoLDA0ODw=A",
    ] {
        assert!(!is_signature_text(bad), "{bad}");
    }
}

#[test]
fn token_and_encryption_headers() {
    let digest = "RbgZgIfIH/JeixLf2bg+y4ufVtCEe6OSZquGH3WT9zM=";
    let text = format!(
        "PowerAuth token_id=\"{ID}\", token_digest=\"{digest}\", nonce=\"{KEY}\", timestamp=\"1700000000000\", version=\"3.2\""
    );
    let header = TokenHeader::parse(&text).unwrap();
    assert_eq!(
        (header.to_text(), header.timestamp),
        (text.clone(), 1_700_000_000_000)
    );
    for bad in [
        "12345678",
        "1234567890123456",
        "-1700000000000",
        "17000000000x0",
        "1.7e12000",
    ] {
        let changed = text.replace("1700000000000", bad);
        assert_eq!(
            TokenHeader::parse(&changed),
            Err(HeaderError::Invalid("timestamp")),
            "{bad}"
        );
    }
    assert_eq!(
        TokenHeader::parse(&text.replace(digest, KEY)),
        Err(HeaderError::Invalid("token_digest"))
    );

    let text = format!("PowerAuth version=\"3.3\", application_key=\"{KEY}\", activation_id=\"{ID}\"");
    let header = EncryptionHeader::parse(&text).unwrap();
    assert_eq!(
        (header.to_text(), header.activation_id.as_deref()),
        (text.clone(), Some(ID))
    );
    let application = EncryptionHeader::parse(&text.replace(ID, "")).unwrap();
    assert_eq!(application.activation_id, None);
    assert_eq!(
        EncryptionHeader::parse(&text.replace(ID, "x")),
        Err(HeaderError::Invalid("activation_id"))
    );
}

fn request() -> TemporaryKeyRequest {
    TemporaryKeyRequest {
        application_key: KEY.to_owned(),
        activation_id: Some(ID.to_owned()),
        challenge: "AAECAwQFBgcICQoLDA0ODxAR".to_owned(),
    }
}

#[test]
fn request_jwt() {
    let key = request_key(&[7; 16], Some(&Secret::from_bytes([8; 16])));
    let text = request().sign(&key).unwrap();
    let (read, jwt) = TemporaryKeyRequest::parse(&text).unwrap();
    assert_eq!(read, request());
    assert_eq!(jwt.verify_hs256(&key), Ok(()));
    assert_eq!(
        jwt.verify_hs256(&request_key(&[7; 16], None)),
        Err(JwtError::Signature)
    );

    let segments: Vec<&str> = text.split('.').collect();
    let claims = String::from_utf8(base64url::decode(segments[1]).unwrap()).unwrap();
    for bad in [
        String::new(),
        segments[..2].join("."),
        format!("{text}."),
        format!("{text}.AA"),
        format!(".{}.{}", segments[1], segments[2]),
        format!("{}..{}", segments[0], segments[2]),
        format!("{}.{}.", segments[0], segments[1]),
        text.replace('.', "="),
        "A".repeat(10_000),
        sign_hs256(r#"{"typ":"JWT"}"#, &claims, &key),
        sign_hs256(r#"{"alg":"HS256","crit":["exp"]}"#, &claims, &key),
        sign_hs256(r#"{"alg":"HS256","alg":"HS256"}"#, &claims, &key),
        sign_hs256(r#"{"alg":"HS256"}"#, "[]", &key),
        sign_hs256(r#"{"alg":"HS256"}"#, &claims.replace("challenge", "other"), &key),
    ] {
        assert_eq!(
            TemporaryKeyRequest::parse(&bad).err(),
            Some(JwtError::Malformed),
            "{bad}"
        );
    }
    for algorithm in ["none", "HS384", "ES256", "hs256", ""] {
        let other = sign_hs256(&format!(r#"{{"alg":"{algorithm}"}}"#), &claims, &key);
        let jwt = UnverifiedJwt::parse(&other).unwrap();
        assert_eq!(jwt.verify_hs256(&key), Err(JwtError::Malformed), "{algorithm}");
    }
}

#[test]
fn response_jwt() {
    let backend = default_backend();
    let pair = |byte| KeyPair::from_private(backend, PrivateKey::from_bytes(&[byte; 32]).unwrap()).unwrap();
    let (signer, temporary, other) = (pair(1), pair(2), pair(3));
    let key = backend.import_private(&signer.private).unwrap();
    let answer = TemporaryKeyResponse::answer(
        &request(),
        ID.to_owned(),
        &temporary.public,
        1_700_000_000_123,
        1_700_000_300_123,
    );
    assert_eq!((answer.iat, answer.exp), (1_700_000_000, 1_700_000_300));
    let text = answer.sign(key.as_ref()).unwrap();
    let verify = |text: &str, signer: &KeyPair, request: &TemporaryKeyRequest| {
        TemporaryKeyResponse::verify(text, backend, &signer.public, request)
    };
    assert_eq!(
        verify(&text, &signer, &request()),
        Ok((answer.clone(), temporary.public))
    );
    assert_eq!(verify(&text, &other, &request()), Err(JwtError::Signature));
    for changed in [
        TemporaryKeyRequest {
            challenge: KEY.to_owned(),
            ..request()
        },
        TemporaryKeyRequest {
            application_key: "x".to_owned(),
            ..request()
        },
        TemporaryKeyRequest {
            activation_id: None,
            ..request()
        },
    ] {
        assert_eq!(verify(&text, &signer, &changed), Err(JwtError::OtherRequest));
    }
    let claims = serde_json::to_string(&answer).unwrap();
    let wrong_algorithm = sign_es256(r#"{"alg":"HS256"}"#, &claims, key.as_ref()).unwrap();
    assert_eq!(
        verify(&wrong_algorithm, &signer, &request()),
        Err(JwtError::Malformed)
    );
    let (signed, _) = text.rsplit_once('.').unwrap();
    // A DER signature is not a JOSE signature.
    let der = RustCrypto
        .sign(&signer.private, signed.as_bytes())
        .unwrap()
        .to_der();
    let der = format!("{signed}.{}", base64url::encode(&der));
    assert_eq!(verify(&der, &signer, &request()), Err(JwtError::Signature));
}
