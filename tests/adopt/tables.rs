//! Tables as texts, to be changed; and records in a form that can be compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::engine::{Keyring, Place};
use countersign::model::COLLECTIONS;
use countersign::model::activation::{ACTIVATION, Activation};
use countersign::model::adoption::ADOPTION;
use countersign::model::application::{APPLICATION, APPLICATION_VERSION, Application, ApplicationVersion};
use countersign::model::callback::{CALLBACKS, Callbacks};
use countersign::model::credential::{CREDENTIAL, Credential};
use countersign::model::journal::{Entry, JOURNAL};
use countersign::model::operation::{OPERATION, Operation};
use countersign::model::recovery::{RECOVERY_CODE, RECOVERY_CONFIG, RecoveryCode, RecoveryConfig};
use countersign::model::token::{TOKEN, Token};
use countersign::store::receipt::RECEIPT;
use countersign::store::{Collection, Entity, Record, Store};

use super::support::engine;

/// A field: null, or a text.
pub type Field = Option<String>;

/// A table with the names of its columns.
#[derive(Clone, Debug)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Field>>,
}

impl Table {
    /// Reads a file that is known to be sound.
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
        let (mut quoted, mut inside) = (false, false);
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '"' if inside && letters.peek() == Some(&'"') => {
                    letters.next();
                    field.push('"');
                }
                '"' => {
                    inside = !inside;
                    quoted = true;
                }
                ',' | '\n' if !inside => {
                    let value = std::mem::take(&mut field);
                    row.push((quoted || !value.is_empty()).then_some(value));
                    quoted = false;
                    if letter == '\n' {
                        rows.push(std::mem::take(&mut row));
                    }
                }
                letter => field.push(letter),
            }
        }
        let columns = rows.remove(0).into_iter().map(Option::unwrap).collect();
        Self { columns, rows }
    }

    fn field(field: &Field) -> String {
        match field {
            None => String::new(),
            Some(text) => format!("\"{}\"", text.replace('"', "\"\"")),
        }
    }

    /// As a file.
    pub fn text(&self) -> String {
        let line = |fields: Vec<String>| format!("{}\n", fields.join(","));
        let rows = self
            .rows
            .iter()
            .map(|row| line(row.iter().map(Self::field).collect()));
        format!("{}{}", line(self.columns.clone()), rows.collect::<String>())
    }

    /// Place of a column.
    pub fn at(&self, column: &str) -> usize {
        self.columns.iter().position(|it| it == column).unwrap()
    }

    /// Sets a field of a row.
    pub fn set(&mut self, row: usize, column: &str, value: Option<&str>) {
        let at = self.at(column);
        self.rows[row][at] = value.map(str::to_owned);
    }

    /// A field of a row.
    pub fn get(&self, row: usize, column: &str) -> &str {
        self.rows[row][self.at(column)].as_deref().unwrap()
    }

    /// Leaves out a column.
    pub fn drop(&mut self, column: &str) {
        let at = self.at(column);
        self.columns.remove(at);
        for row in &mut self.rows {
            row.remove(at);
        }
    }
}

