//! Number matching, against approvals of what the user did not start: the page that asks the user shows a number, and only
//! who sees that page can type it on the phone. An option, see `Config::number_matching`.

use subtle::ConstantTimeEq;

use super::context::AdditionalData;
use crate::crypto::random;
use crate::crypto::secret::Secret;
use crate::engine::{Engine, EngineStop, Place};
use crate::model::operation::{OPERATION, Operation};
use crate::store::Tx;

/// Key of the number in the additional data of an approval.
pub(crate) const MATCH_NUMBER: &str = "matchNumber";

/// Where the number of operation `id` is sealed.
pub(crate) fn place(id: &str) -> Place<'_> {
    Place {
        collection: OPERATION,
        id,
        field: "number",
    }
}

/// A fresh number, sealed for operation `id`.
pub(super) fn new(engine: &Engine, tx: &mut Tx<'_>, id: &str) -> Result<Vec<u8>, EngineStop> {
    let drawn = u64::from_be_bytes(random::bytes(tx)?) % 90;
    let number = u8::try_from(drawn).unwrap_or_default().saturating_add(10);
    Ok(engine.keyring.seal(place(id), &[number], tx)?)
}

/// Two digits, 10 to 99; none where the operation has no number.
pub(crate) fn shown(engine: &Engine, operation: &Operation) -> Result<Option<String>, EngineStop> {
    let Some(sealed) = &operation.number else {
        return Ok(None);
    };
    let number: Secret<1> = engine.keyring.open_array(place(&operation.id), sealed)?;
    let [number] = number.as_bytes();
    Ok(Some(number.to_string()))
}

/// Whether the approval brings the number, where there is one.
pub(super) fn matches(
    engine: &Engine,
    operation: &Operation,
    additional: &AdditionalData,
) -> Result<bool, EngineStop> {
    let Some(number) = shown(engine, operation)? else {
        return Ok(true);
    };
    let typed = additional.text(MATCH_NUMBER);
    Ok(typed.is_some_and(|typed| typed.as_bytes().ct_eq(number.as_bytes()).into()))
}
