//! A loaded phone: its file, its device, the server it talks to.

use crate::cli::Cli;
use crate::failure::{Failure, Outcome};
use crate::http::Http;
use crate::rng;
use crate::state_file::{StateFile, Stored};
use countersign::client::{
    Application, Authentication, BiometryKey, Call, Device, DeviceState, POSSESSION_UNIVERSAL, PossessionKey,
    Unsaved,
};
use countersign::crypto::encoding::base64;
use countersign::crypto::random::Random;
use std::time::{SystemTime, UNIX_EPOCH};

/// Time in Unix milliseconds: this machine's, or with `--server-time` the server's.
pub(crate) fn now(cli: &Cli, http: &Http, application: &Application) -> Outcome<u64> {
    if cli.server_time {
        let call = application.request_server_status();
        let (status, body) = http.send(&call.request)?;
        return Ok(call.pending.read(status, &body)?.server_time_ms);
    }
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| u64::try_from(since.as_millis()).ok())
        .ok_or_else(|| Failure::usage("the clock of this machine stands before 1970"))
}

/// A key of the server that has expired on arrival.
pub(crate) fn clocks_differ() -> Failure {
    Failure::Network(
        "the clock of this machine is not the server's; --server-time takes the server's".to_owned(),
    )
}

/// A phone that has been activated.
pub(crate) struct Phone {
    file: StateFile,
    stored: Stored,
    pub(crate) device: Device,
    pub(crate) http: Http,
    pub(crate) rng: Box<dyn Random>,
}

impl Phone {
    /// Loads the phone and keeps other commands away from it.
    pub(crate) fn open(cli: &Cli) -> Outcome<Self> {
        let file = StateFile::lock(&cli.state)?;
        let stored = file.read()?;
        let http = Http::new(&stored.url, cli)?;
        let device = Device::from_state(&stored.device, possession_key(&stored)?)?;
        Ok(Self {
            file,
            stored,
            device,
            http,
            rng: rng::source(cli.seed),
        })
    }

    pub(crate) fn now(&self, cli: &Cli) -> Outcome<u64> {
        now(cli, &self.http, self.device.application())
    }

    pub(crate) fn url(&self) -> &str {
        &self.stored.url
    }

    /// The key the simulated biometric check releases.
    pub(crate) fn biometry(&self) -> Outcome<Option<BiometryKey>> {
        let key = self.stored.biometry_key.as_deref().map(base64::decode_array);
        let key = key
            .transpose()
            .map_err(|_| Failure::usage("the file of the phone: field biometryKey is invalid"))?;
        Ok(key.map(BiometryKey::from_bytes))
    }

    /// Stores the device as it is.
    pub(crate) fn save(&mut self) -> Outcome<()> {
        let state = self.device.to_state();
        store(&self.file, &mut self.stored, &state)
    }

    /// Stores the state, then gives out the result.
    pub(crate) fn release<T>(&mut self, unsaved: Unsaved<T>) -> Outcome<T> {
        unsaved.save_with(|state| store(&self.file, &mut self.stored, state))
    }

    pub(crate) fn send<P>(&self, call: Call<P>) -> Outcome<(P, u16, Vec<u8>)> {
        let (status, body) = self.http.send(&call.request)?;
        Ok((call.pending, status, body))
    }

    /// Stores the state, then sends.
    pub(crate) fn send_signed<P>(&mut self, unsaved: Unsaved<Call<P>>) -> Outcome<(P, u16, Vec<u8>)> {
        let call = self.release(unsaved)?;
        self.send(call)
    }

    /// Fetches a temporary key of activation scope where the version needs one.
    pub(crate) fn fetch_temporary_key(&mut self, now_ms: u64) -> Outcome<()> {
        if self.device.needs_temporary_key(now_ms) {
            let call = self.device.request_temporary_key(self.rng.as_mut())?;
            let (pending, status, body) = self.send(call)?;
            self.device.keep_temporary_key(pending.read(status, &body)?)?;
            if self.device.needs_temporary_key(now_ms) {
                return Err(clocks_differ());
            }
        }
        Ok(())
    }

    /// The application, with a temporary key where the version needs one.
    pub(crate) fn application(&mut self, now_ms: u64) -> Outcome<Application> {
        let mut application = self.device.application().clone();
        if application.needs_temporary_key(now_ms) {
            let call = application.request_temporary_key(self.rng.as_mut())?;
            let (pending, status, body) = self.send(call)?;
            application.keep_temporary_key(pending.read(status, &body)?)?;
            if application.needs_temporary_key(now_ms) {
                return Err(clocks_differ());
            }
        }
        Ok(application)
    }

    /// Keeps what the simulated biometric check releases, and stores the device.
    pub(crate) fn keep_biometry(&mut self, key: &BiometryKey) -> Outcome<()> {
        self.stored.biometry_key = Some(base64::encode(key.as_bytes()));
        self.save()
    }

    /// Makes a token unless there is one of this name.
    pub(crate) fn ensure_token(
        &mut self,
        name: &str,
        authentication: &Authentication<'_>,
        now_ms: u64,
    ) -> Outcome<()> {
        if self.device.token_names().any(|known| known == name) {
            return Ok(());
        }
        self.fetch_temporary_key(now_ms)?;
        let signed = self
            .device
            .create_token(name, authentication, now_ms, self.rng.as_mut())?;
        let (pending, status, body) = self.send_signed(signed)?;
        pending.read(&mut self.device, status, &body)?;
        self.save()
    }

    /// The token for operation lists.
    pub(crate) fn ensure_list_token(&mut self, now_ms: u64) -> Outcome<()> {
        self.ensure_token(POSSESSION_UNIVERSAL, &Authentication::Possession, now_ms)
    }

    /// Forgets the phone.
    pub(crate) fn destroy(self) -> Outcome<()> {
        self.file.remove()
    }
}

fn store(file: &StateFile, stored: &mut Stored, state: &DeviceState) -> Outcome<()> {
    stored.device = state.clone();
    file.write(stored)
}

fn possession_key(stored: &Stored) -> Outcome<PossessionKey> {
    let data: [u8; 32] = base64::decode_array(&stored.device_secret)
        .map_err(|_| Failure::usage("the file of the phone: field deviceSecret is invalid"))?;
    Ok(PossessionKey::from_device_data(&data))
}
