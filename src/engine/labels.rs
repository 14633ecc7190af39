//! Rules that roles and flags share.

use super::{EngineStop, ErrorCode, bounded};

/// Labels one record may carry.
pub(crate) const MAX: usize = 100;

/// The list of the request; ERR0024 when it is missing or empty, or a label is too long.
pub(crate) fn given(labels: &Option<Vec<String>>) -> Result<&[String], EngineStop> {
    match labels.as_deref() {
        None | Some([]) => Err(ErrorCode::InvalidRequest.into()),
        Some(labels) if labels.len() > MAX => Err(ErrorCode::InvalidRequest.into()),
        Some(labels) => {
            labels.iter().try_for_each(|label| bounded(label).map(|_| ()))?;
            Ok(labels)
        }
    }
}

/// `given`, ascending, each once.
pub(crate) fn sorted(given: &[String]) -> Vec<String> {
    let mut labels = given.to_vec();
    labels.sort();
    labels.dedup();
    labels
}

/// `given` in their order, each once.
pub(crate) fn distinct(given: &[String]) -> Vec<String> {
    append(&[], given)
}

/// `old` and then those of `given` that are not yet there, in their order.
pub(crate) fn append(old: &[String], given: &[String]) -> Vec<String> {
    let mut labels = old.to_vec();
    for label in given {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    labels
}

/// `old` and `given`, ascending, each once.
pub(crate) fn add(old: &[String], given: &[String]) -> Vec<String> {
    sorted(&[old, given].concat())
}

/// `old` without `given`, in the old order.
pub(crate) fn remove(old: &[String], given: &[String]) -> Vec<String> {
    old.iter()
        .filter(|label| !given.contains(label))
        .cloned()
        .collect()
}
