//! ```text
//! cargo run -p countersign-protected
//! ```
//!
//! prints how to make a phone, which then opens the bank's routes; `docs/embedding.md` goes on from there. Records are in
//! memory: every start is a new bank.

use std::io::Write;
use std::net::SocketAddr;

use countersign::engine::Config;
use countersign_protected::{Bank, Failure, serve};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let address = std::env::args().nth(1);
    let address: SocketAddr = address.as_deref().unwrap_or("127.0.0.1:8081").parse()?;
    let listener = tokio::net::TcpListener::bind(address).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let bank = Bank::open(Config::default())?;
    let phone = bank.invite("alice").await?;
    writeln!(
        std::io::stdout(),
        "export COUNTERSIGN_PIN=2580\n\
         countersign-phone activate --url {url} --sdk-config {} --code '{}' --otp {}\n\
         listening on {url}",
        phone.configuration,
        phone.code,
        phone.otp,
    )?;
    Ok(serve(listener, bank).await?)
}
