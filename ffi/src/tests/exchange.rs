//! A bank and a phone that meet through the pointers of C: every structure in both directions, in memory that ends where the
//! caller says. Miri runs it to see each access (`ffi/miri.sh`).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use countersign_core::bridge::Code;
use serde_json::{Value, json};

use crate::call::{cs_buf_free, cs_call_begin, cs_call_free, cs_call_lane, cs_call_step};
use crate::engine::{cs_engine_free, cs_engine_new, cs_handle};
use crate::phone::{
    cs_phone_answer, cs_phone_free, cs_phone_new, cs_phone_perform, cs_phone_request_header,
    cs_phone_request_read,
};
use crate::protocol::cs_protocol;
use crate::reply::{cs_reply_header, cs_reply_read};
use crate::route::{cs_guard_check, cs_guard_seal, cs_passed_flag, cs_passed_read};
use crate::types::*;

const NOW: u64 = 1_700_000_000_000;

/// Bytes in an allocation of their own: what reads past them is seen.
struct Held(Box<[u8]>);

impl Held {
    fn new(bytes: impl AsRef<[u8]>) -> Self {
        Self(bytes.as_ref().into())
    }

    fn slice(&self) -> cs_slice {
        cs_slice::of(&self.0)
    }
}

/// What the library handed out, given back at the end.
struct Message(cs_buf);

impl Message {
    fn slice(&self) -> cs_slice {
        cs_slice {
            data: self.0.data,
            len: self.0.len,
        }
    }
}

impl Drop for Message {
    fn drop(&mut self) {
        // SAFETY: a pointer to our own.
        assert_eq!(unsafe { cs_buf_free(&mut self.0) }, Code::Ok);
        assert!(self.0.data.is_null() && self.0.len == 0);
    }
}

/// A copy of what the library points to.
fn copy(slice: cs_slice) -> Vec<u8> {
    if slice.len == 0 {
        return Vec::new();
    }
    // SAFETY: the library says that as many bytes are there.
    unsafe { std::slice::from_raw_parts(slice.data, slice.len) }.to_vec()
}

fn text(slice: cs_slice) -> String {
    String::from_utf8(copy(slice)).unwrap()
}

type Headers = Vec<(String, String)>;

/// Hands a request over; the slices live as long as `then` runs.
fn with_request<T>(
    method: &str,
    path: &str,
    headers: &Headers,
    body: &[u8],
    then: impl FnOnce(&cs_request) -> T,
) -> T {
    let texts: Vec<(Held, Held)> = headers
        .iter()
        .map(|(name, value)| (Held::new(name), Held::new(value)))
        .collect();
    let headers: Box<[cs_header]> = texts
        .iter()
        .map(|(name, value)| cs_header {
            name: name.slice(),
            value: value.slice(),
        })
        .collect();
    let (method, path, body, peer) = (
        Held::new(method),
        Held::new(path),
        Held::new(body),
        Held::new("10.1.2.3"),
    );
    let request = Box::new(cs_request {
        size: size_of::<cs_request>(),
        method: method.slice(),
        path: path.slice(),
        query: cs_slice::NOTHING,
        headers: headers.as_ptr(),
        header_count: headers.len(),
        body: body.slice(),
        peer: peer.slice(),
    });
    then(&request)
}

/// Status, headers and body of a reply.
fn reply(message: &Message) -> (u32, Headers, Vec<u8>) {
    // SAFETY: pointers to live values of this function.
    unsafe {
        let mut reply = std::mem::zeroed::<cs_reply>();
        assert_eq!(cs_reply_read(message.slice(), &mut reply), Code::Ok);
        let mut header = cs_header::EMPTY;
        let headers = (0..reply.header_count)
            .map(|index| {
                assert_eq!(cs_reply_header(message.slice(), index, &mut header), Code::Ok);
                (text(header.name), text(header.value))
            })
            .collect();
        let after = cs_reply_header(message.slice(), reply.header_count, &mut header);
        assert_eq!(after, Code::Argument);
        assert!(header.name.data.is_null() && header.value.data.is_null());
        (reply.status, headers, copy(reply.body))
    }
}