/// A copy of a database, to be changed; it vanishes.
pub struct Copy(pub PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Copy {
    /// Copies the tables of `from`.
    pub fn of(from: &Path, name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("cs-adopt-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for file in fs::read_dir(from).unwrap() {
            let file = file.unwrap();
            if file.path().extension().is_some_and(|it| it == "csv") {
                // A new file: the original may be read-only.
                let text = fs::read(file.path()).unwrap();
                fs::write(folder.join(file.file_name()), text).unwrap();
            }
        }
        Self(folder)
    }

    fn path(&self, table: &str) -> PathBuf {
        self.0.join(format!("{table}.csv"))
    }

    /// Changes a table.
    pub fn change(&self, table: &str, change: impl FnOnce(&mut Table)) {
        let mut read = Table::read(&self.path(table));
        change(&mut read);
        fs::write(self.path(table), read.text()).unwrap();
    }

    /// Adds to the end of a file.
    pub fn append(&self, table: &str, text: &[u8]) {
        let mut all = fs::read(self.path(table)).unwrap();
        all.extend_from_slice(text);
        fs::write(self.path(table), all).unwrap();
    }
}

/// All records of a collection.
pub fn walk(store: &dyn Store, collection: Collection) -> Vec<Record> {
    let mut all: Vec<Record> = Vec::new();
    loop {
        let after = all.last().map(|record| record.key.id.clone());
        let page = pollster::block_on(store.walk(collection, after.as_deref(), 500)).unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

fn opened(ring: &Keyring, (collection, id, field): (Collection, &str, &'static str), sealed: &mut Vec<u8>) {
    let place = Place {
        collection,
        id,
        field,
    };
    if !sealed.is_empty() {
        *sealed = ring.open(place, sealed).unwrap().as_bytes().to_vec();
    }
}

/// A record with its secrets opened; the chain of its journal only by length.
fn shown(ring: &Keyring, record: &Record) -> String {
    let (at, body, id) = (record.key.collection, &record.body, record.key.id.as_str());
    match at {
        ACTIVATION => {
            let mut it = Activation::decode(body).unwrap();
            opened(ring, (at, id, "server_private"), &mut it.server_private);
            if let Some(keys) = &mut it.keys {
                opened(ring, (at, id, "keys"), keys);
            }
            it.journal.hash.clear();
            format!("{it:?}")
        }
        APPLICATION => {
            let mut it = Application::decode(body).unwrap();
            for key in &mut it.master_keys {
                opened(ring, (at, id, "master_private"), &mut key.private);
            }
            format!("{it:?}")
        }
        APPLICATION_VERSION => {
            let mut it = ApplicationVersion::decode(body).unwrap();
            opened(ring, (at, id, "secret"), &mut it.secret);
            format!("{it:?}")
        }
        TOKEN => {
            let mut it = Token::decode(body).unwrap();
            opened(ring, (at, id, "secret"), &mut it.secret);
            format!("{it:?}")
        }
        OPERATION => {
            let mut it = Operation::decode(body).unwrap();
            it.applications.sort();
            if let Some(seed) = &mut it.totp_seed {
                opened(ring, (at, id, "totp_seed"), seed);
            }
            format!("{it:?}")
        }
        RECOVERY_CODE => {
            let mut it = RecoveryCode::decode(body).unwrap();
            for (number, puk) in (1..).zip(&mut it.puks) {
                opened(ring, (at, &format!("{id}/{number}"), "puk"), &mut puk.hash);
            }
            format!("{it:?}")
        }
        RECOVERY_CONFIG => {
            let mut it = RecoveryConfig::decode(body).unwrap();
            if let Some(private) = &mut it.private {
                opened(ring, (at, id, "private"), private);
            }
            format!("{it:?}")
        }
        CALLBACKS => {
            let mut it = Callbacks::decode(body).unwrap();
            for url in &mut it.urls {
                opened(ring, (at, &url.id, "authentication"), &mut url.authentication);
            }
            format!("{it:?}")
        }
        CREDENTIAL => {
            let mut it = Credential::decode(body).unwrap();
            it.hash.truncate(0);
            format!("{it:?}")
        }
        _ => format!("{body:02x?}"),
    }
}

/// Everything in a store, by collection and id; entries of journals by activation and their old number.
pub fn dump(store: &dyn Store) -> BTreeMap<(&'static str, String), String> {
    let ring = &engine().keyring;
    let mut all = BTreeMap::new();
    let own = |it: &&Collection| ![RECEIPT, ADOPTION, JOURNAL].contains(it);
    for collection in COLLECTIONS.iter().filter(own) {
        for record in walk(store, *collection) {
            all.insert((collection.0, record.key.id.clone()), shown(ring, &record));
        }
    }
    for record in walk(store, JOURNAL) {
        let it = Entry::decode(&record.body).unwrap();
        let kind = std::mem::discriminant(&it.event);
        let key = format!("{:?} {kind:?} {}", it.subject, it.public_id);
        let old = all.insert((JOURNAL.0, key), format!("{} {:?}", it.at, it.event));
        assert_eq!(old, None, "an entry came twice");
    }
    all
}

/// Panics at the first difference.
pub fn same(left: &dyn Store, right: &dyn Store) -> usize {
    let (left, right) = (dump(left), dump(right));
    for (key, value) in &left {
        assert_eq!(Some(value), right.get(key), "{key:?}");
    }
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
    left.len()
}
