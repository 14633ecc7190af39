//! Scenario files: what is wrong is named with file, step and member, and no text brings the reader down.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use countersign_conformance::scenario::{self, Act, Base, FEATURES};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios")
}

fn no_fragment(_: &str) -> Option<String> {
    None
}

fn with_steps(steps: &Value) -> Value {
    json!({ "title": "t", "source": "the book", "steps": steps })
}

#[test]
fn what_is_wrong_is_named() {
    let status = json!({ "server": "/status" });
    let rows = [
        (json!([]), "bad.json: an object is needed"),
        (
            json!({ "source": "s", "steps": [status] }),
            "bad.json: `title`: is missing",
        ),
        (
            json!({ "title": "t", "steps": [status] }),
            "bad.json: `source`: where do the expectations come from?",
        ),
        (with_steps(&json!([])), "bad.json: `steps`: there are none"),
        (
            json!({ "title": "t", "source": "s", "steps": [status], "x": 1 }),
            "bad.json: `x`: nothing is known by this name here",
        ),
        (
            json!({ "title": "t", "source": "s", "needs": "wings", "steps": [status] }),
            "bad.json: `needs`: there is no feature `wings`",
        ),
        (
            json!({ "title": "t", "source": "s", "each": { "v": [] }, "steps": [status] }),
            "bad.json: `each.v`: a list with values is needed",
        ),
        (
            json!({ "title": "<<w>>", "source": "s", "each": { "v": [1] }, "steps": [status] }),
            "bad.json: there is no parameter `w`",
        ),
        (
            with_steps(&json!([status, { "sever": "/status" }])),
            "bad.json, step 2: one of server, edge, admin, phone, new, copy, resend, compute, keys, set, check, listen, heard, include is needed",
        ),
        (
            with_steps(&json!([{ "server": "/status", "edge": "/status" }])),
            "bad.json, step 1: one of server, edge, admin, phone, new, copy, resend, compute, keys, set, check, listen, heard, include is needed",
        ),
        (
            with_steps(&json!([{ "server": 1 }])),
            "bad.json, step 1: `server`: a text is needed",
        ),
        (
            with_steps(&json!([{ "server": "/a", "objekt": {} }])),
            "bad.json, step 1: `objekt`: nothing is known by this name here",
        ),
        (
            with_steps(&json!([{ "server": "/a", "send": {}, "body": {} }])),
            "bad.json, step 1: only one of send, body, raw is possible",
        ),
        (
            with_steps(&json!([{ "server": "/a", "object": { "id": { "$uuid": true } } }])),
            "bad.json, step 1: `object`: /id/$uuid: there is no such matcher",
        ),
        (
            with_steps(&json!([{ "server": "/a", "send": { "id": "{{who.id}}" } }])),
            "bad.json, step 1: nothing is saved as `who` before (bad.json, step 1)",
        ),
        (
            with_steps(&json!([{ "server": "/a", "send": { "id": "{{who" } }])),
            "bad.json, step 1: `who` is no reference",
        ),
        (
            with_steps(&json!([{ "server": "/a", "send": { "id": "{{id|rot13}}" } }])),
            "bad.json, step 1: there is no filter `rot13`",
        ),
        (
            with_steps(&json!([{ "phone": "a", "do": {} }])),
            "bad.json, step 1: `do.do`: is missing",
        ),
        (
            with_steps(&json!([{ "phone": "a", "do": { "do": "status" }, "result": {}, "fails": "x" }])),
            "bad.json, step 1: only one of result, refused, fails is possible",
        ),
        (
            with_steps(&json!([{ "phone": "a", "do": { "do": "status" }, "damage": [{ "body": "mac" }] }])),
            "bad.json, step 1: `damage.do`: `flip` or `drop`, or `set` is needed",
        ),
        (
            with_steps(&json!([{ "phone": "a", "do": { "do": "status" }, "through": {} }])),
            "bad.json, step 1: `through.server`: is missing",
        ),
        (
            with_steps(&json!([{ "phone": "a", "do": { "do": "status" }, "read": false, "result": {} }])),
            "bad.json, step 1: `read`: nothing is expected of a phone that reads nothing",
        ),
        (
            with_steps(&json!([{ "include": "nothing" }])),
            "bad.json, step 1: `include`: there is no fragment `nothing`",
        ),
        (
            with_steps(&json!([{ "check": 1 }])),
            "bad.json, step 1: `is`: is missing",
        ),
        (
            with_steps(&json!([{ "server": "/a", "until": "soon" }])),
            "bad.json, step 1: `until`: a number is needed",
        ),
    ];
    let count = rows.len();
    for (file, expected) in rows {
        let error = scenario::parse("bad", &file.to_string(), &no_fragment).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let error = scenario::parse("bad", "{", &no_fragment).unwrap_err().to_string();
    assert!(error.starts_with("bad.json: EOF while parsing"), "{error}");
    println!("{count} mistakes named");
}

#[test]
fn fragments_are_checked_where_they_are_included() {
    let fragment = |name: &str| {
        let body = match name {
            "good" => {
                json!({ "title": "t", "takes": "who", "defaults": { "more": 1 }, "steps": [{ "server": "/<<who>>", "send": { "x": "<<more>>" }, "as": "<<who>>" }] })
            }
            "loop" => json!({ "title": "t", "steps": [{ "include": "loop" }] }),
            "broken" => json!({ "title": "t", "steps": [{ "server": "/a" }, { "walk": 1 }] }),
            _ => return None,
        };
        Some(body.to_string())
    };
    let parse = |steps: Value| scenario::parse("a", &with_steps(&steps).to_string(), &fragment);
    let steps = json!([{ "include": "good", "with": { "who": "alice" }, "needs": "phone" }, { "server": "/b", "send": "{{alice}}" }]);
    let good = parse(steps).unwrap().remove(0);
    assert_eq!(good.steps[0].at, "a.json, step 1 > fragments/good.json, step 1");
    assert_eq!(good.steps[0].needs, ["phone"]);
    assert_eq!(good.steps[0].title, "POST /alice");
    for (steps, expected) in [
        (
            json!([{ "include": "good" }]),
            "a.json, step 1: `with.who`: is missing",
        ),
        (
            json!([{ "include": "good", "with": { "who": "a", "x": 1 } }]),
            "a.json, step 1: `with.x`: nothing is known by this name there",
        ),
        (
            json!([{ "include": "loop" }]),
            "fragments/loop.json, step 1: `include`: too deep",
        ),
        (
            json!([{ "include": "broken" }]),
            "fragments/broken.json, step 2: one of server, edge, admin, phone, new, copy, resend, compute, keys, set, check, listen, heard, include is needed",
        ),
    ] {
        assert_eq!(parse(steps).unwrap_err().to_string(), expected);
    }
}

#[test]
fn one_file_is_played_with_many_values() {
    let file = json!({ "title": "t", "source": "s", "each": { "a": ["x", "y"], "b": [1, true] }, "steps": [{ "server": "/<<a>>", "send": { "b": "<<b>>" } }] });
    let names: Vec<_> = scenario::parse("many", &file.to_string(), &no_fragment)
        .unwrap()
        .into_iter()
        .map(|it| it.name)
        .collect();
    assert_eq!(
        names,
        ["many[a=x,b=1]", "many[a=x]", "many[a=y,b=1]", "many[a=y]"]
    );
}

#[test]
fn the_scenarios_cover_the_server_api() {
    let scenarios = scenario::library(&folder()).unwrap();
    let mut paths = BTreeSet::new();
    let mut needed = BTreeSet::new();
    for scenario in &scenarios {
        needed.extend(scenario.needs.iter().cloned());
        for step in &scenario.steps {
            needed.extend(step.needs.iter().cloned());
            match &step.act {
                Act::Call(call, _) if call.to == Base::Server => {
                    paths.insert(call.path.as_str().unwrap().to_owned());
                }
                Act::Phone(command) => paths.extend(command.through.iter().map(|(path, _)| path.clone())),
                _ => {}
            }
        }
    }
    let scope = fs::read(folder().join("../scope.json")).unwrap();
    let scope: Value = serde_json::from_slice(&scope).unwrap();
    let methods: Vec<_> = scope["endpoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap())
        .collect();
    let missing: Vec<_> = methods
        .iter()
        .filter(|it| !paths.contains(**it))
        .copied()
        .collect();
    println!(
        "{} of {} methods; not called: {missing:?}",
        methods.len() - missing.len(),
        methods.len()
    );
    // The other name of one of them, and two that are reached through the API of phones.
    assert_eq!(
        missing,
        [
            "/activation/recovery/create",
            "/verifyECDSASignature",
            "/recovery/confirm"
        ]
    );
    let unused: Vec<_> = FEATURES
        .iter()
        .filter(|(name, _)| !needed.contains(*name))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// A generator that is good enough to break texts.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Other texts for one random place of a document.
fn mutate(value: &mut Value, dice: &mut Dice) {
    const TEXTS: [&str; 10] = [
        "",
        "{{",
        "{{id",
        "<<x>>",
        "<<",
        "{{id|damaged}}",
        "{{'a}}",
        "é{{id}}}}",
        "$present",
        "...",
    ];
    match value {
        Value::Object(members) if !members.is_empty() && dice.below(8) > 0 => {
            let at = dice.below(members.len());
            if dice.below(10) == 0 {
                let name = members.keys().nth(at).unwrap().clone();
                let value = members.shift_remove(&name).unwrap();
                members.insert(TEXTS[dice.below(TEXTS.len())].to_owned(), value);
            } else {
                mutate(members.values_mut().nth(at).unwrap(), dice);
            }
        }
        Value::Array(items) if !items.is_empty() && dice.below(8) > 0 => {
            let at = dice.below(items.len());
            mutate(&mut items[at], dice);
        }
        other => {
            *other = match dice.below(6) {
                0 => Value::Null,
                1 => json!(-1),
                2 => json!([other.clone(), {}]),
                3 => json!({ "$oneOf": other.clone() }),
                _ => json!(TEXTS[dice.below(TEXTS.len())]),
            };
        }
    }
}

#[test]
fn no_text_brings_the_reader_down() {
    let fragments = folder().join("fragments");
    let fragment = |name: &str| fs::read_to_string(fragments.join(format!("{name}.json"))).ok();
    let mut dice = Dice(1);
    let (mut good, mut bad) = (0, 0);
    for name in [
        "activation",
        "token",
        "vault",
        "operation_errors",
        "callback_delivery",
    ] {
        let text = fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
        let whole: Value = serde_json::from_str(&text).unwrap();
        for _ in 0..200 {
            let mut broken = whole.clone();
            mutate(&mut broken, &mut dice);
            match scenario::parse(name, &broken.to_string(), &fragment) {
                Ok(_) => good += 1,
                Err(error) => {
                    assert!(error.file.ends_with(".json"), "{error}");
                    bad += 1;
                }
            }
            let end = dice.below(text.len());
            let cut = text.get(..end).unwrap_or_default();
            assert!(scenario::parse(name, cut, &fragment).is_err());
        }
    }
    println!("{good} mutants can be read, {bad} cannot");
    assert!(bad > 300, "{bad}");
}
