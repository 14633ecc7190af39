//! Push messages: accepted and queued here, one record per device, so that none is lost once the caller was told "OK".

use super::operation::Viewer;
use super::pages::{PageBounds, scan_page};
use super::{Engine, EngineStop, uuid};
use crate::model::activation::{Activation, ActivationStatus};
use crate::model::callback::EventState;
use crate::model::operation::Operation;
use crate::model::push::{BY_USER, PushDevice};
use crate::model::push_message::PushMessage;
use crate::store::Tx;

/// Devices that one message goes to.
const MAX_DEVICES: usize = 100;

/// What is sent.
#[derive(Clone, Copy)]
pub(crate) struct Content<'a> {
    pub(crate) silent: bool,
    pub(crate) title: Option<&'a str>,
    pub(crate) message: Option<&'a str>,
    pub(crate) sound: Option<&'a str>,
    /// JSON object.
    pub(crate) extras: Option<&'a str>,
}

/// Whom it is sent to.
#[derive(Clone, Copy)]
pub(crate) struct Audience<'a> {
    /// The user.
    pub(crate) user: &'a str,
    /// Devices of these applications.
    pub(crate) applications: &'a [&'a str],
    /// The only activation whose device gets it.
    pub(crate) only: Option<&'a str>,
    /// An operation that the device has to see.
    pub(crate) about: Option<&'a Operation>,
}

/// Queues `content` for the devices of an audience. Answers for how many; none is no error.
pub(crate) fn queue(
    engine: &Engine,
    tx: &mut Tx<'_>,
    audience: Audience<'_>,
    content: Content<'_>,
) -> Result<usize, EngineStop> {
    let Audience { user, only, .. } = audience;
    let devices = match only {
        Some(activation) => Vec::from_iter(tx.peek::<PushDevice>(activation)?),
        None => {
            let bounds = PageBounds {
                skip: 0,
                take: MAX_DEVICES,
            };
            scan_page(tx, BY_USER, user, bounds, |it: &PushDevice| {
                audience.applications.contains(&it.application.as_str())
            })?
        }
    };
    for device in &devices {
        tx.want::<Activation>(&device.activation);
    }
    let mut queued = 0;
    let reachable =
        |it: &&PushDevice| it.token.is_some() && audience.applications.contains(&it.application.as_str());
    for device in devices.iter().filter(reachable) {
        // Looked at again when it is sent.
        let activation = tx.peek::<Activation>(&device.activation)?;
        if activation.is_none_or(|it| it.status != ActivationStatus::Active) {
            continue;
        }
        if let Some(operation) = audience.about
            && !Viewer::of(tx, &device.activation)?.sees(operation)
        {
            continue;
        }
        let now = tx.now();
        let text = |text: Option<&str>| text.map(str::to_owned);
        let message = PushMessage {
            id: uuid(tx)?,
            application: device.application.clone(),
            activation: device.activation.clone(),
            platform: device.platform,
            silent: content.silent,
            title: text(content.title),
            message: text(content.message),
            sound: text(content.sound),
            extras: text(content.extras),
            created: now,
            due: now,
            attempts: 0,
            state: EventState::Pending,
            expires: now.saturating_add(engine.config.event_retention),
            valid_until: audience.about.map(|it| it.expires),
            reason: None,
        };
        tx.put(&message);
        queued += 1;
    }
    Ok(queued)
}
