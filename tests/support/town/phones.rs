//! `/pa/v3/…`: what every phone calls.

use countersign::client::{Credentials, Installation, SignRequest};

use super::*;

pub(super) fn asks(ground: &Ground<'_>) -> Vec<Ask> {
    let now = ground.now();
    let Phone { device, mut rng, .. } = ground.phone();
    let mut asks = vec![
        Ask::from(&ground.application.request_server_status().request),
        Ask::from(&device.request_status(&mut rng).unwrap().request),
        Ask::from(&device.request_temporary_key(&mut rng).unwrap().request),
        activation(ground),
        ground.signed(Factors::Biometry, |device, authentication, rng| {
            device.create_token("other", authentication, now, rng)
        }),
        ground.signed(Factors::Possession, |device, authentication, rng| {
            device.remove_token(TOKEN, authentication, rng)
        }),
        ground.signed(Factors::Pin, |device, authentication, rng| {
            device.remove_activation(authentication, rng)
        }),
    ];
    asks.extend(["GET", "POST", "PUT", "DELETE"].map(|method| validation(ground, method)));
    asks
}

/// A key exchange with a code.
fn activation(ground: &Ground<'_>) -> Ask {
    let init = json!({ "userId": "joan", "applicationId": APPLICATION });
    let init = ground.world.rest("/activation/init", &init).ok();
    let code = init["activationCode"].as_str().unwrap();
    let code = ground.application.read_activation_code(code).unwrap().code;
    let (credentials, installation) = (Credentials::code(&code), Installation::default());
    let call = ground
        .application
        .activate(&credentials, &installation, ground.now(), &mut ground.dice());
    Ask::from(&call.unwrap().request)
}

/// A signed request that does nothing else.
fn validation(ground: &Ground<'_>, method: &str) -> Ask {
    let request = SignRequest {
        method,
        path: "/pa/v3/signature/validate",
        uri_id: "/pa/signature/validate",
        body: if method == "GET" { b"" } else { b"{}" },
    };
    let signed = ground.phone().with(Factors::Pin, |device, authentication, rng| {
        device.sign(&request, authentication, rng)
    });
    Ask::from(&signed.unwrap().assume_saved())
}
