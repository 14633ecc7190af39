//! What passes through shadow mode.

use countersign::adopt::agree::{Answer, compare};
use countersign::adopt::shadow::Subjects;

/// A request and two answers to it, a line each: each answer agrees with itself, whatever is told of a difference is short and
/// plain, and both ways find as many.
pub fn shadow_answers(data: &[u8]) -> bool {
    let mut lines = data.splitn(3, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let subjects = Subjects::of(line());
    if let Some(subjects) = &subjects {
        assert!(subjects.name().len() <= 64 && subjects.activations.len() <= 101);
    }
    let [old, here] = [line(), line()].map(|body| Answer::read(200, body));
    for answer in old.iter().chain(&here) {
        let same = compare(answer, answer, &[]);
        assert!(same.differences.is_empty() && same.elsewhere == 0);
    }
    let (Some(_), Some(old), Some(here)) = (subjects, old, here) else {
        return false;
    };
    let compared = compare(&old, &here, &["nonce"]);
    for difference in &compared.differences {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
        assert!(difference.member.len() <= 120 && difference.member.bytes().all(plain));
        assert!(difference.old.to_string().len() <= 400 && difference.here.to_string().len() <= 400);
    }
    assert_eq!(compared.elsewhere, compare(&here, &old, &["nonce"]).elsewhere);
    true
}
