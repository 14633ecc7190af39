//! Offline payloads and the verification of typed codes (part 1, section 8; protocol, section 6).

use serde::{Deserialize, Serialize};

use super::{Attempt, Secret, VerifiedSignature, verify};
use crate::crypto::encoding::base64;
use crate::crypto::key::PrivateKey;
use crate::crypto::offline::append_totp;
use crate::crypto::random;
use crate::crypto::signature::{SignatureFormat, SignatureType};
use crate::crypto::totp::{Totp, TotpAlgorithm};
use crate::engine::activation::find;
use crate::engine::activation::init::master_private;
use crate::engine::envelope::server_private;
use crate::engine::json;
use crate::engine::{Engine, EngineStop, ErrorCode, Outcome, application, required};
use crate::store::Tx;

/// Parameters of the one-time password that shows that phone and screen are in one place.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(rename = "OfflineProximityCheck")
)]
#[serde(default, rename_all = "camelCase")]
pub struct ProximityCheck {
    /// Base64 of the seed; blank means no check.
    pub seed: Option<String>,
    /// Seconds of a step, from 1.
    #[serde(deserialize_with = "json::integer")]
    pub step_length: Option<i64>,
    /// Earlier steps that count, from 0; for the verification.
    #[serde(deserialize_with = "json::integer")]
    pub step_count: Option<i64>,
}

/// Earlier steps that one request may ask for.
const MAX_STEPS: u32 = 100;

impl ProximityCheck {
    /// The one-time passwords of now and `steps_back` steps back; none when the check is off.
    fn passwords(&self, engine: &Engine, now: u64, steps_back: u32) -> Result<Vec<String>, EngineStop> {
        let invalid = ErrorCode::InvalidRequest;
        let Some(seed) = self.seed.as_deref().filter(|seed| !seed.trim().is_empty()) else {
            return Ok(Vec::new());
        };
        let seed = base64::decode(seed).map_err(|_| invalid)?;
        let step = self
            .step_length
            .and_then(|step| u64::try_from(step).ok())
            .filter(|step| *step > 0);
        let totp = Totp {
            algorithm: TotpAlgorithm::Sha256,
            digits: engine.config.proximity_otp_length,
            step: step.ok_or(invalid)?,
        };
        let passwords = totp.candidates(&seed, now / 1_000, steps_back);
        passwords.map_err(|_| ErrorCode::InvalidCryptoProvider.into())
    }
}

/// Request of [`personalized`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["activationId", "data"])))]
#[serde(default, rename_all = "camelCase")]
pub struct PersonalizedPayload {
    /// The activation.
    pub activation_id: Option<String>,
    /// Lines 0 to 4 of the payload, taken verbatim.
    pub data: Option<String>,
    /// Base64 of 16 bytes; a fresh one when blank.
    pub nonce: Option<String>,
    /// Adds a line with a one-time password.
    pub proximity_check: Option<ProximityCheck>,
}

/// Request of [`non_personalized`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["applicationId", "data"])))]
#[serde(default, rename_all = "camelCase")]
pub struct NonPersonalizedPayload {
    /// The application.
    pub application_id: Option<String>,
    /// Lines 0 to 4 of the payload, taken verbatim.
    pub data: Option<String>,
}

/// Answer of [`personalized`] and [`non_personalized`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OfflinePayload {
    /// Content of the QR code.
    pub offline_data: String,
    /// The nonce inside, which the caller keeps for the verification.
    pub nonce: String,
}

/// A payload signed by the activation's server key. Its state is not looked at.
pub fn personalized(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &PersonalizedPayload,
) -> Outcome<OfflinePayload> {
    let id = required(&request.activation_id)?;
    let mut data = required(&request.data)?.clone();
    let activation = find(tx, id)?;
    let passwords = match &request.proximity_check {
        None => Vec::new(),
        Some(check) => check.passwords(engine, tx.now(), 0)?,
    };
    if let Some(password) = passwords.first() {
        data.push('\n');
        data.push_str(password);
    }
    let private = server_private(engine, &activation)?;
    payload(engine, tx, data, request.nonce.as_deref(), '1', &private)
}

/// A payload signed by the application's master key.
pub fn non_personalized(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &NonPersonalizedPayload,
) -> Outcome<OfflinePayload> {
    let data = required(&request.data)?;
    let id = request
        .application_id
        .as_deref()
        .ok_or(ErrorCode::InvalidApplication)?;
    let application = application::find(tx, id)?;
    let private = master_private(engine, &application)?;
    payload(engine, tx, data.clone(), None, '0', &private)
}

