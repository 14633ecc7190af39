//! Activation by code.

use countersign::client::{Application, BiometryKey, Call, Credentials, Installation, PossessionKey};
use countersign::crypto::version::ProtocolVersion;

use crate::failure::Failure;
use crate::http::{self, SystemRandom};
use crate::options::{Activate, Options, Report};
use crate::store::{LocalKeys, Phone};

pub(crate) fn activate(options: &Options, arguments: &Activate) -> Result<Report, Failure> {
    if options.state.exists() {
        return Err(Failure::usage(
            "there is a phone in this file already; remove it, or name another --state",
        ));
    }
    let mut application = application(arguments)?;
    let scanned = application.read_activation_code(&arguments.code)?;
    let pin = arguments.pin.read()?;
    let keys = LocalKeys::generate()?;
    if application.needs_temporary_key(http::now()) {
        let Call { request, pending } = application.request_temporary_key(&mut SystemRandom)?;
        let reply = http::send(&arguments.url, &request)?;
        application.keep_temporary_key(pending.read(reply.status, &reply.body)?)?;
    }
    let installation = Installation {
        name: arguments.name.as_deref(),
        otp: arguments.otp.as_deref(),
        platform: Some("command-line"),
        device_info: Some(std::env::consts::OS),
        ..Installation::default()
    };
    let credentials = Credentials::code(&scanned.code);
    let Call { request, pending } =
        application.activate(&credentials, &installation, http::now(), &mut SystemRandom)?;
    let reply = http::send(&arguments.url, &request)?;
    let activation = pending.read(reply.status, &reply.body)?;
    let fingerprint = activation.fingerprint();
    let possession = PossessionKey::from_bytes(keys.possession);
    let biometry = BiometryKey::from_bytes(keys.biometry);
    let device = activation.protect(&pin, possession, Some(&biometry), &mut SystemRandom)?;
    let phone = Phone::create(&options.state, &arguments.url, &keys, device)?;
    Ok(Report::new()
        .with("activationId", phone.device.activation_id())
        .with("fingerprint", fingerprint)
        .with(
            "next",
            "compare the fingerprint, then commit the activation on the server",
        ))
}

fn application(arguments: &Activate) -> Result<Application, Failure> {
    let version = ProtocolVersion::parse(&arguments.protocol)
        .map_err(|_| Failure::usage("--protocol must be 3.0, 3.1, 3.2 or 3.3"))?;
    let application = match (&arguments.sdk_config, &arguments.app_key) {
        (Some(config), _) => Application::from_sdk_config(config)?,
        (None, Some(key)) => Application::new(
            key,
            arguments.app_secret.as_deref().unwrap_or_default(),
            arguments.master_key.as_deref().unwrap_or_default(),
        )?,
        (None, None) => return Err(Failure::usage("--sdk-config or --app-key is needed")),
    };
    Ok(application.with_version(version))
}
