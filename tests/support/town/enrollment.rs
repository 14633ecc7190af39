//! `/api/push/…`, `/api/inbox/…`, `/inbox/…`: push registration, and messages for users.

use countersign::client::{InboxPage, PushRegistration};

use super::*;

const MESSAGES: &str = "/inbox/messages";

fn message() -> Value {
    json!({
        "userId": "user0", "applications": [APPLICATION], "type": "text", "subject": "New terms",
        "summary": "What changes in May", "body": "Nothing that matters to you.",
    })
}

/// A message of `user0`. Answers its id.
pub(super) fn prepare(world: &World) -> String {
    let posted = world.ask(&admin::ask("POST", MESSAGES, &message())).ok();
    posted["id"].as_str().unwrap().to_owned()
}

pub(super) fn asks(ground: &Ground<'_>) -> Vec<Ask> {
    let (id, now) = (&ground.message, ground.now());
    let registration = PushRegistration {
        platform: "ios",
        token: "10de0b9c",
        environment: None,
    };
    let page = InboxPage {
        size: 10,
        ..InboxPage::default()
    };
    let Phone { device, mut rng, .. } = ground.phone();
    let rng = &mut rng;
    let body = json!({ "requestObject": registration }).to_string();
    vec![
        Ask::from(
            &device
                .register_push(&registration, TOKEN, now, rng)
                .unwrap()
                .request,
        ),
        Ask::from(&device.count_inbox(TOKEN, now, rng).unwrap().request),
        Ask::from(&device.list_inbox(&page, TOKEN, now, rng).unwrap().request),
        Ask::from(&device.request_message(id, TOKEN, now, rng).unwrap().request),
        Ask::from(&device.mark_read(id, TOKEN, now, rng).unwrap().request),
        Ask::from(&device.mark_all_read(TOKEN, now, rng).unwrap().request),
        ground.signed(Factors::Possession, |device, _, rng| {
            device.register_push_signed(&registration, rng)
        }),
        web_flow(ground, body.as_bytes()),
        admin::ask("POST", MESSAGES, &message()),
    ]
}

/// The path that only Web Flow's phones know, and the client library does not.
fn web_flow(ground: &Ground<'_>, body: &[u8]) -> Ask {
    let request = ground
        .phone()
        .with(Factors::Possession, |device, authentication, rng| {
            let request = client::SignRequest {
                method: "POST",
                path: "/api/push/device/register/signature",
                uri_id: "/device/register/signature",
                body,
            };
            device.sign(&request, authentication, rng).unwrap().assume_saved()
        });
    Ask::from(&request)
}