/// Has a phone do something, with its requests answered by `serve`; its result.
fn perform(
    phone: cs_phone,
    command: &Value,
    mut serve: impl FnMut(&str, &str, &Headers, &[u8]) -> (u32, Vec<u8>),
) -> Value {
    let command = Held::new(command.to_string());
    let (mut kind, mut out) = (0, cs_buf::EMPTY);
    // SAFETY: pointers to live values of this function.
    let done = unsafe { cs_phone_perform(phone, command.slice(), NOW, &mut kind, &mut out) };
    assert_eq!(done, Code::Ok);
    loop {
        let message = Message(out);
        if kind == CS_PHONE_RESULT {
            return serde_json::from_slice::<Value>(&copy(message.slice())).unwrap()["result"].take();
        }
        assert_eq!(kind, CS_PHONE_REQUEST);
        // SAFETY: pointers to live values of this function, and slices into the message.
        let (method, path, headers, body) = unsafe {
            let mut request = std::mem::zeroed::<cs_phone_request>();
            assert_eq!(cs_phone_request_read(message.slice(), &mut request), Code::Ok);
            let mut header = cs_header::EMPTY;
            let headers = (0..request.header_count)
                .map(|index| {
                    let read = cs_phone_request_header(message.slice(), index, &mut header);
                    assert_eq!(read, Code::Ok);
                    (text(header.name), text(header.value))
                })
                .collect();
            (
                text(request.method),
                text(request.path),
                headers,
                copy(request.body),
            )
        };
        let (status, body) = serve(&method, &path, &headers, &body);
        let body = Held::new(body);
        out = cs_buf::EMPTY;
        // SAFETY: as above.
        let answered = unsafe { cs_phone_answer(phone, status, body.slice(), NOW, &mut kind, &mut out) };
        assert_eq!(answered, Code::Ok);
    }
}

struct Bank(cs_engine);

impl Bank {
    /// `old` is what a caller compiled with the first header passes.
    fn open(old: bool) -> Self {
        let (key, older, settings) = (Held::new([1; 32]), Held::new([2; 32]), Held::new("{}"));
        let older: Box<[cs_sealing_key]> = [cs_sealing_key {
            id: 7,
            key: older.slice(),
        }]
        .into();
        let mut config = cs_config {
            size: size_of::<cs_config>(),
            sealing_key_id: 1,
            flags: CS_FLAG_OPEN,
            sealing_key: key.slice(),
            store: CS_STORE_MEMORY,
            store_path: cs_slice::NOTHING,
            settings: settings.slice(),
            older_keys: older.as_ptr(),
            older_key_count: older.len(),
        };
        let mut engine = 0;
        if old {
            config.size = std::mem::offset_of!(cs_config, settings);
            // Words, for the alignment; no more of them than the old structure has.
            let mut part = vec![0_usize; config.size / size_of::<usize>()].into_boxed_slice();
            // SAFETY: as many bytes on both sides.
            let opened = unsafe {
                std::ptr::copy_nonoverlapping(
                    (&raw const config).cast::<u8>(),
                    part.as_mut_ptr().cast(),
                    config.size,
                );
                cs_engine_new(part.as_ptr().cast(), &mut engine)
            };
            assert_eq!(opened, Code::Ok);
        } else {
            // SAFETY: a pointer to a live value of this function.
            assert_eq!(unsafe { cs_engine_new(&config, &mut engine) }, Code::Ok);
        }
        Self(engine)
    }

    fn ask(&self, method: &str, path: &str, headers: &Headers, body: &[u8]) -> (u32, Headers, Vec<u8>) {
        let mut out = cs_buf::EMPTY;
        // SAFETY: a pointer to a live value of this function.
        let handle = |request: &cs_request| unsafe { cs_handle(self.0, request, NOW, &mut out) };
        assert_eq!(with_request(method, path, headers, body, handle), Code::Ok);
        reply(&Message(out))
    }

    fn rest(&self, path: &str, object: &Value) -> Value {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let body = json!({ "requestObject": object }).to_string();
        let (status, headers, body) = self.ask("POST", &format!("/rest/v3{path}"), &headers, body.as_bytes());
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        assert!(
            headers.iter().any(|(name, _)| name == "content-type"),
            "{headers:?}"
        );
        serde_json::from_slice::<Value>(&body).unwrap()["responseObject"].take()
    }

    /// Has a phone do something; its result.
    fn perform(&self, phone: cs_phone, command: &Value) -> Value {
        perform(phone, command, |method, path, headers, body| {
            let (status, _, body) = self.ask(method, path, headers, body);
            (status, body)
        })
    }

