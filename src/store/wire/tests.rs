use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::strategies::{COLLECTIONS, INDEXES, NAMES, batch, exchange, query, refusal};
use super::*;
use crate::store::machine::Input;
use crate::store::port::{
    Answer, Batch, Commit, Cursor, Entries, Expect, IndexEntry, Key, Page, Query, Record, Rev, Scan,
    StoreError, Write,
};

/// A part of a message, or one with something behind it, is never a message.
fn only_whole<T: PartialEq + std::fmt::Debug>(
    message: &[u8],
    decode: impl Fn(&[u8]) -> Result<T, WireError>,
) {
    for end in 0..message.len() {
        let error = decode(&message[..end]).unwrap_err();
        assert_eq!(error, WireError::Truncated, "{end} of {} bytes", message.len());
    }
    let longer = [message, &[0]].concat();
    assert_eq!(decode(&longer).unwrap_err(), WireError::Trailing);
}

/// What decodes encodes to the same bytes: one meaning has one form. The two functions fuzzing runs.
fn ask_is_canonical(message: &[u8]) -> bool {
    match decode_ask(message, NAMES) {
        Err(_) => false,
        Ok(ask) => {
            let again = match &ask {
                Ask::Read(queries) => encode_queries(queries),
                Ask::Commit(batch) => encode_batch(batch),
            };
            assert_eq!(again.as_deref(), Ok(message));
            true
        }
    }
}

fn input_is_canonical(message: &[u8], asked: &Asked, batch: &Batch) -> bool {
    let again = match decode_input(message, asked) {
        Err(_) => return false,
        Ok(Input::Answers(answers)) => encode_answers(&answers),
        Ok(Input::Applied) => encode_commit(&Commit::Applied, batch),
        Ok(Input::Conflict(current)) => encode_commit(&Commit::Conflict(current), batch),
        Ok(Input::Failed(error)) => encode_failure(&error),
        Ok(other @ (Input::Start | Input::Recalled(_))) => panic!("nothing decodes to {other:?}"),
    };
    assert_eq!(again.as_deref(), Ok(message));
    true
}

proptest! {
    #[test]
    fn queries_survive(queries in vec(query(), 1..8)) {
        let message = encode_queries(&queries).unwrap();
        prop_assert_eq!(decode_ask(&message, NAMES), Ok(Ask::Read(queries)));
        only_whole(&message, |bytes| decode_ask(bytes, NAMES));
    }

    #[test]
    fn batches_survive(batch in batch()) {
        let message = encode_batch(&batch).unwrap();
        prop_assert_eq!(decode_ask(&message, NAMES), Ok(Ask::Commit(batch)));
        only_whole(&message, |bytes| decode_ask(bytes, NAMES));
    }

    #[test]
    fn answers_survive((queries, answers) in exchange()) {
        let message = encode_answers(&answers).unwrap();
        let asked = Asked::Read(queries);
        let Ok(Input::Answers(back)) = decode_input(&message, &asked) else { panic!() };
        prop_assert_eq!(back, answers);
        only_whole(&message, |bytes| decode_input(bytes, &asked).map(|_| ()));
    }

    #[test]
    fn conflicts_survive((batch, outcome) in refusal()) {
        let message = encode_commit(&outcome, &batch).unwrap();
        let asked = Asked::batch(&batch);
        let Ok(Input::Conflict(back)) = decode_input(&message, &asked) else { panic!() };
        prop_assert_eq!(Commit::Conflict(back), outcome);
        only_whole(&message, |bytes| decode_input(bytes, &asked).map(|_| ()));
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in vec(any::<u8>(), 0..200), kind in select(Kind::ALL)) {
        let with_head = [&[VERSION, kind.1][..], &bytes].concat();
        let batch = Batch { rev: Rev([0; 16]), writes: vec![
            Write::Check { key: Key::new(COLLECTIONS[0], "a"), expect: Expect::Absent },
            Write::Check { key: Key::new(COLLECTIONS[1], "a"), expect: Expect::Absent },
        ] };
        for message in [&bytes, &with_head] {
            ask_is_canonical(message);
            input_is_canonical(message, &Asked::batch(&batch), &batch);
            input_is_canonical(message, &Asked::Read(vec![Query::Get(Key::new(COLLECTIONS[0], "a"))]), &batch);
        }
    }

    #[test]
    fn a_changed_message_is_refused_or_means_something_else(
        (queries, answers) in exchange(), (batch, outcome) in refusal(), flips in vec(any::<(u16, u8)>(), 1..3)
    ) {
        let change = |message: Vec<u8>| {
            let mut message = message;
            for (place, bits) in &flips {
                let place = usize::from(*place) % message.len();
                message[place] ^= bits;
            }
            message
        };
        ask_is_canonical(&change(encode_queries(&queries).unwrap()));
        ask_is_canonical(&change(encode_batch(&batch).unwrap()));
        let answers = change(encode_answers(&answers).unwrap());
        input_is_canonical(&answers, &Asked::Read(queries), &batch);
        let outcome = change(encode_commit(&outcome, &batch).unwrap());
        input_is_canonical(&outcome, &Asked::batch(&batch), &batch);
    }
}

