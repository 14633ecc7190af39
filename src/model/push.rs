//! Devices that want push messages. An activation has one at most, and a push token of an application belongs to one
//! activation at most: a claim under the token says to which.

use minicbor::{Decode, Encode};

use super::codec::entity;
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`PushDevice`].
pub const PUSH_DEVICE: Collection = Collection("push_device");
/// Devices of a user, by registration.
pub const BY_USER: Index = Index("push_device_by_user");

/// Who delivers to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Platform {
    /// Apple.
    #[n(0)]
    Apns,
    /// Google.
    #[n(1)]
    Fcm,
    /// Huawei.
    #[n(2)]
    Hms,
}

impl Platform {
    /// Its name in this library's own interfaces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Apns => "apns",
            Self::Fcm => "fcm",
            Self::Hms => "hms",
        }
    }
}

/// Which of Apple's services knows a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Environment {
    /// For builds under development.
    #[n(0)]
    Development,
    /// For released apps.
    #[n(1)]
    Production,
}

impl Environment {
    /// Its name in this library's own interfaces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }
}

/// The device of an activation.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct PushDevice {
    /// The activation.
    #[n(0)]
    pub activation: String,
    /// Its application.
    #[n(1)]
    pub application: String,
    /// Its user.
    #[n(2)]
    pub user: String,
    /// Who delivers.
    #[n(3)]
    pub platform: Platform,
    /// For Apple only, and only if the app said so.
    #[n(4)]
    pub environment: Option<Environment>,
    /// The platform's name of the device, 1 to 1,024 characters; none once another activation has it.
    #[n(5)]
    pub token: Option<String>,
    /// When it was registered last.
    #[n(6)]
    pub registered: u64,
}

entity!(PushDevice, PUSH_DEVICE,
id: |it| it.activation.clone(),
entries: |it| match it.token {
    None => Vec::new(),
    Some(_) => {
        vec![IndexEntry { index: BY_USER, value: it.user.as_bytes().to_vec(), sort: it.registered }]
    }
});

impl std::fmt::Debug for PushDevice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushDevice")
            .field("activation", &self.activation)
            .field("platform", &self.platform)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::codec;
    use crate::store::Entity;

    #[test]
    fn bodies_are_frozen() {
        let mut device = PushDevice {
            activation: "a".to_owned(),
            application: "b".to_owned(),
            user: "u".to_owned(),
            platform: Platform::Hms,
            environment: None,
            token: Some("canary".to_owned()),
            registered: 7,
        };
        let body = b"\x01\x87\x61a\x61b\x61u\x02\xf6\x66canary\x07";
        assert_eq!(codec::encode(&device), body);
        assert_eq!(codec::decode(body), Ok(device.clone()));
        assert!(!format!("{device:?}").contains("canary"));
        assert_eq!(device.entries().len(), 1);
        device.token = None;
        assert_eq!(device.entries(), []);
    }
}
