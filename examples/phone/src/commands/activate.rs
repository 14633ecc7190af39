//! `activate`: the key exchange, and the file of the new phone.

use crate::cli::{ActivateArgs, Cli};
use crate::failure::{Failure, Outcome};
use crate::http::Http;
use crate::phone::{clocks_differ, now};
use crate::pin::pin;
use crate::report::Report;
use crate::rng;
use crate::state_file::{StateFile, Stored};
use countersign::client::{Application, BiometryKey, Credentials, Installation, PossessionKey, ReplyError};
use countersign::crypto::code::{Puk, RecoveryCode};
use countersign::crypto::encoding::base64;
use countersign::crypto::random::{Random, bytes};
use countersign::crypto::version::ProtocolVersion;
use serde_json::json;

pub(crate) fn activate(cli: &Cli, arguments: &ActivateArgs) -> Outcome<Report> {
    let file = StateFile::lock(&cli.state)?;
    if file.exists() && !arguments.force {
        let path = cli.state.display();
        return Err(Failure::usage(format!(
            "{path}: a phone lives here already; --force replaces it, --state names another file"
        )));
    }
    let mut application = application(arguments)?;
    let credentials = credentials(arguments, &application)?;
    let pin = pin(&arguments.pin, "Choose a PIN: ")?;
    let http = Http::new(&arguments.url, cli)?;
    let mut rng = rng::source(cli.seed);
    file.probe()?;

    let now_ms = now(cli, &http, &application)?;
    let fallback = arguments.fallback;
    fetch_temporary_key(&http, &mut application, fallback, now_ms, rng.as_mut())?;
    let installation = Installation {
        name: Some(&arguments.name),
        otp: arguments.otp.as_deref(),
        platform: Some("cli"),
        device_info: Some("countersign-phone"),
        ..Installation::default()
    };
    let call = application.activate(&credentials, &installation, now_ms, rng.as_mut())?;
    let (status, body) = http.send(&call.request)?;
    let new = call.pending.read(status, &body)?;

    let (id, fingerprint) = (new.activation_id().to_owned(), new.fingerprint());
    let recovery = new.recovery().cloned();
    let device_secret: [u8; 32] = bytes(rng.as_mut())?;
    let biometry = if arguments.no_biometry {
        None
    } else {
        Some(BiometryKey::generate(rng.as_mut())?)
    };
    let possession = PossessionKey::from_device_data(&device_secret);
    let device = new.protect(&pin, possession, biometry.as_ref(), rng.as_mut())?;
    let stored = Stored {
        url: arguments.url.trim_end_matches('/').to_owned(),
        device_secret: base64::encode(&device_secret),
        biometry_key: biometry.map(|key| base64::encode(key.as_bytes())),
        device: device.to_state(),
    };
    let version = device.application().version();
    file.write(&stored)?;

    let mut text = format!(
        "Activated {id} (protocol {version}).\nFingerprint, to compare with the server's: {fingerprint}"
    );
    let mut json = json!({ "activationId": id, "fingerprint": fingerprint, "protocol": version.as_str() });
    if let Some(recovery) = recovery {
        let (code, puk) = (recovery.code.as_str(), recovery.puk.as_str());
        text.push_str(&format!("\nRecovery code, shown once: {code}, PUK {puk}"));
        if let Some(object) = json.as_object_mut() {
            object.insert("recovery".to_owned(), json!({ "code": code, "puk": puk }));
        }
    }
    Ok(Report::new(text, json))
}

fn application(arguments: &ActivateArgs) -> Outcome<Application> {
    let application = match arguments {
        ActivateArgs {
            sdk_config: Some(config),
            ..
        } => Application::from_sdk_config(config)?,
        ActivateArgs {
            app_key: Some(key),
            app_secret: Some(secret),
            master_key: Some(master),
            ..
        } => Application::new(key, secret, master)?,
        _ => {
            return Err(Failure::usage(
                "give --sdk-config, or --app-key, --app-secret and --master-key",
            ));
        }
    };
    Ok(application.with_version(arguments.protocol.into()))
}

fn credentials(arguments: &ActivateArgs, application: &Application) -> Outcome<Credentials> {
    if let Some(text) = &arguments.code {
        let scanned = application.read_activation_code(text.trim())?;
        return Ok(Credentials::code(&scanned.code));
    }
    if let (Some(code), Some(puk)) = (&arguments.recovery_code, &arguments.puk) {
        return Ok(Credentials::recovery(
            &RecoveryCode::parse_qr(code.trim())?,
            &Puk::parse(puk.trim())?,
        ));
    }
    let pairs: Option<Vec<_>> = arguments
        .credential
        .iter()
        .map(|text| text.split_once('='))
        .collect();
    match pairs {
        Some(pairs) if !pairs.is_empty() => Ok(Credentials::custom(pairs)),
        Some(_) => Err(Failure::usage("give --code, --recovery-code or --credential")),
        None => Err(Failure::usage("--credential has the form NAME=VALUE")),
    }
}

/// A server that refuses or does not know the key store is older than 3.3.
fn fetch_temporary_key(
    http: &Http,
    application: &mut Application,
    fallback: bool,
    now_ms: u64,
    rng: &mut dyn Random,
) -> Outcome<()> {
    if !application.needs_temporary_key(now_ms) {
        return Ok(());
    }
    let call = application.request_temporary_key(rng)?;
    let (status, body) = http.send(&call.request)?;
    match call.pending.read(status, &body) {
        Ok(key) if !key.is_usable(now_ms) => return Err(clocks_differ()),
        Ok(key) => application.keep_temporary_key(key)?,
        Err(ReplyError::Refused(refusal)) if fallback && matches!(refusal.status, 400..=499) => {
            application.set_version(ProtocolVersion::V3_2);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
