//! What must not be seen anywhere: in no answer, no record, no callback.

use std::collections::BTreeMap;

use countersign::crypto::encoding::base64;
use countersign::engine::{Keyring, Place};
use countersign::model::activation::{ACTIVATION, Activation};
use countersign::model::application::{APPLICATION, APPLICATION_VERSION, Application, ApplicationVersion};
use countersign::model::token::{TOKEN, Token};
use countersign::store::{Entity, Record};

/// Secrets of the records, in every form in which they could slip out.
#[derive(Clone)]
pub struct Secrets {
    forms: Vec<Vec<u8>>,
    /// By the first two bytes: whether a form begins with them.
    begins: Vec<bool>,
    /// The keys of each activation.
    keys: BTreeMap<String, Vec<u8>>,
}

impl Secrets {
    /// Of everything that is sealed in `records`.
    pub fn of(ring: &Keyring, records: &[Record]) -> Self {
        let mut secrets: Vec<Vec<u8>> = Vec::new();
        let mut keys = BTreeMap::new();
        for record in records {
            let id = record.key.id.as_str();
            let mut open = |field, sealed: &[u8]| {
                let place = Place {
                    collection: record.key.collection,
                    id,
                    field,
                };
                secrets.push(ring.open(place, sealed).unwrap().as_bytes().to_vec());
            };
            match record.key.collection {
                ACTIVATION => {
                    let it = Activation::decode(&record.body).unwrap();
                    open("server_private", &it.server_private);
                    open("keys", &it.keys.unwrap());
                    keys.extend(secrets.last().map(|last| (it.id, last.clone())));
                }
                APPLICATION => {
                    let it = Application::decode(&record.body).unwrap();
                    it.master_keys
                        .iter()
                        .for_each(|key| open("master_private", &key.private));
                }
                APPLICATION_VERSION => {
                    let it = ApplicationVersion::decode(&record.body).unwrap();
                    open("secret", &it.secret);
                }
                TOKEN => open("secret", &Token::decode(&record.body).unwrap().secret),
                _ => {}
            }
        }
        let mut forms = Vec::new();
        for secret in &secrets {
            let whole = base64::encode(secret).into_bytes();
            forms.push(whole);
            for part in secret.chunks_exact(16) {
                let hex: String = part.iter().map(|byte| format!("{byte:02x}")).collect();
                // Its last characters depend on what follows.
                let text = base64::encode(part).into_bytes()[..20].to_vec();
                forms.extend([
                    part.to_vec(),
                    hex.to_uppercase().into_bytes(),
                    hex.into_bytes(),
                    text,
                ]);
            }
        }
        let mut begins = vec![false; 1 << 16];
        for form in &forms {
            begins[first_two(form)] = true;
        }
        Self { forms, begins, keys }
    }

    /// Whether one of them is in `bytes`.
    pub fn are_in(&self, bytes: &[u8]) -> bool {
        let may_begin = |at: &usize| self.begins[first_two(&bytes[*at..])];
        (0..bytes.len().saturating_sub(15))
            .filter(may_begin)
            .any(|at| self.forms.iter().any(|form| bytes[at..].starts_with(form)))
    }

    /// The keys of an activation.
    pub fn raw(&self, activation: &str) -> Option<&[u8]> {
        self.keys.get(activation).map(Vec::as_slice)
    }

    /// One of them, as it would slip out.
    pub fn one(&self) -> &[u8] {
        &self.forms[0]
    }
}

fn first_two(bytes: &[u8]) -> usize {
    (usize::from(bytes[0]) << 8) | usize::from(bytes[1])
}
