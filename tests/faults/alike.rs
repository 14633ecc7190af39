//! An activation that is there and one that is not answer alike to whoever has no keys of it: the same bytes, and medians
//! of the time that differ by less than a twentieth.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use countersign::api::Access;
use countersign::crypto::encoding::base64;
use countersign::crypto::header::{
    AUTHORIZATION_HEADER, AuthorizationHeader, ENCRYPTION_HEADER, EncryptionHeader, TOKEN_HEADER, TokenHeader,
};
use countersign::store::{Input, MemoryStore, Operation, Step};
use serde_json::{Value, json};

use crate::drive::{self, Plan};
use crate::support::world::serve;
use crate::support::{Answer, Ask, Clock, Town, World};

const NOBODY: &str = "11111111-2222-4333-8444-555555555555";
/// Rows that name no activation, or sign with application keys only.
const WITHOUT: &[&str] = &["/pa/v3/activation/create", "/pa/v3/status"];

fn other_base64(text: &str) -> String {
    let mut bytes = base64::decode(text).unwrap();
    bytes[0] ^= 1;
    base64::encode(&bytes)
}

/// Changes a member of a JSON body.
fn change(body: &mut Vec<u8>, pointer: &str, change: impl FnOnce(&str) -> String) -> bool {
    let Ok(mut json) = serde_json::from_slice::<Value>(body) else {
        return false;
    };
    let Some(member) = json.pointer_mut(pointer) else {
        return false;
    };
    let changed = change(member.as_str().unwrap());
    *member = json!(changed);
    *body = json.to_string().into_bytes();
    true
}

/// The request as somebody could make it who has seen one but has no keys: every proof in it is wrong.
fn forged(ask: &Ask) -> Ask {
    let mut ask = ask.clone();
    for (name, value) in &mut ask.headers {
        if *name == AUTHORIZATION_HEADER {
            let mut header = AuthorizationHeader::parse(value).unwrap();
            header.signature = other_base64(&header.signature);
            *value = header.to_text();
        } else if *name == TOKEN_HEADER {
            let mut header = TokenHeader::parse(value).unwrap();
            header.digest[0] ^= 1;
            *value = header.to_text();
        }
    }
    change(&mut ask.body, "/mac", other_base64);
    change(&mut ask.body, "/requestObject/jwt", |jwt| {
        let (input, signature) = jwt.rsplit_once('.').unwrap();
        let other = if signature.starts_with('A') { "B" } else { "A" };
        format!("{input}.{other}{}", &signature[1..])
    });
    ask
}

/// The same about `id`; none when the request names no activation and no token.
fn about(ask: &Ask, id: &str) -> Option<Ask> {
    let mut ask = ask.clone();
    let mut named = false;
    for (name, value) in &mut ask.headers {
        if *name == AUTHORIZATION_HEADER {
            let mut header = AuthorizationHeader::parse(value).unwrap();
            header.activation_id = id.to_owned();
            (*value, named) = (header.to_text(), true);
        } else if *name == TOKEN_HEADER {
            let mut header = TokenHeader::parse(value).unwrap();
            header.token_id = id.to_owned();
            (*value, named) = (header.to_text(), true);
        } else if *name == ENCRYPTION_HEADER {
            let mut header = EncryptionHeader::parse(value).unwrap();
            if header.activation_id.is_some() {
                header.activation_id = Some(id.to_owned());
                (*value, named) = (header.to_text(), true);
            }
        }
    }
    named |= change(&mut ask.body, "/requestObject/activationId", |_| id.to_owned());
    change(&mut ask.body, "/requestObject/jwt", |jwt| {
        let parts: Vec<&str> = jwt.split('.').collect();
        let claims = base64_url_decode(parts[1]);
        let mut claims: Value = serde_json::from_slice(&claims).unwrap();
        claims["activationId"] = json!(id);
        named = true;
        format!(
            "{}.{}.{}",
            parts[0],
            base64_url(claims.to_string().as_bytes()),
            parts[2]
        )
    });
    named.then_some(ask)
}

