//! `pa_unique_value`: what was accepted once by the old server is not accepted again here.

use super::{Context, Convert, Outcome, Outcomes, put_if_other};
use crate::adopt::reason::Reason;
use crate::adopt::row::Row;
use crate::model::replay::Seen;
use crate::store::Tx;

pub(super) struct Values;

impl Convert for Values {
    type Parsed = Seen;

    fn parse(context: &Context<'_>, row: &Row) -> Result<Seen, Reason> {
        let config = &context.engine.config;
        // How long after its request ours still takes the timestamp of one. The old server keeps values for a minute.
        let window = match row.need_number::<i64>("type")? {
            0 => config
                .token_validity
                .saturating_add(config.token_forward_validity),
            1 | 2 => config.request_window_extended,
            _ => return Err(Reason::UnknownValue("type")),
        };
        let column = "unique_value";
        row.bytes(column)?.ok_or(Reason::Null(column))?;
        Ok(Seen {
            value: row.name(column)?,
            // Kept too long rather than too short.
            expires: row.need_last_moment("timestamp_expires")?.saturating_add(window),
        })
    }

    fn decide(_: &Context<'_>, tx: &mut Tx<'_>, rows: &[&Seen]) -> Outcomes {
        let now = tx.now();
        for row in rows.iter().filter(|row| row.expires > now) {
            tx.want::<Seen>(&row.value);
        }
        tx.settle()?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for row in rows {
            if row.expires <= tx.now() {
                outcomes.push(Outcome::Expired);
                continue;
            }
            let old = tx.peek::<Seen>(&row.value)?;
            outcomes.push(put_if_other(tx, old.as_ref(), row));
        }
        Ok(outcomes)
    }
}