    /// Shows a signed request to a route, with the proof that the phone's command gives.
    fn enter(&self, header: &Value, body: &str) -> Option<(String, u32, String)> {
        let resource = Held::new("/transfer");
        let guard = Box::new(cs_guard {
            size: size_of::<cs_guard>(),
            proof: CS_PROOF_SIGNATURE,
            encryption: CS_SCOPE_NONE,
            factors: CS_FACTORS_POSSESSION_KNOWLEDGE,
            flags: 0,
            resource: resource.slice(),
            max_body: 0,
        });
        let word = |name: &str| header[name].as_str().unwrap().to_owned();
        let headers = vec![(word("name"), word("value"))];
        let (mut kind, mut out, mut seal) = (0, cs_buf::EMPTY, 9);
        // SAFETY: pointers to live values of this function.
        let check = |request: &cs_request| unsafe {
            cs_guard_check(self.0, &*guard, request, NOW, &mut kind, &mut out, &mut seal)
        };
        let checked = with_request("POST", "/api/transfer", &headers, body.as_bytes(), check);
        assert_eq!((checked, seal), (Code::Ok, 0));
        let message = Message(out);
        if kind == CS_STEP_REPLY {
            assert_eq!(reply(&message).0, 401);
            return None;
        }
        assert_eq!(kind, CS_STEP_PASSED);
        // SAFETY: pointers to live values of this function, and slices into the message.
        unsafe {
            let mut passed = std::mem::zeroed::<cs_passed>();
            assert_eq!(cs_passed_read(message.slice(), &mut passed), Code::Ok);
            let mut flag = cs_slice::NOTHING;
            assert_eq!(passed.flag_count, 1);
            assert_eq!(cs_passed_flag(message.slice(), 0, &mut flag), Code::Ok);
            let flag = text(flag);
            assert!(passed.body.data.is_null());
            Some((text(passed.user_id), passed.factors, flag))
        }
    }

    /// Shows an encrypted request of anybody who has the app to a route, which answers what it was told.
    fn contact(&self, method: &str, path: &str, headers: &Headers, body: &[u8]) -> (u32, Vec<u8>) {
        let guard = Box::new(cs_guard {
            size: size_of::<cs_guard>(),
            proof: CS_PROOF_NONE,
            encryption: CS_SCOPE_APPLICATION,
            factors: 0,
            flags: 0,
            resource: cs_slice::NOTHING,
            max_body: 0,
        });
        let (mut kind, mut out, mut seal) = (0, cs_buf::EMPTY, 0);
        // SAFETY: pointers to live values of this function.
        let check = |request: &cs_request| unsafe {
            cs_guard_check(self.0, &*guard, request, NOW, &mut kind, &mut out, &mut seal)
        };
        assert_eq!(with_request(method, path, headers, body, check), Code::Ok);
        assert_eq!(kind, CS_STEP_PASSED);
        let message = Message(out);
        // SAFETY: pointers to live values of this function, and slices into the message.
        let (sealed, twice, mut out) = unsafe {
            let mut passed = std::mem::zeroed::<cs_passed>();
            assert_eq!(cs_passed_read(message.slice(), &mut passed), Code::Ok);
            assert!(passed.activation_id.data.is_null() && passed.user_id.data.is_null());
            assert_eq!((passed.factors, passed.flag_count), (0, 0));
            let mut out = cs_buf::EMPTY;
            let sealed = cs_guard_seal(seal, passed.body, NOW, &mut out);
            let mut again = cs_buf::EMPTY;
            (sealed, cs_guard_seal(seal, passed.body, NOW, &mut again), out)
        };
        assert_eq!(sealed, Code::Ok);
        assert_ne!(twice, Code::Ok);
        assert_eq!(cs_call_free(seal), Code::Ok);
        let answer = Message(std::mem::replace(&mut out, cs_buf::EMPTY));
        let (status, _, body) = reply(&answer);
        (status, body)
    }
}

/// A bank, and a phone that has its app.
fn met() -> (Bank, cs_phone) {
    let bank = Bank::open(false);
    bank.rest("/application/create", &json!({ "applicationId": "bank" }));
    let detail = bank.rest("/application/detail", &json!({ "applicationId": "bank" }));
    let config = json!({ "mobileSdkConfig": detail["versions"][0]["mobileSdkConfig"], "version": "3.1" });
    let (config, mut phone) = (Held::new(config.to_string()), 0);
    // SAFETY: a pointer to a live value of this function.
    assert_eq!(unsafe { cs_phone_new(config.slice(), &mut phone) }, Code::Ok);
    (bank, phone)
}