fn base64_url(bytes: &[u8]) -> String {
    let text = base64::encode(bytes).replace('+', "-").replace('/', "_");
    text.trim_end_matches('=').to_owned()
}

fn base64_url_decode(text: &str) -> Vec<u8> {
    let mut text = text.replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    base64::decode(&text).unwrap()
}

/// What somebody can compare: status and body, without what the answer repeats of the request, and without noise.
fn seen(answer: &Answer, id: &str) -> (u16, String) {
    let mut json = answer.json();
    if let Some(blob) = json.pointer_mut("/responseObject/encryptedStatusBlob") {
        *blob = json!(blob.as_str().unwrap().len());
        let nonce = json.pointer_mut("/responseObject/nonce").unwrap();
        *nonce = json!(nonce.as_str().map(str::len));
    }
    (answer.status, json.to_string().replace(id, "ID"))
}

#[test]
fn the_same_words() {
    let town = Town::build();
    let api = World::over(MemoryStore::new()).api;
    let (blocked, active) = (town.blocked(), town.phone().id());
    let phones: BTreeSet<&str> = api
        .endpoints()
        .iter()
        .filter(|row| row.access == Access::Phone)
        .map(|row| row.path)
        .collect();
    let (mut compared, mut rows) = (0, BTreeSet::new());
    for ask in town.asks.iter().filter(|ask| phones.contains(ask.row().1)) {
        let path = ask.row().1;
        let forged = forged(ask);
        let Some(unknown) = about(&forged, NOBODY) else {
            assert!(WITHOUT.contains(&path), "{path} names nobody");
            continue;
        };
        let send = |ask: &Ask| drive::run(&api, &town.store(), &town.clock(), ask, Plan::none()).answer;
        let expected = seen(&send(&unknown), NOBODY);
        assert!(
            expected.0 != 200 || path.ends_with("/status"),
            "{path}: {expected:?}"
        );
        let mut known = vec![(forged.clone(), "as it was")];
        let is_token = ask.headers.iter().any(|(name, _)| *name == TOKEN_HEADER);
        if !is_token {
            known.push((about(&forged, &active).unwrap(), "active"));
            known.push((about(&forged, &blocked).unwrap(), "blocked"));
        }
        for (ask, which) in known {
            // Names are in the answer of the status only.
            let own = [&active, &blocked]
                .into_iter()
                .fold(send(&ask), |answer, id| Answer {
                    body: String::from_utf8(answer.body)
                        .unwrap()
                        .replace(id, NOBODY)
                        .into_bytes(),
                    ..answer
                });
            assert_eq!(seen(&own, NOBODY), expected, "{} {path}, {which}", ask.row().0);
            compared += 1;
        }
        rows.insert(path);
    }
    println!("{compared} answers of {} paths", rows.len());
    let spawn = "/api/activation/code";
    let missing: Vec<_> = phones.iter().filter(|path| !rows.contains(**path)).collect();
    let excused = |path: &&&&str| !WITHOUT.contains(**path) && ***path != spawn;
    assert_eq!(missing.iter().filter(excused).count(), 0, "{missing:?}");
}

/// A challenge of a wrong form says nothing either.
#[test]
fn a_bad_challenge_tells_nothing() {
    let town = Town::build();
    let api = World::over(MemoryStore::new()).api;
    for challenge in ["", "AAAA", "text", &base64::encode(&[1; 17])] {
        let answers = [&town.phone().id(), NOBODY].map(|id| {
            let ask = Ask {
                method: "POST".to_owned(),
                path: "/pa/v3/activation/status".to_owned(),
                headers: vec![("Content-Type", "application/json".to_owned())],
                body: json!({ "requestObject": { "activationId": id, "challenge": challenge } })
                    .to_string()
                    .into_bytes(),
            };
            drive::run(&api, &town.store(), &town.clock(), &ask, Plan::none()).answer
        });
        assert_eq!(answers[0], answers[1], "{challenge:?}");
        assert_eq!(answers[0].status, 400);
    }
}

