//! Looks for many secrets in a text at once, in every form in which they might get there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use countersign::crypto::encoding::{base64, base64url};

/// Bytes by which needles are found first.
const KEY: usize = 6;
/// Shorter ones would be found by chance.
const LEAST: usize = 8;

struct Needle {
    kind: String,
    form: &'static str,
    bytes: Vec<u8>,
}

/// What must not be found.
#[derive(Default)]
pub(crate) struct Canaries {
    needles: Vec<Needle>,
    index: HashMap<[u8; KEY], Vec<usize>>,
    kinds: BTreeSet<String>,
    known: BTreeSet<Vec<u8>>,
}

impl Canaries {
    /// A secret that is a text. One in Base64 or hexadecimal digits is looked for as its bytes, too.
    pub(crate) fn text(&mut self, kind: &str, text: &str) {
        assert!(text.len() >= LEAST, "{kind} is too short to be looked for");
        self.bytes(kind, text.as_bytes());
        let plain = text.trim_end_matches('=');
        if let Ok(bytes) = base64::decode(text) {
            self.bytes(kind, &bytes);
        } else if plain.len() >= 22
            && let Ok(bytes) = base64url::decode(plain)
        {
            self.bytes(kind, &bytes);
        }
        if text.len() >= 32 && text.bytes().all(|it| it.is_ascii_hexdigit()) && text.len().is_multiple_of(2) {
            let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
            let bytes: Vec<u8> = (0..text.len()).step_by(2).map(digits).collect();
            self.bytes(kind, &bytes);
        }
    }

    /// A secret that is bytes.
    pub(crate) fn bytes(&mut self, kind: &str, bytes: &[u8]) {
        self.kinds.insert(kind.to_owned());
        if bytes.len() < LEAST || !self.known.insert(bytes.to_vec()) {
            return;
        }
        let hex = |bytes: &[u8]| {
            bytes.iter().fold(String::new(), |mut text, byte| {
                write!(text, "{byte:02x}").unwrap();
                text
            })
        };
        self.needle(kind, "raw", bytes);
        self.needle(kind, "hexadecimal", hex(bytes).as_bytes());
        self.needle(
            kind,
            "hexadecimal, upper case",
            hex(bytes).to_uppercase().as_bytes(),
        );
        for shift in 0..3 {
            let aligned = aligned(bytes, shift);
            self.needle(kind, "Base64", aligned.as_bytes());
            self.needle(
                kind,
                "Base64url",
                aligned.replace('+', "-").replace('/', "_").as_bytes(),
            );
        }
        let escaped = countersign::crypto::query::form_encode(bytes);
        self.needle(kind, "percent-encoded", escaped.as_bytes());
        let list: Vec<String> = bytes.iter().map(ToString::to_string).collect();
        self.needle(kind, "list of numbers", list.join(", ").as_bytes());
        self.needle(kind, "list of numbers", list.join(",").as_bytes());
        let mut reversed = bytes.to_vec();
        reversed.reverse();
        self.needle(kind, "reversed", &reversed);
        self.needle(kind, "reversed", hex(&reversed).as_bytes());
    }

    fn needle(&mut self, kind: &str, form: &'static str, bytes: &[u8]) {
        let Some(key) = bytes.first_chunk::<KEY>() else {
            return;
        };
        if bytes.len() < LEAST {
            return;
        }
        self.index.entry(*key).or_default().push(self.needles.len());
        self.needles.push(Needle {
            kind: kind.to_owned(),
            form,
            bytes: bytes.to_vec(),
        });
    }

    pub(crate) fn kinds(&self) -> usize {
        self.kinds.len()
    }

    pub(crate) fn needles(&self) -> usize {
        self.needles.len()
    }

    /// Kinds and forms of what is there.
    pub(crate) fn find(&self, text: &[u8]) -> BTreeSet<(&str, &'static str)> {
        let mut found = BTreeSet::new();
        for (at, window) in text.windows(KEY).enumerate() {
            for number in self.index.get(window).into_iter().flatten() {
                let needle = &self.needles[*number];
                if text[at..].starts_with(&needle.bytes) {
                    found.insert((needle.kind.as_str(), needle.form));
                }
            }
        }
        found
    }

    /// Each needle alone in a text is found: how many were not.
    pub(crate) fn blind(&self) -> usize {
        let seen = |needle: &&Needle| {
            let text = [
                b"2026-01-01 INFO request{id=\"x\"}: ",
                needle.bytes.as_slice(),
                b" answered",
            ]
            .concat();
            !self.find(&text).iter().any(|(_, form)| *form == needle.form)
        };
        self.needles.iter().filter(seen).count()
    }
}

/// The characters of Base64 that depend on these bytes alone when `shift` others stand in front of them.
fn aligned(bytes: &[u8], shift: usize) -> String {
    let text = base64::encode(&[&[0; 3][..shift], bytes].concat());
    let from = [0, 2, 3][shift];
    let whole = (shift + bytes.len()) * 8 / 6;
    text[from..whole].to_owned()
}

/// What a server said, by where.
#[derive(Default)]
pub(crate) struct Outputs(pub(crate) BTreeMap<String, Vec<u8>>);

impl Outputs {
    pub(crate) fn add(&mut self, place: &str, bytes: &[u8]) {
        let all = self.0.entry(place.to_owned()).or_default();
        all.extend_from_slice(bytes);
        all.push(b'\n');
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }
}