fn get(id: &str) -> Query {
    Query::Get(Key::new(COLLECTIONS[1], id))
}

fn found(id: &str) -> Record {
    Record {
        key: Key::new(COLLECTIONS[1], id),
        rev: Rev([7; 16]),
        body: vec![1, 2],
        expires_at: Some(3),
    }
}

/// The format is a promise: these bytes must never change.
#[test]
fn the_bytes_are_as_documented() {
    let scan = Query::Scan(Scan {
        collection: COLLECTIONS[1],
        index: INDEXES[1],
        value: vec![9],
        from: 1,
        to: 2,
        newest_first: true,
        after: Some(Cursor {
            sort: 5,
            id: "z".to_owned(),
        }),
        limit: 10,
    });
    let queries = [get("a"), scan];
    let expected = [
        &b"\x01\x01\x00\x02\x01\x00\x05token\x00\x01a"[..],
        b"\x02\x00\x05token\x00\x03due\x00\x00\x00\x01\x09",
        b"\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x02\x01",
        b"\x01\x00\x00\x00\x00\x00\x00\x00\x05\x00\x01z\x00\x00\x00\x0a",
    ];
    assert_eq!(encode_queries(&queries).unwrap(), expected.concat());

    let key = |id: &str| Key::new(COLLECTIONS[1], id);
    let batch = Batch {
        rev: Rev([0xab; 16]),
        writes: vec![
            Write::Put {
                key: key("a"),
                expect: Expect::At(Rev([0xcd; 16])),
                body: vec![1],
                entries: Entries::Keep,
                expires_at: None,
            },
            Write::Check {
                key: key("b"),
                expect: Expect::Absent,
            },
            Write::Append {
                key: key("c"),
                body: vec![1],
                entries: vec![IndexEntry {
                    index: INDEXES[1],
                    value: vec![],
                    sort: 4,
                }],
                expires_at: Some(8),
            },
        ],
    };
    let expected = [
        &b"\x01\x02"[..],
        &[0xab; 16],
        b"\x00\x03",
        b"\x01\x00\x05token\x00\x01a\x01",
        &[0xcd; 16],
        b"\x00\x00\x00\x01\x01\x00\x00",
        b"\x02\x00\x05token\x00\x01b\x00",
        b"\x03\x00\x05token\x00\x01c\x00\x00\x00\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x08",
        b"\x01\x00\x01\x00\x03due\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04",
    ];
    assert_eq!(encode_batch(&batch).unwrap(), expected.concat());

    let record = [
        &b"\x00\x01a"[..],
        &[7; 16],
        b"\x01\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x02\x01\x02",
    ]
    .concat();
    let answers = [
        Answer::Record(Some(found("a"))),
        Answer::Record(None),
        Answer::Page(Page {
            records: vec![found("a")],
            next: None,
        }),
    ];
    let expected = [
        &b"\x01\x11\x00\x03\x01\x01"[..],
        &record,
        b"\x01\x00\x02\x00\x01",
        &record,
        b"\x00",
    ];
    assert_eq!(encode_answers(&answers).unwrap(), expected.concat());

    let conflict = Commit::Conflict(vec![(key("b"), None), (key("a"), Some(found("a")))]);
    let expected = [&b"\x01\x13\x00\x02\x00\x00\x01"[..], &record, b"\x00\x01\x00"];
    assert_eq!(encode_commit(&conflict, &batch).unwrap(), expected.concat());
    assert_eq!(encode_commit(&Commit::Applied, &batch).unwrap(), b"\x01\x12");
    let not_applied = StoreError::NotApplied("no".to_owned());
    assert_eq!(encode_failure(&not_applied).unwrap(), b"\x01\x14\x00\x02no");
    let unknown = StoreError::Unknown(String::new());
    assert_eq!(encode_failure(&unknown).unwrap(), b"\x01\x15\x00\x00");
}

