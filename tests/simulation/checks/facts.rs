//! What a batch writes.

use super::*;

/// What a batch writes.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) accounts: BTreeMap<String, Activation>,
    pub(super) payments: BTreeMap<String, Payment>,
    pub(super) entries: BTreeMap<String, Vec<Entry>>,
    pub(super) fresh: Vec<CallbackEvent>,
    pub(super) known: BTreeMap<String, CallbackEvent>,
    pub(super) seen: usize,
    pub(super) tokens: Vec<Token>,
    pub(super) applications: BTreeMap<String, Application>,
    pub(super) versions: Vec<ApplicationVersion>,
    pub(super) keys: Option<SealingKeys>,
    pub(super) work: Option<Resealing>,
    /// Records that were sealed anew.
    pub(super) resealed: BTreeMap<Key, Vec<u8>>,
}

impl Facts {
    pub(super) fn of(meaning: &Meaning, batch: &Batch) -> Result<Self, String> {
        let mut facts = Self::default();
        let reseals = matches!(meaning, Meaning::Keys(Turn::Reseal(..)));
        for write in &batch.writes {
            let (key, body, new) = match write {
                Write::Check { .. } => continue,
                Write::Put {
                    key, body, expect, ..
                } => (key, body, *expect == Expect::Absent),
                Write::Append { key, body, .. } => (key, body, true),
            };
            let corrupt = |_| format!("I7: {key:?} cannot be read");
            match key.collection {
                SEALING_KEYS => facts.keys = Some(SealingKeys::decode(body).map_err(corrupt)?),
                RESEALING => facts.work = Some(Resealing::decode(body).map_err(corrupt)?),
                collection if reseals && COLLECTIONS.contains(&collection) => {
                    facts.resealed.insert(key.clone(), body.clone());
                }
                ACTIVATION => {
                    let it = Activation::decode(body).map_err(corrupt)?;
                    facts.accounts.insert(it.id.clone(), it);
                }
                OPERATION => {
                    let it = Payment::decode(body).map_err(corrupt)?;
                    facts.payments.insert(it.id.clone(), it);
                }
                JOURNAL => {
                    let it = Entry::decode(body).map_err(corrupt)?;
                    ensure!(it.id() == key.id, "I7: entry {} is stored as {}", it.id(), key.id);
                    facts.entries.entry(owner(&it).to_owned()).or_default().push(it);
                }
                EVENT => {
                    let it = CallbackEvent::decode(body).map_err(corrupt)?;
                    if new {
                        facts.fresh.push(it);
                    } else {
                        facts.known.insert(it.id.clone(), it);
                    }
                }
                REPLAY => facts.seen += 1,
                TOKEN => facts.tokens.push(Token::decode(body).map_err(corrupt)?),
                APPLICATION => {
                    let it = Application::decode(body).map_err(corrupt)?;
                    facts.applications.insert(it.id.clone(), it);
                }
                APPLICATION_VERSION => facts
                    .versions
                    .push(ApplicationVersion::decode(body).map_err(corrupt)?),
                RECEIPT => {}
                _ => return Err(format!("I7: nobody asked for a change of {key:?}")),
            }
        }
        for entries in facts.entries.values_mut() {
            entries.sort_by_key(|entry| entry.number);
        }
        Ok(facts)
    }

    pub(super) fn drawn(&self) -> Drawn {
        Drawn {
            accounts: self.accounts.keys().cloned().collect(),
            operations: self.payments.keys().cloned().collect(),
            events: self.known.iter().map(|(id, it)| (id.clone(), it.due)).collect(),
        }
    }
}

/// Whose entry it is; nothing here changes the rest.
pub(super) fn owner(entry: &Entry) -> &str {
    match &entry.subject {
        Subject::Activation(id)
        | Subject::Operation(id)
        | Subject::Application(id)
        | Subject::SealingKeys(id) => id,
        _ => "somebody else",
    }
}

pub(super) fn kind(entry: &Entry) -> &str {
    match &entry.event {
        Line::History(_) => "history",
        Line::Signature(_) => "signature",
        Line::Note(note) => &note.kind,
    }
}
