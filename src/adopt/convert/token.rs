//! `pa_token`

use super::secret::for_each;
use super::{Context, Convert, Outcome, Outcomes};
use crate::adopt::reason::Reason;
use crate::adopt::row::Row;
use crate::crypto::secret::Secret;
use crate::engine::token::place;
use crate::model::activation::Activation;
use crate::model::token::Token;
use crate::store::{Halt, Tx};

pub(super) struct Tokens;

pub(super) struct Parsed {
    record: Token,
    secret: Secret<16>,
}

impl Convert for Tokens {
    type Parsed = Parsed;

    fn parse(_: &Context<'_>, row: &Row) -> Result<Parsed, Reason> {
        let column = "signature_type";
        let kind = match row.signature_types(column)?.as_slice() {
            [kind] => kind.clone(),
            _ => return Err(Reason::UnknownValue(column)),
        };
        let column = "token_secret";
        Ok(Parsed {
            secret: Secret::from_bytes(row.array(column)?.ok_or(Reason::Null(column))?),
            record: Token {
                id: row.name("token_id")?,
                activation: row.name("activation_id")?,
                secret: Vec::new(),
                signature_type: kind,
                created: row.need_moment("timestamp_created")?,
                removed_until: None,
            },
        })
    }

    fn decide(context: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Parsed]) -> Outcomes {
        for row in rows {
            tx.want::<Token>(&row.record.id);
            tx.want::<Activation>(&row.record.activation);
        }
        context.engine.keyring.announce(tx);
        tx.settle()?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for row in rows {
            outcomes.push(outcome(tx, &row.record)?);
        }
        let new: Vec<&Parsed> = rows
            .iter()
            .zip(&outcomes)
            .filter(|(_, outcome)| **outcome == Outcome::Imported)
            .map(|(row, _)| *row)
            .collect();
        let what: Vec<&str> = new.iter().map(|row| row.record.id.as_str()).collect();
        let what = what.join("\0");
        let sealed = for_each(context.engine, tx, what.as_bytes(), 1, &new, |row, sealer| {
            sealer.seal(place(&row.record.id), row.secret.as_bytes())
        })?;
        for (row, secret) in new.iter().zip(sealed) {
            tx.put(&Token {
                secret,
                ..row.record.clone()
            });
        }
        Ok(outcomes)
    }
}

/// A token never changes while its row is there.
fn outcome(tx: &mut Tx<'_>, row: &Token) -> Result<Outcome, Halt> {
    let Some(old) = tx.peek::<Token>(&row.id)? else {
        return Ok(match tx.peek::<Activation>(&row.activation)? {
            Some(_) => Outcome::Imported,
            None => Outcome::Refused(Reason::NoParent("pa_activation")),
        });
    };
    let same = Token {
        secret: old.secret.clone(),
        ..row.clone()
    };
    Ok(match (&old, old.removed_until) {
        (_, Some(_)) => Outcome::Refused(Reason::UsedHere),
        (old, None) if *old == same => Outcome::Unchanged,
        _ => Outcome::Refused(Reason::Duplicate("token_id")),
    })
}

/// How long a removed token is remembered, in milliseconds.
const TOMBSTONE: u64 = 24 * 3_600_000;

/// Ends tokens whose rows are gone, unless they were made here. Answers how many.
pub(in crate::adopt) fn end_missing(tx: &mut Tx<'_>, ids: &[String]) -> Result<u64, Halt> {
    for id in ids {
        tx.want::<Token>(id);
    }
    tx.settle()?;
    let mut ended = 0;
    for id in ids {
        if let Some(mut token) = tx.peek::<Token>(id)?
            && token.removed_until.is_none()
        {
            token.secret = Vec::new();
            token.removed_until = Some(tx.now().saturating_add(TOMBSTONE));
            tx.put(&token);
            ended += 1;
        }
    }
    Ok(ended)
}
