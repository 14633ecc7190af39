//! Codes, base strings, queries, configuration.

use super::{Family, Fields, Vector};
use countersign::crypto::base::{SignatureBase, SignatureMetadata, build, signed_bytes};
use countersign::crypto::code::{ActivationCode, ActivationQr, Puk, RecoveryCode, correct_character, crc16};
use countersign::crypto::encoding::{base64, length_prefixed};
use countersign::crypto::query::{canonical, canonical_parameters, form_decode, form_encode};
use countersign::crypto::recovery::RecoveryDerivation;
use countersign::crypto::sdk_config::{SdkConfiguration, decode_count, encode_count};
use data_encoding::HEXLOWER_PERMISSIVE;

pub(crate) const FAMILIES: &[Family] = &[
    ("activation-code-build.json", code_build),
    ("own/activation-code.json", own_code),
    ("activation-code.json", code),
    ("activation-code-parse.json", code_parse),
    ("activation-code-typing.json", typing),
    ("recovery-code.json", recovery_code),
    ("recovery-code-parse.json", recovery_code_parse),
    ("recovery-puk.json", puk),
    ("recovery-data.json", recovery_data),
    ("computed/recovery-postcard.json", postcard),
    ("own/recovery-postcard.json", postcard),
    ("crc16.json", crc),
    ("concat-with-sizes.json", concat),
    ("query-normalization.json", query),
    ("url-encoding.json", url_encoding),
    ("signature-base-string.json", base_string),
    ("signature-data-parse.json", data_parse),
    ("signature-metadata.json", metadata),
    ("sdk-configuration.json", sdk_configuration),
    ("sdk-count-encoding.json", sdk_count),
];

fn code_build(v: &Vector<'_>) {
    let code = ActivationCode::from_random(v.input.hex("randomBytes").try_into().unwrap());
    assert_eq!(code.as_str(), v.output.text("code"));
    assert_eq!(
        ActivationCode::parse(code.as_str()).unwrap().as_str(),
        code.as_str()
    );
}

fn own_code(v: &Vector<'_>) {
    code_build(v);
    assert!(ActivationCode::parse(v.output.text("mistypedCode")).is_err());
}

fn code(v: &Vector<'_>) {
    assert_eq!(
        ActivationCode::parse(v.input.text("code")).is_ok(),
        v.output.flag("valid")
    );
}

fn code_parse(v: &Vector<'_>) {
    let qr = ActivationQr::parse(v.input.text("text"));
    assert_eq!(qr.is_ok(), v.output.flag("valid"));
    if let Ok(qr) = qr {
        assert_eq!(qr.code.as_str(), v.output.text("code"));
        assert_eq!(
            qr.signature.as_deref().unwrap_or_default(),
            v.output.text("signature")
        );
        assert_eq!(qr.to_text(), v.input.text("text"));
    }
}

fn typing(v: &Vector<'_>) {
    let typed = v.input.text("character").chars().next().unwrap();
    let corrected = correct_character(typed);
    assert_eq!(corrected == Some(typed), v.output.flag("allowed"));
    assert_eq!(
        corrected.map(String::from).as_deref(),
        v.output.opt_text("corrected")
    );
}

fn recovery_code(v: &Vector<'_>) {
    let text = v.input.text("code");
    let parsed = if v.input.flag("allowPrefix") {
        RecoveryCode::parse_qr(text)
    } else {
        RecoveryCode::parse(text)
    };
    assert_eq!(parsed.is_ok(), v.output.flag("valid"));
}

fn recovery_code_parse(v: &Vector<'_>) {
    let parsed = RecoveryCode::parse_qr(v.input.text("text"));
    assert_eq!(parsed.is_ok(), v.output.flag("valid"));
    if let Ok(code) = parsed {
        assert_eq!(code.as_str(), v.output.text("code"));
        assert_eq!(code.to_qr(), format!("R:{}", v.output.text("code")));
    }
}

fn puk(v: &Vector<'_>) {
    assert_eq!(Puk::parse(v.input.text("puk")).is_ok(), v.output.flag("valid"));
}

fn recovery_data(v: &Vector<'_>) {
    let valid =
        RecoveryCode::parse(v.input.text("recoveryCode")).is_ok() && Puk::parse(v.input.text("puk")).is_ok();
    assert_eq!(valid, v.output.flag("valid"));
}

fn postcard(v: &Vector<'_>) {
    let derivation = RecoveryDerivation::new(&v.input.b64("sharedSecret"), &v.input.b64_array("nonce"));
    assert_eq!(derivation.code().as_str(), v.output.text("recoveryCode"));
    let indexes = v.input.field("pukDerivationIndexes").as_array().unwrap();
    let expected = v.output.field("puks").as_array().unwrap();
    assert_eq!(indexes.len(), expected.len());
    for (index, puk) in indexes.iter().zip(expected) {
        assert_eq!(
            derivation.puk(index.as_i64().unwrap()).as_str(),
            puk.as_str().unwrap()
        );
    }
}