/// `data`, nonce and key mark, signed. A nonce of the caller's is taken as it is, but not with line
/// breaks, which would move the lines that phones read.
fn payload(
    engine: &Engine,
    tx: &mut Tx<'_>,
    data: String,
    nonce: Option<&str>,
    mark: char,
    private: &PrivateKey,
) -> Outcome<OfflinePayload> {
    let fresh = random::bytes::<16>(tx)?;
    let nonce = match nonce.map(str::trim) {
        None | Some("") => base64::encode(&fresh),
        Some(nonce) if nonce.chars().any(char::is_control) => return Err(ErrorCode::InvalidRequest.into()),
        Some(nonce) => nonce.to_owned(),
    };
    let text = format!("{data}\n{nonce}\n{mark}");
    let signature = engine.backend.sign(private, text.as_bytes());
    let signature = signature.map_err(|_| ErrorCode::UnableToComputeSignature)?;
    Ok(Ok(OfflinePayload {
        offline_data: text + &base64::encode(&signature.to_der()),
        nonce,
    }))
}

/// Request of [`verify_offline`].
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(extend("required" = ["activationId", "data", "signature"])))]
#[serde(default, rename_all = "camelCase")]
pub struct VerifyOfflineSignature {
    /// The activation.
    pub activation_id: Option<String>,
    /// `POST&B64(uriId)&nonce&B64(operation id & operation data)`, without the secret and the OTP.
    pub data: Option<String>,
    /// Digits per factor, joined with `-`.
    pub signature: Option<String>,
    /// Whether biometry may take the place of knowledge. `biometryAllowed`, as the written reference says, means the same.
    #[serde(deserialize_with = "json::boolean")]
    pub allow_biometry: Option<bool>,
    /// Another name of `allowBiometry`.
    #[cfg_attr(feature = "openapi", schemars(skip))]
    #[serde(deserialize_with = "json::boolean")]
    pub biometry_allowed: Option<bool>,
    /// Digits per factor, 4 to 8.
    #[serde(deserialize_with = "json::integer")]
    pub component_length: Option<i64>,
    /// The one-time password that was in the payload.
    pub proximity_check: Option<ProximityCheck>,
}

/// Verifies a typed code. However many candidates are tried, one call counts once.
pub fn verify_offline(
    engine: &Engine,
    tx: &mut Tx<'_>,
    request: &VerifyOfflineSignature,
) -> Outcome<VerifiedSignature> {
    let activation = required(&request.activation_id)?;
    let data = required(&request.data)?;
    let signature = required(&request.signature)?;
    let biometry = request
        .allow_biometry
        .or(request.biometry_allowed)
        .unwrap_or(false);
    let length = request
        .component_length
        .unwrap_or_else(|| i64::from(engine.config.offline_component_length));
    let format = u8::try_from(length)
        .ok()
        .and_then(|length| SignatureFormat::decimal(length).ok());
    let format = format.ok_or(ErrorCode::InvalidCryptoProvider)?;
    let texts = with_passwords(engine, tx.now(), data, request.proximity_check.as_ref())?;
    let (types, additional) = match biometry {
        true => (
            SignatureType::TWO_FACTORS,
            vec![("BIOMETRY_ALLOWED".to_owned(), "TRUE".to_owned())],
        ),
        false => (&[SignatureType::PossessionKnowledge][..], Vec::new()),
    };
    let attempt = Attempt {
        activation,
        secret: Secret::Offline,
        data: &texts,
        signature,
        types,
        format,
        version: None,
        additional,
    };
    let verification = verify(engine, tx, &attempt)?;
    Ok(Ok(VerifiedSignature::from(activation, verification)))
}

/// `data` alone, or with each acceptable one-time password appended to its last part.
fn with_passwords(
    engine: &Engine,
    now: u64,
    data: &str,
    check: Option<&ProximityCheck>,
) -> Result<Vec<String>, EngineStop> {
    let invalid = ErrorCode::InvalidRequest;
    let passwords = match check {
        None => Vec::new(),
        Some(check) => {
            let steps = u32::try_from(check.step_count.unwrap_or(0)).map_err(|_| invalid)?;
            if steps > MAX_STEPS {
                return Err(invalid.into());
            }
            check.passwords(engine, now, steps)?
        }
    };
    if passwords.is_empty() {
        return Ok(vec![data.to_owned()]);
    }
    let extended = passwords
        .iter()
        .map(|password| append_totp(data, password))
        .collect::<Result<_, _>>();
    extended.map_err(|_| invalid.into())
}