#[test]
fn every_kind_has_its_byte() {
    for (kind, byte) in Kind::ALL {
        assert_eq!((kind.byte(), Kind::from_byte(*byte)), (*byte, Some(*kind)));
    }
    let known = (0..=u8::MAX).filter_map(Kind::from_byte).count();
    assert_eq!(known, Kind::ALL.len());
    // A new variant must be added here and to the table.
    let in_table = |kind: Kind| match kind {
        Kind::Queries | Kind::Batch | Kind::Reply | Kind::Passed | Kind::Request => 5,
        Kind::Begin => 1,
        Kind::Answers | Kind::Applied | Kind::Conflict | Kind::NotApplied | Kind::Unknown => 5,
    };
    let kinds = in_table(Kind::Queries) + in_table(Kind::Begin) + in_table(Kind::Unknown);
    assert_eq!(kinds, Kind::ALL.len());
}

#[test]
fn an_answer_must_fit_the_question() {
    let answer = |answers: &[Answer], queries: &[Query]| {
        let message = encode_answers(answers).unwrap();
        decode_input(&message, &Asked::Read(queries.to_vec())).map(|_| ())
    };
    let record = |id| Answer::Record(Some(found(id)));
    assert_eq!(answer(&[record("a")], &[get("a")]), Ok(()));
    assert_eq!(answer(&[record("b")], &[get("a")]), Err(WireError::Mismatch));
    assert_eq!(
        answer(&[record("a")], &[get("a"), get("b")]),
        Err(WireError::Count)
    );
    assert_eq!(answer(&[], &[get("a")]), Err(WireError::Count));
    let page = Answer::Page(Page::default());
    assert_eq!(answer(&[page], &[get("a")]), Err(WireError::Mismatch));
    let scan = |limit| {
        Query::Scan(Scan {
            collection: COLLECTIONS[1],
            index: INDEXES[0],
            value: vec![],
            from: 0,
            to: 0,
            newest_first: false,
            after: None,
            limit,
        })
    };
    let two = Answer::Page(Page {
        records: vec![found("a"), found("b")],
        next: None,
    });
    assert_eq!(answer(std::slice::from_ref(&two), &[scan(2)]), Ok(()));
    assert_eq!(answer(&[two], &[scan(1)]), Err(WireError::TooLong));

    let keys = Asked::Commit(vec![Key::new(COLLECTIONS[1], "a"), Key::new(COLLECTIONS[1], "b")]);
    let commit = |bytes: &[u8]| decode_input(bytes, &keys).map(|_| ());
    assert_eq!(commit(b"\x01\x13\x00\x02\x00\x00\x00\x00\x01\x00"), Ok(()));
    assert_eq!(commit(b"\x01\x13\x00\x00"), Err(WireError::Empty));
    assert_eq!(
        commit(b"\x01\x13\x00\x02\x00\x01\x00\x00\x00\x00"),
        Err(WireError::Order)
    );
    assert_eq!(
        commit(b"\x01\x13\x00\x02\x00\x00\x00\x00\x00\x00"),
        Err(WireError::Order)
    );
    assert_eq!(commit(b"\x01\x13\x00\x01\x00\x02\x00"), Err(WireError::Order));
    assert_eq!(commit(b"\x01\x11\x00\x00"), Err(WireError::Unexpected));
    assert_eq!(commit(b"\x01\x01\x00\x00"), Err(WireError::Unexpected));
    let queries = Asked::Read(vec![get("a")]);
    for kind in [0x01, 0x02, 0x03, 0x12, 0x13] {
        let error = decode_input(&[1, kind, 0, 1], &queries).unwrap_err();
        assert_eq!(error, WireError::Unexpected, "kind {kind:#x}");
    }
    assert_eq!(commit(b"\x02\x12"), Err(WireError::Version));
    assert_eq!(commit(b"\x01\x99"), Err(WireError::Kind));
    assert_eq!(commit(b""), Err(WireError::Truncated));
}

