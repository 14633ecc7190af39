//! What a process did to the files of one folder, in its order, as `strace` tells it.

use std::collections::HashMap;
use std::path::Path;

/// A name inside the folder.
pub type Name = String;

/// Something that happened to the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A file was opened that may not have been there.
    Create(Name),
    /// Bytes were handed to the system.
    Write { name: Name, at: u64, bytes: Vec<u8> },
    /// A file was cut or extended.
    Truncate { name: Name, length: u64 },
    /// A name was removed.
    Unlink(Name),
    /// Everything of this file that had ended when the call began is on the disk.
    Flush(Name),
    /// The same, of the names in the folder.
    FlushNames,
}

/// An event with the lines of the log at which its call began and ended.
#[derive(Clone, Debug)]
pub struct Timed {
    pub began: usize,
    pub ended: usize,
    pub event: Event,
}

/// A call, put together of the two lines that it has when another thread was at it meanwhile.
struct Line {
    began: usize,
    text: String,
}

/// Reads the log of `strace -f -y -xx`; calls about other folders are left out.
pub fn read(log: &str, folder: &Path) -> Vec<Timed> {
    let folder = format!("{}/", folder.display());
    let mut reader = Reader {
        folder,
        places: HashMap::new(),
    };
    let (mut open, mut events): (HashMap<&str, Line>, Vec<Timed>) = (HashMap::new(), Vec::new());
    for (number, line) in log.lines().enumerate() {
        let (thread, text) = line.split_once(' ').unwrap();
        let text = text.trim_start();
        let call = if let Some(begin) = text.strip_suffix(" <unfinished ...>") {
            let (began, text) = (number, begin.to_owned());
            open.insert(thread, Line { began, text });
            continue;
        } else if text.starts_with("<... ") {
            let Some(mut begin) = open.remove(thread) else {
                continue;
            };
            begin.text.push_str(text.split_once("resumed>").unwrap().1);
            begin
        } else {
            let (began, text) = (number, text.to_owned());
            Line { began, text }
        };
        if let Some(event) = reader.event(&call.text) {
            let (began, ended) = (call.began, number);
            events.push(Timed { began, ended, event });
        }
    }
    events.sort_by_key(|event| event.began);
    events
}

struct Reader {
    folder: String,
    /// Where the next write through a descriptor goes.
    places: HashMap<String, u64>,
}

impl Reader {
    /// The event of a complete call; none for one that failed or is about something else.
    fn event(&mut self, text: &str) -> Option<Event> {
        let (call, rest) = text.split_once('(')?;
        let (arguments, result) = rest.rsplit_once(" = ")?;
        let arguments = arguments.trim_end().strip_suffix(')')?;
        if result.starts_with('-') {
            return None;
        }
        let parts: Vec<&str> = arguments.split(", ").collect();
        let number = |place: usize| parts.get(place)?.parse::<u64>().ok();
        if call == "openat" {
            let name = self.name(&unescaped(parts.get(1)?.trim_matches('"')))?;
            let descriptor = result.split('<').next()?;
            self.places.insert(descriptor.to_owned(), 0);
            return parts.get(2)?.contains("O_CREAT").then_some(Event::Create(name));
        }
        if call == "unlink" {
            let name = self.name(&unescaped(parts.first()?.trim_matches('"')))?;
            return Some(Event::Unlink(name));
        }
        let (descriptor, path) = parts.first()?.split_once('<')?;
        let path =
            String::from_utf8(unescaped(path.trim_end_matches("(deleted)").strip_suffix('>')?)).unwrap();
        if call.ends_with("sync") && format!("{path}/") == self.folder {
            return Some(Event::FlushNames);
        }
        let name = self.name(path.as_bytes())?;
        match call {
            "lseek" => {
                let place = result.parse().unwrap();
                self.places.insert(descriptor.to_owned(), place);
                None
            }
            "write" | "pwrite64" => {
                let bytes = unescaped(parts[1].trim_matches('"'));
                // A short write would show here.
                assert_eq!(Some(bytes.len() as u64), number(2));
                assert_eq!(result.parse(), Ok(bytes.len()));
                let at = match call {
                    "pwrite64" => number(3).unwrap(),
                    _ => {
                        let place = self.places.entry(descriptor.to_owned()).or_default();
                        *place += bytes.len() as u64;
                        *place - bytes.len() as u64
                    }
                };
                Some(Event::Write { name, at, bytes })
            }
            "ftruncate" => {
                let length = number(1).unwrap();
                Some(Event::Truncate { name, length })
            }
            "fsync" | "fdatasync" => Some(Event::Flush(name)),
            other => panic!("{other} of {name} is not understood"),
        }
    }

    fn name(&self, path: &[u8]) -> Option<Name> {
        let path = std::str::from_utf8(path).unwrap();
        path.strip_prefix(&self.folder).map(str::to_owned)
    }
}

/// `\x2f\x74…`, which is how everything is written.
fn unescaped(text: &str) -> Vec<u8> {
    let pairs = text.split("\\x").skip(1);
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}
