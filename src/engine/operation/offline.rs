//! Offline approval of an operation: the QR code for one phone, and the digits that its user types (cloud API, section 4;
//! protocol, section 6).
//!
//! ```text
//! back end ── QR code: operation, texts, nonce; signed ──▶ phone
//! back end ◀── 16 digits over operation and nonce ── user ◀┘
//! ```
//!
//! Digits are verified, counted and approve the operation in one batch.

use serde_json::{Map, Value, json};

use super::{
    AdditionalData, Approval, MATCH_NUMBER, PROXIMITY_OTP, UserActionResult, approve_in, fail_in, number,
    proximity,
};
use crate::crypto::offline::base_string;
use crate::crypto::signature::{SignatureFormat, SignatureType};
use crate::engine::form::{self, Form, Locale, Unknown};
use crate::engine::operation_text::{Rows, form_of};
use crate::engine::signature::offline::{OfflinePayload, PersonalizedPayload, personalized};
use crate::engine::signature::{Attempt, Secret, Verification, verify};
use crate::engine::{Engine, EngineStop, ErrorCode, Outcome};
use crate::model::activation::Activation;
use crate::model::operation::Operation;
use crate::store::Tx;

/// Digits per factor of what people type.
const COMPONENT: u8 = 8;

/// Whether the operation is the activation's user's, in its application, and open to it. Unlike the lists for phones, an
/// activation without flags does not see what needs one.
pub(crate) fn may_decide(operation: &Operation, activation: &Activation) -> bool {
    operation.user.as_ref() == Some(&activation.user)
        && operation.applications.contains(&activation.application)
        && operation
            .activation
            .as_ref()
            .is_none_or(|id| *id == activation.id)
        && operation
            .activation_flag
            .as_ref()
            .is_none_or(|flag| activation.flags.contains(flag))
}

/// The QR code of an operation for one activation, with a fresh nonce and, where the operation asks for a proximity
/// check, the code of now.
pub(crate) fn qr(
    engine: &Engine,
    tx: &mut Tx<'_>,
    operation: &Operation,
    activation: &Activation,
) -> Outcome<OfflinePayload> {
    // The phone signs this line as it is.
    if operation.data.chars().any(char::is_control) {
        return Err(ErrorCode::OperationError.into());
    }
    let Form { data: texts, ui } = texts(engine, tx, operation)?;
    let mut lines = vec![
        operation.id.clone(),
        escaped(&texts.title),
        escaped(&texts.message),
        operation.data.clone(),
        flags(operation, ui.as_ref()),
    ];
    lines.extend(proximity::code(engine, operation, tx.now())?);
    let payload = PersonalizedPayload {
        activation_id: Some(activation.id.clone()),
        data: Some(lines.join("\n")),
        ..PersonalizedPayload::default()
    };
    personalized(engine, tx, &payload)
}

/// The texts in the operation's language. Without any, or when they are broken, those that an operation has itself: a
/// code is always for somebody who waits for it.
fn texts(engine: &Engine, tx: &mut Tx<'_>, operation: &Operation) -> Result<Form, EngineStop> {
    let locale = Locale::preferred(operation.language.as_deref());
    let rows = Rows {
        kinds: &[],
        unknown: Unknown::Empty,
    };
    match form_of(engine, tx, operation, &locale, rows)? {
        Some(Ok(form)) => Ok(form),
        Some(Err(_)) | None => form::plain(operation).map_err(|_| ErrorCode::OperationError.into()),
    }
}

/// A title or message as one line.
fn escaped(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => line.push_str("\\n"),
            '\\' => line.push_str("\\\\"),
            c if c < ' ' => line.push(' '),
            c => line.push(c),
        }
    }
    line
}

