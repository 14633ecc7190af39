//! Credentials of an application at those who deliver push messages.

use minicbor::{Decode, Encode};

use super::codec::entity;
use super::push::{Environment, Platform};
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`PushSettings`].
pub const PUSH_SETTINGS: Collection = Collection("push_settings");
/// All [`PushSettings`] with credentials, under the empty value.
pub const PUSH_HOLDERS: Index = Index("push_holders");

/// All credentials of one application, in one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct PushSettings {
    /// The application.
    #[n(0)]
    pub application: String,
    /// Apple's keys, one per environment at most.
    #[n(1)]
    pub apns: Vec<ApnsSettings>,
    /// The service account at Google.
    #[n(2)]
    pub fcm: Option<FcmSettings>,
}

/// A signing key for Apple's service.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ApnsSettings {
    /// Which service.
    #[n(0)]
    pub environment: Environment,
    /// Apple's name of the team, 10 letters and digits.
    #[n(1)]
    pub team: String,
    /// Apple's name of the key, 10 letters and digits.
    #[n(2)]
    pub key_id: String,
    /// Bundle identifier of the app.
    #[n(3)]
    pub topic: String,
    /// Sealed P-256 scalar.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub private: Vec<u8>,
    /// When it was set.
    #[n(5)]
    pub set: u64,
}

/// A service account at Google.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct FcmSettings {
    /// The project that the app's devices are registered with.
    #[n(0)]
    pub project: String,
    /// Name of the account.
    #[n(1)]
    pub client_email: String,
    /// Where access tokens are asked for: an https URL.
    #[n(2)]
    pub token_uri: String,
    /// Google's name of the key.
    #[n(3)]
    pub key_id: Option<String>,
    /// Sealed PKCS#8 of an RSA key, in DER.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub private: Vec<u8>,
    /// When it was set.
    #[n(5)]
    pub set: u64,
}

entity!(PushSettings, PUSH_SETTINGS,
id: |it| it.application.clone(),
entries: |it| match it.platforms().is_empty() {
    true => Vec::new(),
    false => vec![IndexEntry { index: PUSH_HOLDERS, value: Vec::new(), sort: 0 }],
});

impl PushSettings {
    /// The platforms that there are credentials for.
    pub fn platforms(&self) -> Vec<Platform> {
        let apns = (!self.apns.is_empty()).then_some(Platform::Apns);
        let fcm = self.fcm.is_some().then_some(Platform::Fcm);
        apns.into_iter().chain(fcm).collect()
    }

    /// The key for a device of an environment. One that did not say where it was built belongs to released apps, unless
    /// there is only a key for those under development.
    pub fn apns_for(&self, environment: Option<Environment>) -> Option<&ApnsSettings> {
        let of = |wanted| self.apns.iter().find(|it| it.environment == wanted);
        match environment {
            Some(environment) => of(environment),
            None => of(Environment::Production).or_else(|| of(Environment::Development)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::codec;
    use crate::store::Entity;

    #[test]
    fn bodies_are_frozen() {
        let mut settings = PushSettings {
            application: "b".to_owned(),
            apns: vec![ApnsSettings {
                environment: Environment::Development,
                team: "t".to_owned(),
                key_id: "k".to_owned(),
                topic: "o".to_owned(),
                private: vec![1, 2],
                set: 3,
            }],
            fcm: Some(FcmSettings {
                project: "p".to_owned(),
                client_email: "e".to_owned(),
                token_uri: "u".to_owned(),
                key_id: None,
                private: vec![4],
                set: 5,
            }),
        };
        let body =
            b"\x01\x83\x61b\x81\x86\x00\x61t\x61k\x61o\x42\x01\x02\x03\x86\x61p\x61e\x61u\xf6\x41\x04\x05";
        assert_eq!(codec::encode(&settings), body);
        assert_eq!(codec::decode(body), Ok(settings.clone()));
        assert_eq!(settings.platforms(), [Platform::Apns, Platform::Fcm]);
        assert_eq!(settings.entries().len(), 1);
        let of = |environment| settings.apns_for(environment).map(|it| it.environment);
        assert_eq!(of(None), Some(Environment::Development));
        assert_eq!(of(Some(Environment::Production)), None);
        settings.apns.clear();
        settings.fcm = None;
        assert_eq!(settings.entries(), []);
    }
}