#[test]
fn a_phone_writes_in_secret() {
    let (bank, phone) = met();
    let write = json!({ "do": "encryptRequest", "scope": "application", "path": "/contact", "body": "hi" });
    let done = perform(phone, &write, |method, path, headers, body| {
        bank.contact(method, path, headers, body)
    });
    assert_eq!((&done["status"], &done["body"]), (&json!(200), &json!("hi")));
    assert_eq!(cs_phone_free(phone), Code::Ok);
    assert_eq!(cs_engine_free(bank.0), Code::Ok);
}

#[test]
#[cfg_attr(miri, ignore = "ten thousand rounds for each PIN take Miri an hour")]
fn a_phone_is_activated_and_signs() {
    let (bank, phone) = met();
    let init = json!({ "applicationId": "bank", "userId": "alice", "flags": ["VIP"] });
    let init = bank.rest("/activation/init", &init);
    let activate = json!({ "do": "activate", "code": init["activationCode"], "pin": "1234" });
    let activated = bank.perform(phone, &activate);
    assert_eq!(activated["activationId"], init["activationId"]);
    bank.rest(
        "/activation/commit",
        &json!({ "activationId": init["activationId"] }),
    );
    let sign = json!({ "do": "signatureHeader", "uriId": "/transfer", "body": "100 EUR", "pin": "1234" });
    let header = bank.perform(phone, &sign);
    let passed = (
        "alice".to_owned(),
        CS_FACTORS_POSSESSION_KNOWLEDGE,
        "VIP".to_owned(),
    );
    assert_eq!(bank.enter(&header, "900 EUR"), None);
    assert_eq!(bank.enter(&header, "100 EUR"), Some(passed));
    assert_eq!(bank.enter(&header, "100 EUR"), None);
    assert_eq!(cs_phone_free(phone), Code::Ok);
    assert_eq!(cs_engine_free(bank.0), Code::Ok);
}

#[test]
fn an_old_caller_has_a_shorter_structure() {
    let bank = Bank::open(true);
    let list = bank.rest("/application/list", &json!({}));
    assert_eq!(list["applications"], json!([]));
    assert_eq!(cs_engine_free(bank.0), Code::Ok);
}

#[test]
fn a_call_is_driven_by_hand() {
    let (key, path) = (Held::new([1; 32]), Held::new([0xff, 0xfe]));
    let mut config = super::config(&key.0);
    config.store_path = path.slice();
    let (mut engine, mut call) = (0, 0);
    // SAFETY: pointers to live values of this function.
    unsafe {
        assert_eq!(cs_engine_new(&config, &mut engine), Code::NotUtf8);
        assert_eq!(engine, 0);
        config.store_path = cs_slice::NOTHING;
        assert_eq!(cs_engine_new(&config, &mut engine), Code::Ok);
        let begin = |request: &cs_request| cs_call_begin(engine, request, &mut call);
        let body = br#"{"requestObject":{}}"#;
        assert_eq!(
            with_request("POST", "/rest/v3/application/list", &Vec::new(), body, begin),
            Code::Ok
        );
        let mut lane = cs_buf::EMPTY;
        assert_eq!(cs_call_lane(call, &mut lane), Code::Ok);
        drop(Message(lane));
        let (mut kind, mut out) = (0, cs_buf::EMPTY);
        assert_eq!(
            cs_call_step(call, cs_slice::NOTHING, NOW, &mut kind, &mut out),
            Code::Ok
        );
        assert_eq!(kind, CS_STEP_READ);
        drop(Message(out));
        // Not an answer: refused, and the call waits for one.
        let answer = Held::new([0x5a; 40]);
        let stepped = cs_call_step(call, answer.slice(), NOW, &mut kind, &mut out);
        assert_ne!(stepped, Code::Ok);
        assert!(out.data.is_null());
        // Nothing of it was encrypted.
        let sealed = cs_guard_seal(call, answer.slice(), NOW, &mut out);
        assert_eq!(sealed, Code::NothingToSeal);
        assert_eq!(cs_call_free(call), Code::Ok);
        assert_eq!(cs_engine_free(engine), Code::Ok);
    }
}

#[test]
fn a_command_of_the_protocol_is_answered() {
    let command = Held::new(r#"{"do":"activationCode","text":"AAAQE-AYEAU-DAOCA-JIICA"}"#);
    let mut out = cs_buf::EMPTY;
    // SAFETY: a pointer to a live value of this function.
    let done = unsafe { cs_protocol(command.slice(), NOW, &mut out) };
    assert_eq!(done, Code::Ok);
    let answer = text(Message(out).slice());
    assert_eq!(
        answer,
        r#"{"result":{"code":"AAAQE-AYEAU-DAOCA-JIICA","signed":false}}"#
    );
}
