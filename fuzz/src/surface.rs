//! What crosses to hosts in other languages, and what comes back.

use countersign::bridge::call::Call;
use countersign::bridge::phone::{Phone, PhoneRequest, Step as PhoneStep};
use countersign::bridge::request::Request;
use countersign::bridge::seeded::Seeded;
use countersign::bridge::{Code, Reply};
use countersign::client::{Device, DeviceState, PossessionKey, ScannedProximity};
use countersign::engine::callback::reach::Network;
use countersign::model::activation::ACTIVATION;
use countersign::model::{COLLECTIONS, INDEXES};
use countersign::store::wire::{
    Ask, Asked, Kind, Names, decode_ask, decode_input, encode_answers, encode_batch, encode_commit,
    encode_queries,
};
use countersign::store::{Input, Key, MemoryStore, Query, Scan};

use super::ground::{Hands, finish, ground};

const NAMES: Names<'_> = Names {
    collections: COLLECTIONS,
    indexes: INDEXES,
};

/// The honest answer of a store to a message for it.
fn answer(store: &MemoryStore, message: &[u8]) -> Vec<u8> {
    match decode_ask(message, NAMES).unwrap() {
        Ask::Read(queries) => encode_answers(&store.read_now(&queries)).unwrap(),
        Ask::Commit(batch) => encode_commit(&store.commit_now(&batch), &batch).unwrap(),
    }
}

/// A part of a sample: its length in two bytes, then the bytes.
fn part<'a>(data: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = data.split_first_chunk::<2>()?;
    let (part, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
    *data = rest;
    Some(part)
}

/// The message of a request, then answers of a store: an empty one stands for what an honest store says. What is left in
/// the end is answered honestly. Accepted when the reply is no refusal.
pub fn call_steps(mut data: &[u8]) -> bool {
    let Some(Ok(request)) = part(&mut data).map(Request::read) else {
        return false;
    };
    let (ground, host) = (ground(), Hands::new(2));
    let store = ground.store.clone();
    let mut call = Call::new(ground.api.call(&request.as_api()));
    let (mut kind, mut message) = call.step(None, &host).unwrap();
    // More than a machine asks before it gives up.
    for _ in 0..4_096 {
        if kind == Kind::Reply {
            assert_eq!(call.step(None, &host).unwrap_err().code, Code::Finished);
            return Reply::read(&message).unwrap().status < 400;
        }
        let given = part(&mut data).filter(|given| !given.is_empty());
        match given.map(|given| call.step(Some(given), &host)) {
            Some(Ok(next)) => (kind, message) = next,
            Some(Err(error)) => {
                // The same question still waits.
                assert!(
                    matches!(error.code, Code::Malformed | Code::Unexpected),
                    "{error:?}"
                );
            }
            None => (kind, message) = call.step(Some(&answer(&store, &message)), &host).unwrap(),
        }
    }
    panic!("a call without an end");
}

/// A whole request at the dispatcher, over records that are there.
pub fn dispatcher(data: &[u8]) -> bool {
    let Ok(request) = Request::read(data) else {
        return false;
    };
    let ground = ground();
    let store = ground.store.clone();
    let response = finish(ground.api.call(&request.as_api()), &store, &Hands::new(3));
    assert!((200..600).contains(&response.status), "{}", response.status);
    // Nothing of the engine's fails, whatever is asked.
    assert_ne!(response.status, 500);
    response.status < 400
}

/// A question to a store: what is read, written again, are the same bytes.
pub fn store_ask(data: &[u8]) -> bool {
    let Ok(ask) = decode_ask(data, NAMES) else {
        return false;
    };
    let written = match &ask {
        Ask::Read(queries) => encode_queries(queries),
        Ask::Commit(batch) => encode_batch(batch),
    };
    assert_eq!(written.as_deref(), Ok(data));
    true
}

/// A store's answer to a read (first byte 0) or to a batch.
pub fn store_answer(data: &[u8]) -> bool {
    let Some((kind, message)) = data.split_first() else {
        return false;
    };
    let key = |id: &str| Key::new(ACTIVATION, id);
    let scan = Scan {
        collection: ACTIVATION,
        index: countersign::model::activation::BY_USER,
        value: b"user".to_vec(),
        from: 0,
        to: u64::MAX,
        newest_first: false,
        after: None,
        limit: 2,
    };
    let asked = match kind {
        0 => Asked::Read(vec![Query::Get(key("a")), Query::Scan(scan)]),
        _ => Asked::Commit(vec![key("a"), key("b")]),
    };
    match decode_input(message, &asked) {
        Ok(Input::Answers(answers)) => {
            assert_eq!(encode_answers(&answers).as_deref(), Ok(message));
            true
        }
        Ok(Input::Conflict(current)) => {
            assert!(!current.is_empty() && current.len() <= 2);
            true
        }
        Ok(_) => true,
        Err(_) => false,
    }
}

/// The message of a reply.
pub fn reply(data: &[u8]) -> bool {
    Reply::read(data).is_ok_and(|reply| reply.body.len() < data.len())
}

/// A device as an app has stored it.
pub fn device_state(data: &[u8]) -> bool {
    let Some(state) = core::str::from_utf8(data)
        .ok()
        .and_then(|text| DeviceState::from_json(text).ok())
    else {
        return false;
    };
    let Ok(device) = Device::from_state(&state, PossessionKey::from_bytes([1; 16])) else {
        return false;
    };
    let written = device.to_state().to_json().unwrap();
    let again = DeviceState::from_json(&written).unwrap();
    assert_eq!(again.to_json().unwrap(), written);
    assert_eq!(again.activation_id(), device.activation_id());
    true
}

/// Commands for a phone, a line each; one that begins with `=` is the body of an answer. Accepted when a command ends well.
pub fn phone_command(data: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(data) else {
        return false;
    };
    let mut lines = text.lines();
    let settings = lines.next().unwrap_or_default();
    let Ok(mut phone) = Phone::new(settings, Box::new(Seeded::new("fuzz", "phone"))) else {
        return false;
    };
    let mut ended = false;
    for line in lines.take(8) {
        let step = match line.strip_prefix('=') {
            Some(body) => phone.answer(200, body.as_bytes(), super::ground::NOW),
            // A PIN takes ten thousand rounds of a hash.
            None if line.contains("pin") || line.contains("changePin") => continue,
            None => phone.perform(line, super::ground::NOW),
        };
        match step {
            Ok(PhoneStep::Request(message)) => assert!(PhoneRequest::read(&message).is_ok()),
            Ok(PhoneStep::Result(result)) => {
                let result: serde_json::Value = serde_json::from_slice(&result).unwrap();
                assert_ne!(result.get("result").is_some(), result.get("error").is_some());
                ended |= result.get("result").is_some();
            }
            Err(_) => {}
        }
    }
    ended
}

/// What the camera of a phone reads beside an operation, and what administrators write as a network.
pub fn proximity_and_network(data: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(data) else {
        return false;
    };
    if let Ok(network) = text.parse::<Network>() {
        // What goes to the public network goes to no address of a machine's own.
        let own = [
            "127.0.0.1",
            "169.254.169.254",
            "::1",
            "::ffff:127.0.0.1",
            "fe80::1",
        ];
        let own = own.map(|it| network.contains(it.parse().unwrap()));
        assert!(network != Network::Public || own == [false; 5]);
        return true;
    }
    ScannedProximity::parse(text).is_some()
}
