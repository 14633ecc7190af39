//! The requests of a scenario, made before anything is timed.

use serde_json::json;

use crate::bank::{Bank, text};
use crate::failure::Failure;
use crate::options::{Options, Scenario};

/// Requests of each connection, in their order.
pub(crate) async fn requests(
    scenario: Scenario,
    bank: &mut Bank,
    options: &Options,
) -> Result<Vec<Vec<Vec<u8>>>, Failure> {
    let connections = usize::from(options.connections);
    let mut all: Vec<Vec<Vec<u8>>> = vec![Vec::new(); connections];
    // The n-th phone belongs to the connection n modulo their number, so that no two send for one phone.
    let phones = bank.phones.len() / connections * connections;
    for number in 0..usize::try_from(options.requests).unwrap_or(usize::MAX) {
        let request = request(scenario, bank, number % phones).await?;
        if let Some(mine) = all.get_mut(number % connections) {
            mine.push(request);
        }
    }
    Ok(all)
}

async fn request(scenario: Scenario, bank: &mut Bank, phone: usize) -> Result<Vec<u8>, Failure> {
    let Some(mine) = bank.phones.get_mut(phone) else {
        return Err(Failure::Usage("--phones is too small"));
    };
    let user = mine.user.clone();
    let (method, object) = match scenario {
        Scenario::Verify => ("/signature/verify", mine.signed()?),
        Scenario::Wrong => ("/signature/verify", mine.wrongly_signed()?),
        Scenario::Token => ("/token/validate", mine.presented()?),
        Scenario::Status => {
            let id = mine.device.activation_id();
            (
                "/activation/status",
                json!({ "activationId": id, "challenge": "AAAAAAAAAAAAAAAAAAAAAA==" }),
            )
        }
        Scenario::Create => ("/operation/create", bank.operation(&user)),
        Scenario::Approve => {
            let created = bank.call("/operation/create", &bank.operation(&user)).await?;
            let approval = json!({
                "operationId": text(&created, "/id")?, "data": text(&created, "/data")?, "userId": user,
                "applicationId": bank.application, "signatureType": "POSSESSION_KNOWLEDGE",
            });
            ("/operation/approve", approval)
        }
    };
    Ok(bank.request(method, &object))
}

impl Scenario {
    /// What a right answer contains.
    pub(crate) fn proof(self) -> &'static str {
        match self {
            Self::Verify => r#""signatureValid":true"#,
            Self::Wrong => r#""signatureValid":false"#,
            Self::Token => r#""tokenValid":true"#,
            Self::Status => r#""activationStatus":"ACTIVE""#,
            Self::Create => r#""status":"PENDING""#,
            Self::Approve => r#""result":"APPROVED""#,
        }
    }
}
