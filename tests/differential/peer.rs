//! The process with the published library, and the frames between.
//!
//! ```text
//! request  count:u32 { name: u8 length, bytes · number of fields: u16 · fields }…
//! answer   count:u32 { 1 when it went well: u8 · number of fields: u16 · fields }…
//! field    length:i32 (−1: absent) bytes
//! ```
//!
//! It reads a whole frame before it answers, so one side never waits for the other's reading.

use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::case::{Answer, Case, Field};

pub(crate) struct Peer {
    child: Child,
    input: BufWriter<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts what Maven has built in `folder`.
    pub(crate) fn start(folder: &Path) -> Self {
        let classes = folder.join("target/classes");
        assert!(
            classes.is_dir(),
            "nothing is built in {}: `cargo xtask differential` does that",
            folder.display()
        );
        let path = format!("{}:{}/target/lib/*", classes.display(), folder.display());
        let mut child = Command::new("java")
            .args([
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                &path,
                "io.countersign.differential.Main",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("java cannot be started");
        let input = BufWriter::new(child.stdin.take().unwrap());
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output }
    }

    pub(crate) fn send<'c>(&mut self, cases: impl ExactSizeIterator<Item = &'c Case>) {
        self.write(&u32::try_from(cases.len()).unwrap().to_be_bytes());
        for case in cases {
            self.write(&[u8::try_from(case.function.len()).unwrap()]);
            self.write(case.function.as_bytes());
            self.write(&u16::try_from(case.arguments.len()).unwrap().to_be_bytes());
            for field in &case.arguments {
                let length = field.as_ref().map_or(-1, |it| i32::try_from(it.len()).unwrap());
                self.write(&length.to_be_bytes());
                self.write(field.as_deref().unwrap_or_default());
            }
        }
        self.input.flush().expect("the Java process is gone");
    }

    pub(crate) fn receive(&mut self) -> Vec<Answer> {
        let count = u32::from_be_bytes(self.read());
        (0..count).map(|_| self.answer()).collect()
    }

    fn answer(&mut self) -> Answer {
        let [well] = self.read();
        let fields: Vec<Field> = (0..u16::from_be_bytes(self.read()))
            .map(|_| self.field())
            .collect();
        if well == 1 {
            return Answer::Values(fields);
        }
        let text = fields.into_iter().flatten().next().unwrap_or_default();
        Answer::Refused(String::from_utf8_lossy(&text).into_owned())
    }

    fn field(&mut self) -> Field {
        let length = usize::try_from(i32::from_be_bytes(self.read())).ok()?;
        let mut bytes = vec![0; length];
        self.output
            .read_exact(&mut bytes)
            .expect("the Java process is gone");
        Some(bytes)
    }

    fn read<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.output
            .read_exact(&mut bytes)
            .expect("the Java process is gone");
        bytes
    }

    fn write(&mut self, bytes: &[u8]) {
        self.input.write_all(bytes).expect("the Java process is gone");
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
