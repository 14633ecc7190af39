//! Names of factor combinations in requests and answers.

use serde::{Deserialize, Serialize};

use crate::crypto::signature::SignatureType;

/// A factor combination in JSON: the exact upper-case name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Factors {
    /// POSSESSION
    Possession,
    /// KNOWLEDGE
    Knowledge,
    /// BIOMETRY
    Biometry,
    /// POSSESSION_KNOWLEDGE
    PossessionKnowledge,
    /// POSSESSION_BIOMETRY
    PossessionBiometry,
    /// POSSESSION_KNOWLEDGE_BIOMETRY
    PossessionKnowledgeBiometry,
}

impl From<Factors> for SignatureType {
    fn from(factors: Factors) -> Self {
        match factors {
            Factors::Possession => Self::Possession,
            Factors::Knowledge => Self::Knowledge,
            Factors::Biometry => Self::Biometry,
            Factors::PossessionKnowledge => Self::PossessionKnowledge,
            Factors::PossessionBiometry => Self::PossessionBiometry,
            Factors::PossessionKnowledgeBiometry => Self::PossessionKnowledgeBiometry,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_protocol() {
        let mut count = 0;
        for kind in SignatureType::ALL {
            let name = serde_json::json!(kind.as_upper_str());
            let factors: Factors = serde_json::from_value(name.clone()).unwrap();
            assert_eq!(SignatureType::from(factors), kind);
            assert_eq!(serde_json::json!(factors), name);
            assert!(serde_json::from_value::<Factors>(serde_json::json!(kind.as_str())).is_err());
            count += 1;
        }
        println!("{count} factor combinations");
    }
}
