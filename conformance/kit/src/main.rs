//! Plays scenarios against a PowerAuth-compatible server.
//!
//! ```text
//! countersign-conformance --server http://localhost:8080/powerauth-java-server --phone http://localhost:8081/enrollment-server
//! ```
//!
//! Exit codes: 0 everything as expected, 1 something different, 2 wrong usage or a scenario that cannot be read.

use std::fs;
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use countersign_conformance::player::{self, Settings};
use countersign_conformance::report;
use countersign_conformance::scenario::{self, FEATURES, Scenario};
use countersign_conformance::transport::{Address, Http};

/// Where systems keep the certificates they trust.
const CERTIFICATES: [&str; 3] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
];

/// Plays scenarios against a PowerAuth-compatible server and prints what it answers otherwise.
#[derive(Parser)]
#[command(name = "countersign-conformance", version)]
struct Options {
    /// Address of the server API: everything before `/rest/v3`.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    server: String,
    /// User name for the server API, such as the client token of an integration.
    #[arg(long, value_name = "NAME", requires = "password", env = "CONFORMANCE_USER")]
    user: Option<String>,
    /// Password for the server API.
    #[arg(
        long,
        value_name = "TEXT",
        requires = "user",
        env = "CONFORMANCE_PASSWORD",
        hide_env_values = true
    )]
    password: Option<String>,
    /// Address for phones: everything before `/pa/v3` and `/api`. Without it the address of the server API.
    #[arg(long, value_name = "URL")]
    phone: Option<String>,
    /// Address for administrators: everything before `/admin`. Without it nothing is administered.
    #[arg(long, value_name = "URL", requires = "admin_user")]
    admin: Option<String>,
    /// User name of an administrator.
    #[arg(
        long,
        value_name = "NAME",
        requires = "admin_password",
        env = "CONFORMANCE_ADMIN_USER"
    )]
    admin_user: Option<String>,
    /// Password of an administrator.
    #[arg(
        long,
        value_name = "TEXT",
        env = "CONFORMANCE_ADMIN_PASSWORD",
        hide_env_values = true
    )]
    admin_password: Option<String>,
    /// PEM file with the authorities to trust for https. Default: the system's.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Folder of the scenarios.
    #[arg(long, value_name = "FOLDER", default_value = "conformance/scenarios")]
    scenarios: PathBuf,
    /// Only scenarios whose names begin so; may be repeated.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// A feature that the server lacks; may be repeated. `--list` tells their names.
    #[arg(long, value_name = "FEATURE", value_parser = feature)]
    without: Vec<String>,
    /// Address of this machine where receivers of callbacks listen.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
    listen: IpAddr,
    /// Write a report as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Write a report as JUnit's XML.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Only list scenarios and features.
    #[arg(long)]
    list: bool,
}

fn feature(name: &str) -> Result<String, String> {
    match FEATURES.iter().any(|(known, _)| *known == name) {
        true => Ok(name.to_owned()),
        false => Err("there is no such feature".to_owned()),
    }
}

fn certificates(options: &Options) -> Result<Option<Vec<u8>>, String> {
    let https = |url: &Option<String>| url.as_ref().is_some_and(|url| url.starts_with("https://"));
    if !options.server.starts_with("https://") && !https(&options.phone) && !https(&options.admin) {
        return Ok(None);
    }
    let system = || CERTIFICATES.iter().map(PathBuf::from).find(|path| path.exists());
    let path = options.ca_file.clone().or_else(system);
    let path = path.ok_or("no trusted certificates found; give --ca-file")?;
    let pem = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Some(pem))
}

fn list(scenarios: &[Scenario]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for it in scenarios {
        writeln!(out, "{:<44} {:>4} steps  {}", it.name, it.steps.len(), it.title)?;
    }
    writeln!(out, "\nfeatures that a server may lack:")?;
    for (name, meaning) in FEATURES {
        writeln!(out, "{name:<20} {meaning}")?;
    }
    Ok(())
}

fn write(path: Option<&Path>, text: &str) -> Result<(), String> {
    match path {
        Some(path) => fs::write(path, text).map_err(|error| format!("{}: {error}", path.display())),
        None => Ok(()),
    }
}

fn run(options: Options) -> Result<bool, String> {
    let mut scenarios = scenario::library(&options.scenarios).map_err(|error| error.to_string())?;
    if !options.only.is_empty() {
        scenarios.retain(|it| options.only.iter().any(|start| it.name.starts_with(start)));
    }
    if scenarios.is_empty() {
        return Err("no scenario is chosen".to_owned());
    }
    if options.list {
        list(&scenarios).map_err(|error| error.to_string())?;
        return Ok(true);
    }
    let certificates = certificates(&options)?;
    let server = Address {
        url: options.server.clone(),
        credentials: options.user.clone().zip(options.password.clone()),
    };
    let edge = Address {
        url: options.phone.clone().unwrap_or_else(|| options.server.clone()),
        credentials: None,
    };
    let mut settings = Settings {
        without: options.without.clone(),
        listen: options.listen,
        ..Settings::local()
    };
    if options.admin.is_none() {
        settings.without.push("texts".to_owned());
    }
    let admin = Address {
        url: options.admin.clone().unwrap_or_default(),
        credentials: options.admin_user.clone().zip(options.admin_password.clone()),
    };
    let http = Http::new(server, edge, admin, certificates.as_deref()).map_err(|error| error.to_string())?;
    let played: Vec<_> = scenarios
        .iter()
        .map(|scenario| player::play(scenario, &http, &settings))
        .collect();
    report::print(&mut io::stdout().lock(), &played).map_err(|error| error.to_string())?;
    write(options.report.as_deref(), &report::json(&played).to_string())?;
    write(options.junit.as_deref(), &report::junit(&played))?;
    Ok(played.iter().all(player::Played::is_good))
}

fn main() -> ExitCode {
    match run(Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(what) => {
            // Nothing is left to do when that cannot be written either.
            let _ = writeln!(io::stderr(), "countersign-conformance: {what}");
            ExitCode::from(2)
        }
    }
}
