//! What is connected to, and what the other side answers.

use countersign::engine::callback::oauth2::AccessToken;
use countersign::engine::callback::target::Target as CallbackTarget;
use countersign::engine::push_delivery::credentials::SetCredentials;
use countersign::engine::push_delivery::{PushOutcome, Verdict, apns, fcm, retry_after};
use serde_json::Value;

use super::framing::Heads;

/// The bytes of a connection: where one is refused does not depend on how they arrive.
pub fn request_heads(data: &[u8]) -> bool {
    let whole = Heads::default().follow(data);
    assert!(whole.is_none_or(|at| at < data.len()));
    let step = usize::from(data.first().copied().unwrap_or(0) % 32) + 1;
    let mut heads = Heads::default();
    let mut pieces = data.chunks(step).enumerate();
    let cut = pieces.find_map(|(number, piece)| Some(number * step + heads.follow(piece)?));
    assert_eq!(cut, whole);
    whole.is_none()
}

/// Whatever an authorization server says, a header can carry what is taken from it.
pub fn access_token(data: &[u8]) -> bool {
    let Some(token) = AccessToken::read(data) else {
        return false;
    };
    let header = token.header();
    let value = header.strip_prefix("Bearer ").unwrap();
    assert!(!value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic()));
    assert!(token.usable_for <= 3_600);
    true
}

/// A request to set credentials for push messages: whether what it holds could be stored. Nothing of a key is shown.
pub fn push_credentials(data: &[u8]) -> bool {
    let Ok(request) = serde_json::from_slice::<SetCredentials>(data) else {
        return false;
    };
    // It looks the same with another key. What nobody reads need not be text.
    let Ok(mut value) = serde_json::from_slice::<Value>(data) else {
        return request.is_usable();
    };
    for key in ["/privateKey", "/serviceAccount/private_key"] {
        if let Some(Value::String(key)) = value.pointer_mut(key) {
            "another".clone_into(key);
        }
    }
    let other: SetCredentials = serde_json::from_value(value).unwrap();
    assert_eq!(format!("{request:?}"), format!("{other:?}"));
    request.is_usable()
}

/// Status (2 bytes), then the header `Retry-After` in a line, then the body of an answer: whether the message is delivered.
/// Whatever is said about it comes from lists of ours.
pub fn push_answer(data: &[u8]) -> bool {
    let Some((status, rest)) = data.split_first_chunk::<2>() else {
        return false;
    };
    let status = u16::from_be_bytes(*status);
    let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (header, body) = rest.split_at(line);
    let now = 1_700_000_000_000;
    let after = std::str::from_utf8(header)
        .ok()
        .and_then(|it| retry_after(it, now));
    assert!(after.is_none_or(|it| it <= 86_400_000));
    let delivered = [
        apns::verdict(status, after, body),
        fcm::verdict(status, after, body),
    ]
    .map(|verdict| match verdict {
        Verdict::Outcome(outcome) => {
            assert!(outcome.word().len() < 64);
            outcome == PushOutcome::Delivered
        }
        Verdict::RenewToken(why) => {
            assert!(why.len() < 64);
            false
        }
    });
    delivered == [true, true]
}

/// What is connected to and asked for, put together again, is the same receiver.
pub fn callback_url(data: &[u8]) -> bool {
    let Some(target) = core::str::from_utf8(data).ok().and_then(CallbackTarget::parse) else {
        return false;
    };
    let host = target.host;
    assert!(!host.is_empty() && target.port > 0);
    assert!(!target.authority.contains(['@', '/', '?', '#', ' ']));
    let path = target.path();
    assert!(path.starts_with('/') && !path.contains('#') && path.bytes().all(|it| it.is_ascii_graphic()));
    let scheme = if target.secure { "https" } else { "http" };
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    let written = format!("{scheme}://{host}:{}{path}", target.port);
    // It may be a little longer than what was read.
    if written.len() <= 1_024 {
        let again = CallbackTarget::parse(&written).unwrap();
        assert_eq!(
            (again.secure, again.host, again.port),
            (target.secure, target.host, target.port)
        );
        assert_eq!(again.path(), path);
    }
    true
}
