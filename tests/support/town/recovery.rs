//! Activations without an activation code: recovery, in the server API and from phones, and credentials
//! that the host understands.

use countersign::client::{Credentials, Installation};
use countersign::crypto::code::{Puk, RecoveryCode};
use countersign::crypto::header::ENCRYPTION_HEADER;

use super::*;
use crate::support::recovery::{
    Printed, confirmation, confirmed, enable, everything, postcard, printer, recover,
};

/// What the requests name: a confirmed postcard, a new one, and a phone of the new one's user.
pub(super) struct Made {
    card: Printed,
    fresh: Printed,
    owner: Phone,
}

/// Enables recovery, and makes what the requests name.
pub(super) fn prepare(world: &World, application: &Application) -> Made {
    enable(world);
    Made {
        card: confirmed(world, application, "rose", 1, 51),
        fresh: postcard(world, "ruth", 1),
        owner: Phone::activate(world, application, "ruth", 53),
    }
}

pub(super) fn asks(ground: &Ground<'_>, made: Made) -> Vec<Ask> {
    let Made {
        card,
        fresh,
        mut owner,
    } = made;
    let app = json!({ "applicationId": APPLICATION });
    let settings = merge(
        everything(APPLICATION, &printer()),
        json!({ "allowMultipleRecoveryCodes": true }),
    );
    let request = confirmation(&mut owner, &fresh, ground.now());
    let sealed = serde_json::from_slice(&request.body).unwrap();
    let outer = json!({
        "activationId": owner.id(), "applicationKey": ground.application.key(), "protocolVersion": "3.2",
    });
    let mut asks = rest([
        ("/recovery/config/detail", app.clone()),
        ("/recovery/config/update", settings),
        (
            "/recovery/create",
            merge(app, json!({ "userId": "rita", "pukCount": 1 })),
        ),
        ("/recovery/lookup", json!({ "userId": "rose" })),
        (
            "/recovery/revoke",
            json!({ "recoveryCodeIds": [card.id, fresh.id] }),
        ),
        ("/recovery/confirm", merge(outer, sealed)),
    ]);
    asks.push(Ask::from(&request));
    let code = RecoveryCode::parse(&card.code).unwrap();
    let puk = Puk::parse(&card.puks[0]).unwrap();
    asks.push(recover(
        ground.world,
        ground.application,
        &card.code,
        &card.puks[0],
        54,
    ));
    let call = ground.application.activate(
        &Credentials::recovery(&code, &puk),
        &Installation::default(),
        ground.now(),
        &mut ground.dice(),
    );
    asks.push(Ask::from(&call.unwrap().request));
    asks.extend(credentials(ground));
    asks
}

fn credentials(ground: &Ground<'_>) -> Vec<Ask> {
    let call = ground.application.activate(
        &Credentials::custom([("username", "rene")]),
        &Installation::default(),
        ground.now(),
        &mut ground.dice(),
    );
    let request = call.unwrap().request;
    let sent = json!({
        "encryptionHeader": request.header(ENCRYPTION_HEADER).unwrap(),
        "body": std::str::from_utf8(&request.body).unwrap(),
    });
    let user = json!({ "userId": "rene", "commit": true });
    rest([
        ("/activation/credentials/open", sent.clone()),
        ("/activation/credentials/create", merge(sent, user)),
    ])
}