#[test]
fn bounds_hold_in_both_directions() {
    let long = "x".repeat(256);
    assert_eq!(encode_queries(&[get(&long)]), Err(WireError::TooLong));
    assert_eq!(encode_queries(&[get("")]), Err(WireError::Id));
    assert_eq!(encode_queries(&[get("a\0")]), Err(WireError::Id));
    assert_eq!(encode_queries(&[]), Err(WireError::Empty));
    let many = vec![get("a"); MAX_QUERIES + 1];
    assert_eq!(encode_queries(&many), Err(WireError::TooLong));
    let put = |id: &str, body: usize| Write::Put {
        key: Key::new(COLLECTIONS[0], id),
        expect: Expect::Absent,
        body: vec![0; body],
        entries: Entries::Keep,
        expires_at: None,
    };
    let batch = |writes| Batch {
        rev: Rev([0; 16]),
        writes,
    };
    assert!(encode_batch(&batch(vec![put("a", MAX_BODY)])).is_ok());
    assert_eq!(
        encode_batch(&batch(vec![put("a", MAX_BODY + 1)])),
        Err(WireError::TooLong)
    );
    assert_eq!(encode_batch(&batch(vec![])), Err(WireError::Empty));
    assert_eq!(
        encode_batch(&batch(vec![put("b", 0), put("a", 0)])),
        Err(WireError::Order)
    );
    assert_eq!(
        encode_batch(&batch(vec![put("a", 0), put("a", 0)])),
        Err(WireError::Order)
    );
    let full = (0..65).map(|n| put(&format!("{n:02}"), MAX_BODY)).collect();
    assert_eq!(encode_batch(&batch(full)), Err(WireError::TooLong));

    // A count or a length that the message does not hold costs nothing and is an error.
    let names = |message: &[u8]| decode_ask(message, NAMES).map(|_| ());
    assert_eq!(names(b"\x01\x01\x04\x00"), Err(WireError::Truncated));
    assert_eq!(names(b"\x01\x01\x04\x01"), Err(WireError::TooLong));
    assert_eq!(
        names(b"\x01\x01\x00\x01\x01\x00\x05other\x00\x01a"),
        Err(WireError::Name)
    );
    assert_eq!(
        names(b"\x01\x01\x00\x01\x01\x00\x05token\x00\x01\xff"),
        Err(WireError::Text)
    );
    assert_eq!(names(b"\x01\x01\x00\x01\x09"), Err(WireError::Tag));
    assert_eq!(names(b"\x01\x03"), Err(WireError::Unexpected));
    let asked = Asked::Read(vec![get("a")]);
    let head = [&b"\x01\x11\x00\x01\x01\x01\x00\x01a"[..], &[0; 17]].concat();
    let huge = [&head[..], b"\xff\xff\xff\xff"].concat();
    assert_eq!(decode_input(&huge, &asked).unwrap_err(), WireError::TooLong);
    let missing = [&head[..], b"\x00\x10\x00\x00"].concat();
    assert_eq!(decode_input(&missing, &asked).unwrap_err(), WireError::Truncated);
    let long = StoreError::Unknown("ě".repeat(MAX_DETAIL));
    let Ok(Input::Failed(StoreError::Unknown(cut))) = decode_input(&encode_failure(&long).unwrap(), &asked)
    else {
        panic!("a long explanation is cut, not refused")
    };
    assert_eq!(cut, "ě".repeat(MAX_DETAIL / 2));
}
