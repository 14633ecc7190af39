//! `/api/auth/token/app/…`: what the phone's user sees and decides.

use countersign::client::{Approval, RejectReason};

use super::*;

pub(super) fn asks(ground: &Ground<'_>) -> Vec<Ask> {
    let (id, data) = &ground.operation;
    let now = ground.now();
    let approval = Approval {
        operation_id: id,
        data,
        proximity: None,
        mobile_token_data: None,
    };
    let Phone { device, mut rng, .. } = ground.phone();
    let list = device.list_operations(TOKEN, now, &mut rng).unwrap();
    let detail = device.request_operation(id, TOKEN, now, &mut rng).unwrap();
    let claim = device.claim_operation(id, TOKEN, now, &mut rng).unwrap();
    vec![
        Ask::from(&list.request),
        Ask::from(&detail.request),
        Ask::from(&claim.request),
        ground.signed(Factors::Biometry, |device, authentication, rng| {
            device.request_history(authentication, rng)
        }),
        ground.signed(Factors::Possession, |device, _, rng| {
            device.list_operations_signed(rng)
        }),
        ground.signed(Factors::Pin, |device, authentication, rng| {
            device.approve_operation(&approval, authentication, now, rng)
        }),
        ground.signed(Factors::Possession, |device, _, rng| {
            device.reject_operation(id, RejectReason::Unknown, rng)
        }),
    ]
}
