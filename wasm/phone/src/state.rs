//! An activated phone at rest. Who reads it has the phone, but for the PIN.

use countersign::client::{Device, DeviceState, PossessionKey};
use countersign::crypto::encoding::base64;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::Phone;
use crate::failure::{self, Failure};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    possession_key: Zeroizing<String>,
    device: DeviceState,
}

pub(crate) fn save(device: &Device, possession: &[u8; 16]) -> Result<String, Failure> {
    failure::json(&State {
        possession_key: Zeroizing::new(base64::encode(possession)),
        device: device.to_state(),
    })
}

pub(crate) fn restore(text: &str) -> Result<Phone, Failure> {
    let damaged = || Failure::argument(&"this is not a stored phone");
    let state: State = serde_json::from_str(text).map_err(|_| damaged())?;
    let possession = base64::decode_array::<16>(&state.possession_key).map_err(|_| damaged())?;
    let possession = Zeroizing::new(possession);
    let device = Device::from_state(&state.device, PossessionKey::from_bytes(*possession));
    let device = device.map_err(|_| damaged())?;
    Ok(Phone {
        application: device.application().clone(),
        device: Some(device),
        possession,
        pending: None,
    })
}
