//! The phone's state: one file, replaced as a whole and synced before a signature leaves.
//!
//! The key that binds the factors to the device stands in the same file: a command-line phone has no
//! key store. Whoever can read the file and knows the PIN has the phone.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use countersign::client::{BiometryKey, Call, Device, DeviceState, PossessionKey, Unsaved};
use countersign::crypto::encoding::base64;
use countersign::crypto::random;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::http::{self, Reply, SystemRandom};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Saved {
    url: String,
    possession_key: String,
    biometry_key: String,
    device: DeviceState,
}

/// A phone loaded from its file.
pub(crate) struct Phone<'a> {
    path: &'a Path,
    pub(crate) url: String,
    possession: [u8; 16],
    biometry: [u8; 16],
    pub(crate) device: Device,
}

/// Keys that a real phone keeps in its key store.
pub(crate) struct LocalKeys {
    pub(crate) possession: [u8; 16],
    pub(crate) biometry: [u8; 16],
}

impl LocalKeys {
    pub(crate) fn generate() -> Result<Self, Failure> {
        let mut rng = SystemRandom;
        Ok(Self {
            possession: random::bytes(&mut rng)?,
            biometry: random::bytes(&mut rng)?,
        })
    }
}

impl<'a> Phone<'a> {
    /// A phone that was just activated; written at once.
    pub(crate) fn create(
        path: &'a Path,
        url: &str,
        keys: &LocalKeys,
        device: Device,
    ) -> Result<Self, Failure> {
        let phone = Self {
            path,
            url: url.to_owned(),
            possession: keys.possession,
            biometry: keys.biometry,
            device,
        };
        phone.save()?;
        Ok(phone)
    }

    /// The phone of the file.
    pub(crate) fn load(path: &'a Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("cannot read the phone's state: {error}")))?;
        let broken = || Failure::usage("the file is not the state of a phone");
        let saved: Saved = serde_json::from_str(&text).map_err(|_| broken())?;
        let possession = base64::decode_array(&saved.possession_key).map_err(|_| broken())?;
        let biometry = base64::decode_array(&saved.biometry_key).map_err(|_| broken())?;
        let device = Device::from_state(&saved.device, PossessionKey::from_bytes(possession))?;
        Ok(Self {
            path,
            url: saved.url,
            possession,
            biometry,
            device,
        })
    }

    /// The key behind the biometric check, which nobody makes here.
    pub(crate) fn biometry(&self) -> BiometryKey {
        BiometryKey::from_bytes(self.biometry)
    }

    /// Writes the phone as it is now.
    pub(crate) fn save(&self) -> Result<(), Failure> {
        write(
            self.path,
            &self.url,
            &self.possession,
            &self.biometry,
            &self.device.to_state(),
        )
    }

    /// Stores the moved counter, then lets the request go. Any failure in between costs a counter
    /// value, never uses one twice.
    pub(crate) fn send<P>(&self, call: Unsaved<Call<P>>) -> Result<(P, Reply), Failure> {
        let write =
            |state: &DeviceState| write(self.path, &self.url, &self.possession, &self.biometry, state);
        let Call { request, pending } = call.save_with(write)?;
        Ok((pending, http::send(&self.url, &request)?))
    }

    /// Stores the moved counter, then gives out what was computed.
    pub(crate) fn keep<T>(&self, value: Unsaved<T>) -> Result<T, Failure> {
        value.save_with(|state| write(self.path, &self.url, &self.possession, &self.biometry, state))
    }

    /// Fetches a temporary key where the protocol version needs one.
    pub(crate) fn refresh_temporary_key(&mut self) -> Result<(), Failure> {
        if !self.device.needs_temporary_key(http::now()) {
            return Ok(());
        }
        let Call { request, pending } = self.device.request_temporary_key(&mut SystemRandom)?;
        let reply = http::send(&self.url, &request)?;
        let key = pending.read(reply.status, &reply.body)?;
        Ok(self.device.keep_temporary_key(key)?)
    }
}

fn write(
    path: &Path,
    url: &str,
    possession: &[u8; 16],
    biometry: &[u8; 16],
    device: &DeviceState,
) -> Result<(), Failure> {
    let saved = Saved {
        url: url.to_owned(),
        possession_key: base64::encode(possession),
        biometry_key: base64::encode(biometry),
        device: device.clone(),
    };
    let text = serde_json::to_string_pretty(&saved)
        .map_err(|_| Failure::usage("the phone's state cannot be written as JSON"))?;
    replace(path, text.as_bytes())
        .map_err(|error| Failure::usage(format!("cannot write the phone's state: {error}")))
}

/// Replaces a file as a whole: either the old or the new content survives a crash.
fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let fresh = Path::new(&name);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(fresh)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(fresh, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
