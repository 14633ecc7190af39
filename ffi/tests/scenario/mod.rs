//! Plays `scenario/flow.txt` in Rust and writes the transcript that every language must write.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;

use countersign_core::api::guard::{Guard, Scope};
use countersign_core::api::{Api, Request, Response};
use countersign_core::bridge::passed::Factors;
use countersign_core::bridge::phone::{Phone, PhoneRequest, Step};
use countersign_core::bridge::seeded::Seeded;
use countersign_core::bridge::{self, Settings};
use countersign_core::crypto::backend::RustCrypto;
use countersign_core::crypto::random::{Random, RandomError};
use countersign_core::store::driver::drive;
use countersign_core::store::lane::Lanes;
use countersign_core::store::{EntropyError, Host, MemoryStore};

struct Still {
    now: u64,
    dice: Mutex<Seeded>,
}

impl Host for Still {
    fn now(&self) -> u64 {
        self.now
    }
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        self.dice.lock().unwrap().fill(out).map_err(|_| EntropyError)
    }
}

struct Never;

impl Random for Never {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), RandomError> {
        Err(RandomError)
    }
}

struct Player {
    api: Api,
    store: MemoryStore,
    lanes: Lanes,
    host: Still,
    guards: BTreeMap<String, Guard>,
    phones: BTreeMap<String, Phone>,
    kept: BTreeMap<String, String>,
    output: String,
    transcript: String,
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

impl Player {
    fn new(seed: &str) -> Self {
        let settings = Settings {
            key_id: 1,
            key: &[0x5a; 32],
            open: true,
        };
        Self {
            api: bridge::open_with(&settings, &[], bridge::settings::read("{}").unwrap(), &RustCrypto)
                .unwrap(),
            store: MemoryStore::new(),
            lanes: Lanes::new(),
            host: Still {
                now: 0,
                dice: Mutex::new(Seeded::new("countersign-engine", seed)),
            },
            guards: BTreeMap::new(),
            phones: BTreeMap::new(),
            kept: BTreeMap::new(),
            output: String::new(),
            transcript: String::new(),
        }
    }

    fn say(&mut self, sign: char, what: &str) {
        writeln!(self.transcript, "{sign} {what}").unwrap();
    }

    fn filled_in(&self, line: &str) -> String {
        let mut line = line.to_owned();
        for (name, value) in &self.kept {
            line = line.replace(&format!("${{{name}}}"), value);
        }
        line
    }

    fn answer(&self, request: &Request<'_>) -> Response {
        let Some(guard) = self.guards.get(request.path) else {
            let mut call = self.api.call(request);
            return pollster::block_on(drive(&mut call, &self.store, &self.lanes, &self.host));
        };
        let mut check = guard.check(self.api.engine(), request);
        let passed = match pollster::block_on(drive(&mut check, &self.store, &self.lanes, &self.host)) {
            Ok(passed) => passed,
            Err(refusal) => return refusal,
        };
        let (caller, holder) = (&passed.caller, passed.caller.holder.as_ref());
        let factors = holder.and_then(|it| it.factors).map_or(0, |it| Factors::of(it).0);
        let length = passed
            .body
            .as_ref()
            .map_or(request.body, |it| it.as_bytes())
            .len();
        let body = format!(
            r#"{{"application":"{}","version":"{}","activation":"{}","user":"{}","factors":{factors},"flags":{},"length":{length}}}"#,
            caller.application_id,
            caller.version.as_str(),
            holder.map_or("", |it| &it.activation_id),
            holder.map_or("", |it| &it.user_id),
            holder.map_or(0, |it| it.flags.len()),
        );
        match passed.sealer {
            Some(sealer) => sealer.seal(body.as_bytes(), &self.host).unwrap(),
            None => Response {
                status: 200,
                headers: Vec::new(),
                body: body.into_bytes(),
                fault: None,
            },
        }
    }

    fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path, None),
        };
        let response = self.answer(&Request {
            method,
            path,
            query,
            headers,
            body,
            peer: None,
        });
        self.say('<', &response.status.to_string());
        self.say('<', text(&response.body));
        response
    }

    fn perform(&mut self, name: &str, command: &str) {
        let now = self.host.now;
        let mut phone = self.phones.remove(name).unwrap();
        let mut step = phone.perform(command, now).unwrap();
        while let Step::Request(message) = &step {
            let request = PhoneRequest::read(message).unwrap();
            let path = match request.query {
                Some(query) => format!("{}?{query}", request.path),
                None => request.path.to_owned(),
            };
            self.say('>', &format!("{} {path}", request.method));
            for (name, value) in &request.headers {
                self.say('>', &format!("{name}: {value}"));
            }
            self.say('>', text(request.body));
            let reply = self.ask(request.method, &path, &request.headers, request.body);
            step = phone.answer(reply.status, &reply.body, now).unwrap();
        }
        let Step::Result(result) = step else {
            panic!("the phone asks on")
        };
        self.output = String::from_utf8(result).unwrap();
        let output = self.output.clone();
        self.say('=', &output);
        self.phones.insert(name.to_owned(), phone);
    }

    fn guard(&mut self, rule: &str) {
        let [path, proof, scope, factors, resource] = rule.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{rule}")
        };
        let factors = Factors(factors.parse().unwrap()).combinations().unwrap();
        let guard = match (proof, scope) {
            ("0", "1") => Guard::encryption(Scope::Application),
            ("0", "2") => Guard::encryption(Scope::Activation),
            ("1", "0") => Guard::signature(resource, &factors),
            ("1", "2") => Guard::signature(resource, &factors).encrypted(),
            ("2", "0") => Guard::token(&factors),
            _ => panic!("{rule}"),
        };
        self.guards.insert(path.to_owned(), guard);
    }

    fn keep(&mut self, name: &str, member: &str) {
        let start = format!("\"{member}\":\"");
        let (_, rest) = self.output.split_once(&start).expect(member);
        let mut escaped = false;
        let end = rest.find(|c| {
            let end = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            end
        });
        self.kept.insert(name.to_owned(), rest[..end.unwrap()].to_owned());
    }

    fn step(&mut self, line: &str) {
        let line = self.filled_in(line);
        self.say('#', &line);
        let (verb, rest) = line.split_once(' ').unwrap();
        let (first, last) = rest.split_once(' ').unwrap_or((rest, ""));
        match verb {
            "seed" => {}
            "clock" => self.host.now = rest.parse().unwrap(),
            "wait" => self.host.now += rest.parse::<u64>().unwrap(),
            "POST" | "GET" => {
                let json = [("Content-Type", "application/json")];
                let headers = if last.is_empty() { &[][..] } else { &json };
                let reply = self.ask(verb, first, headers, last.as_bytes());
                self.output = String::from_utf8(reply.body).unwrap();
            }
            "guard" => self.guard(rest),
            "phone" => {
                let phone = Phone::new(last, Box::new(Never)).unwrap();
                self.phones.insert(first.to_owned(), phone);
            }
            "do" => self.perform(first, last),
            "keep" => self.keep(first, last),
            "expect" => assert!(self.output.contains(rest), "{line}\n{}", self.output),
            _ => panic!("{line}"),
        }
    }
}

/// The transcript of a flow, and how many steps it has.
pub fn play(flow: &str) -> (String, usize) {
    let steps = flow
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let seed = flow.lines().find_map(|line| line.strip_prefix("seed "));
    let mut player = Player::new(seed.unwrap());
    let count = steps.map(|line| player.step(line)).count();
    (player.transcript, count)
}