fn crc(v: &Vector<'_>) {
    assert_eq!(
        crc16(v.input.text("text").as_bytes()).to_be_bytes().to_vec(),
        v.output.hex("crc")
    );
}

fn concat(v: &Vector<'_>) {
    let parts = v.input.field("parts").as_array().unwrap().iter();
    let parts: Vec<Option<Vec<u8>>> = parts
        .map(|part| {
            part.as_str()
                .map(|hex| HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).unwrap())
        })
        .collect();
    let parts: Vec<Option<&[u8]>> = parts.iter().map(Option::as_deref).collect();
    assert_eq!(length_prefixed(&parts).unwrap(), v.output.hex("joined"));
}

fn query(v: &Vector<'_>) {
    let parameters = v.input.field("parameters").as_object().unwrap();
    let pairs: Vec<(&str, &str)> = parameters
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str().unwrap()))
        .collect();
    let normalized = v.output.text("normalized");
    assert_eq!(canonical_parameters(&pairs), normalized);
    // On safe values client and server agree.
    assert_eq!(canonical(normalized).as_deref(), Ok(normalized));
}

fn url_encoding(v: &Vector<'_>) {
    let source = v.input.hex("source");
    let encoded = v.output.text("encoded");
    assert_eq!(form_encode(&source), encoded);
    assert_eq!(form_decode(encoded).unwrap().as_bytes(), source);
}

fn base_string(v: &Vector<'_>) {
    let text = |name| v.input.opt_text(name).unwrap_or_default();
    let nonce = v.input.opt_b64("nonce").unwrap_or_default();
    let base = build(text("method"), text("uriId"), &nonce, text("body").as_bytes());
    let signed = match v.input.opt_text("applicationSecret") {
        Some(secret) => String::from_utf8(signed_bytes(&base, secret)).unwrap(),
        None => base.clone(),
    };
    assert_eq!(signed, v.output.text("baseString"));
    let parsed = SignatureBase::parse(&signed).unwrap();
    assert_eq!(
        (parsed.uri_id.as_str(), parsed.data.as_slice()),
        (text("uriId"), text("body").as_bytes())
    );
    assert_eq!(parsed.to_text(), base);
}

fn data_parse(v: &Vector<'_>) {
    let parsed = SignatureBase::parse(v.input.text("data"));
    assert_eq!(parsed.is_ok(), v.output.flag("valid"));
    if let Ok(parsed) = parsed {
        assert_eq!(parsed.method, v.output.text("method"));
        assert_eq!(parsed.uri_id, v.output.text("uriIdentifier"));
        assert_eq!(parsed.data, v.output.text("body").as_bytes());
    }
}

fn metadata(v: &Vector<'_>) {
    match v.input.opt_text("json") {
        Some(json) => {
            assert!(v.output.opt_text("json").is_none());
            assert!(SignatureMetadata::from_json(json).is_err());
        }
        None => {
            let (method, uri_id) = (
                v.input.text("signatureDataMethod"),
                v.input.text("signatureDataUriId"),
            );
            let metadata = SignatureMetadata::new(method.to_owned(), uri_id.to_owned());
            let json = metadata.to_json().unwrap();
            assert_eq!(json, v.output.text("json"));
            assert_eq!(SignatureMetadata::from_json(&json), Ok(metadata));
        }
    }
}

fn sdk_configuration(v: &Vector<'_>) {
    let parsed = SdkConfiguration::parse(v.input.text("config"));
    assert_eq!(parsed.is_ok(), v.output.flag("valid"));
    let Ok(parsed) = parsed else { return };
    assert_eq!(parsed.to_text(), v.input.text("config"));
    if v.output.opt_text("applicationKey").is_some() {
        assert!(v.output.flag("canonical"));
        assert_eq!(
            base64::encode(&parsed.application_key),
            v.output.text("applicationKey")
        );
        assert_eq!(
            base64::encode(parsed.application_secret.as_bytes()),
            v.output.text("applicationSecret")
        );
        assert_eq!(
            base64::encode(&parsed.master_public_key),
            v.output.text("masterPublicKey")
        );
    }
}

fn sdk_count(v: &Vector<'_>) {
    let value = u32::try_from(v.input.field("value").as_i64().unwrap());
    let encoded = value.ok().and_then(encode_count);
    assert_eq!(encoded.is_some(), v.output.flag("valid"));
    if let (Some(encoded), Ok(value)) = (encoded, value) {
        assert_eq!(encoded, v.output.hex("encoded"));
        assert_eq!(decode_count(&encoded), Ok((value, [].as_slice())));
    }
}