/// Time of one request, without making and dropping it.
fn timed(world: &World, host: &Clock, ask: &Ask) -> Duration {
    let mut call = ask.call(&world.api);
    let began = Instant::now();
    let mut input = Input::Start;
    loop {
        match call.step(input, host) {
            Step::Done(response) => {
                let took = began.elapsed();
                drop(response);
                return took;
            }
            step => input = serve(&*world.store, step),
        }
    }
}

fn median(times: &mut [Duration]) -> f64 {
    let middle = times.len() / 2;
    times.select_nth_unstable(middle).1.as_nanos() as f64 / 1_000.0
}

/// The requests whose time is measured: known activation or token, unknown one.
fn pairs(town: &Town) -> Vec<(&'static str, Ask, Ask)> {
    let paths = [
        // Signed with possession: guesses of it are not counted, so that the activation stays ACTIVE.
        "/pa/v3/token/create",
        "/api/auth/token/app/operation/list/signature",
        "/api/auth/token/app/operation/list",
        "/api/inbox/count",
        "/pa/v3/activation/status",
        "/pa/v3/user/info",
        "/pa/v3/vault/unlock",
        "/pa/v3/upgrade/start",
        "/pa/v3/keystore/create",
    ];
    let pair = |path: &'static str| {
        let mut ask = forged(town.asks.iter().find(|ask| ask.row().1 == path).unwrap());
        for (name, value) in &mut ask.headers {
            if *name == AUTHORIZATION_HEADER && !path.contains("vault") {
                let mut header = AuthorizationHeader::parse(value).unwrap();
                header.signature_type = countersign::crypto::signature::SignatureType::Possession;
                header.signature = base64::encode(&[7; 16]);
                *value = header.to_text();
            }
        }
        let is_token = ask.headers.iter().any(|(name, _)| *name == TOKEN_HEADER);
        let known = if is_token {
            ask.clone()
        } else {
            about(&ask, &town.phone().id()).unwrap()
        };
        let unknown = about(&ask, NOBODY).unwrap();
        (path, known, unknown)
    };
    paths.map(pair).into()
}

/// A use of a token has a nonce of its own.
fn renew(ask: &mut Ask, number: u64) {
    for (name, value) in &mut ask.headers {
        if *name == TOKEN_HEADER {
            let mut header = TokenHeader::parse(value).unwrap();
            header.nonce[..8].copy_from_slice(&number.to_be_bytes());
            *value = header.to_text();
        }
    }
}

/// `cargo xtask alike`: so many requests of each row, known and unknown in turn.
#[test]
#[ignore = "takes minutes, and a machine with nothing else to do"]
fn the_same_time() {
    let requests = std::env::var("COUNTERSIGN_ALIKE_REQUESTS").ok();
    let requests: u64 = requests.map_or(100_000, |text| text.parse().unwrap());
    let town = Town::build();
    let host = town.clock();
    let mut apart = Vec::new();
    for (path, mut known, mut unknown) in pairs(&town) {
        let mut world = World::over(town.store());
        let (mut knowns, mut unknowns) = (Vec::new(), Vec::new());
        for number in 0..requests {
            // The store must not grow into a cost of its own.
            if number.is_multiple_of(1_000) {
                world = World::over(town.store());
            }
            renew(&mut known, number);
            renew(&mut unknown, number);
            // Who is first has colder caches.
            if number.is_multiple_of(2) {
                knowns.push(timed(&world, &host, &known));
                unknowns.push(timed(&world, &host, &unknown));
            } else {
                unknowns.push(timed(&world, &host, &unknown));
                knowns.push(timed(&world, &host, &known));
            }
        }
        let (known, unknown) = (median(&mut knowns), median(&mut unknowns));
        let difference = (unknown / known - 1.0) * 100.0;
        println!("{path}: known {known:.1} µs, unknown {unknown:.1} µs, {difference:+.1} %");
        if difference.abs() > 5.0 {
            apart.push(path);
        }
    }
    assert!(apart.is_empty(), "more than 5 % apart: {apart:?}");
}