/// What the phone may do, as letters.
fn flags(operation: &Operation, ui: Option<&Value>) -> String {
    let told = |name: &str| ui.and_then(|ui| ui.get(name)) == Some(&Value::Bool(true));
    let warning = ui.and_then(|ui| ui.get("preApprovalScreen")?.get("type"));
    let biometry = SignatureType::PossessionBiometry.as_upper_str();
    [
        ('B', operation.signature_types.iter().any(|it| it == biometry)),
        ('X', told("flipButtons")),
        ('C', told("blockApprovalOnCall")),
        ('F', warning.and_then(Value::as_str) == Some("WARNING")),
    ]
    .into_iter()
    .filter_map(|(letter, holds)| holds.then_some(letter))
    .collect()
}

/// What became of typed digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Typed {
    /// Whether they were right and approved the operation.
    pub(crate) valid: bool,
    /// The factors they were made with; those tried first when they were wrong.
    pub(crate) signature_type: SignatureType,
}

/// Verifies `digits` (8, a dash, 8) of an activation that may decide the operation, which is pending now. Right ones
/// approve it; wrong ones are counted on the activation and on the operation.
pub(crate) fn approve(
    engine: &Engine,
    tx: &mut Tx<'_>,
    operation: &mut Operation,
    activation: &Activation,
    (digits, nonce): (&str, &str),
) -> Result<Typed, EngineStop> {
    let codes = proximity::codes(engine, operation, tx.now())?;
    let base = |code: Option<&str>| base_string(&operation.id, &operation.data, code, nonce);
    let texts: Vec<String> = match codes.is_empty() {
        true => vec![base(None)],
        false => codes.iter().map(|code| base(Some(code))).collect(),
    };
    let types = allowed(operation);
    let format = SignatureFormat::decimal(COMPONENT).map_err(|_| ErrorCode::InvalidCryptoProvider)?;
    let attempt = Attempt {
        activation: &activation.id,
        secret: Secret::Offline,
        data: &texts,
        signature: digits,
        types: &types,
        format,
        version: None,
        additional: Vec::new(),
    };
    let first = types.first().copied();
    let first = first.unwrap_or(SignatureType::PossessionKnowledge);
    let mut context = Map::new();
    context.insert("activationId".to_owned(), json!(activation.id));
    context.insert("applicationId".to_owned(), json!(activation.application));
    let wrong = Typed {
        valid: false,
        signature_type: first,
    };
    let (valid, kind) = match verify(engine, tx, &attempt)? {
        // Its state did not allow an evaluation: nobody has guessed anything.
        Verification::Unusable { .. } => return Ok(wrong),
        Verification::Evaluated {
            valid,
            signature_type,
            ..
        } => (valid, signature_type),
    };
    if !valid {
        fail_in(engine, tx, operation, &AdditionalData(context))?;
        return Ok(wrong);
    }
    context.insert("authFactor".to_owned(), json!(kind.as_str()));
    // One of the codes that still count was under the signature.
    if let Some(code) = codes.first() {
        context.insert(PROXIMITY_OTP.to_owned(), json!(code));
    }
    // Who has scanned the code sees the page that shows the number.
    if let Some(number) = number::shown(engine, operation)? {
        context.insert(MATCH_NUMBER.to_owned(), json!(number));
    }
    let data = operation.data.clone();
    let approval = Approval {
        user: &activation.user,
        application: &activation.application,
        data: &data,
        signature_type: kind,
        additional: &AdditionalData(context),
    };
    let result = approve_in(engine, tx, operation, &approval)?;
    Ok(Typed {
        valid: result == UserActionResult::Approved,
        signature_type: kind,
    })
}

/// The factors that the operation allows and digits can be made with.
fn allowed(operation: &Operation) -> Vec<SignatureType> {
    let listed = |kind: &SignatureType| {
        operation
            .signature_types
            .iter()
            .any(|it| it == kind.as_upper_str())
    };
    let allowed: Vec<_> = SignatureType::TWO_FACTORS
        .iter()
        .copied()
        .filter(listed)
        .collect();
    match allowed.is_empty() {
        // Right digits are then still none that this operation can be approved with.
        true => vec![SignatureType::PossessionKnowledge],
        false => allowed,
    }
}
