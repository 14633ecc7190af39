//! Where an answer may differ from the old server's, each time with the reason that docs/deviations.md gives.

use serde_json::Value;

/// A member of an answer that is not what the old server said.
#[derive(Debug)]
#[allow(dead_code, reason = "shown when something is lost")]
pub struct Difference {
    /// Of which request.
    pub path: String,
    /// What the check is about.
    pub about: String,
    /// Place inside the answer.
    pub place: String,
    pub expected: Value,
    pub actual: Value,
}

/// What is known of the activation at the time of the request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Situation {
    /// It is of protocol 2.
    pub generation_2: bool,
    /// It was BLOCKED or REMOVED when an unsupported version was used.
    pub refused_version_unused: bool,
}

impl Difference {
    /// Why that is right.
    pub fn reason(&self, situation: Situation) -> Option<&'static str> {
        let ends = |end: &str| self.place.ends_with(end);
        match self.path.as_str() {
            "/rest/v3/signature/list" if ends("dataBase64") => {
                Some("signature audit without the application secret")
            }
            "/rest/v3/integration/list" if ends("clientSecret") && self.actual.is_null() => {
                Some("secrets of integrations are not shown")
            }
            "/rest/v3/application/roles/list" if ends("applicationId") => {
                Some("the answer names the application (Q14)")
            }
            "/rest/v3/activation/status" if situation.generation_2 => {
                Some("the status of protocol 2 is answered, so that its phone finds out about the upgrade")
            }
            "/rest/v3/signature/verify" | "/rest/v3/signature/offline/verify" | "/rest/v3/vault/unlock"
                if situation.generation_2 =>
            {
                Some("signatures of protocol 2 get the answer for an unusable state")
            }
            _ if situation.refused_version_unused => {
                Some("a wrong application version counts nothing unless the activation is ACTIVE (Q1)")
            }
            _ => None,
        }
    }
}
