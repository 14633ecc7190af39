//! One amount in many locales: `tests/mobile/amounts.txt` holds what phones show.
//!
//! `COUNTERSIGN_WRITE=1` writes the file anew; look at the difference.

use std::path::Path;

use serde_json::{Value, json};

use crate::rig::Rig;
use crate::support::prelude::TOKEN;

const AMOUNTS: [&str; 8] = [
    "0.005",
    "1",
    "-1710.1",
    "1234.5",
    "12345678.90",
    "1e15",
    "0.1234567890123456789",
    "many",
];
const CURRENCIES: [&str; 6] = ["EUR", "USD", "CZK", "JPY", "KWD", "BTC"];
const LOCALES: [&str; 10] = [
    "en", "cs", "de", "fr", "ar", "ar-EG", "ja", "en-IN", "de-CH", "tlh",
];

#[test]
fn golden() {
    let mut rig = Rig::new();
    let mut shown = String::new();
    rig.texts(json!([{
        "placeholder": "authorize_payment", "language": "en", "title": "t", "message": "m",
        "attributes": [{ "id": "a", "type": "AMOUNT", "text": "l",
                         "params": { "amount": "amount", "currency": "currency" } }],
    }]));
    let mut operations = Vec::new();
    for amount in AMOUNTS {
        for currency in CURRENCIES {
            let parameters = json!({ "amount": amount, "currency": currency });
            operations.push((
                amount,
                currency,
                rig.payment(json!({ "parameters": parameters })).0,
            ));
        }
    }
    for locale in LOCALES {
        for (amount, currency, id) in &operations {
            let request = rig
                .phone
                .device
                .request_operation(id, TOKEN, rig.world.now(), &mut rig.phone.rng);
            let answer = rig.send_in(&rig.world, locale, &request.unwrap().request).ok();
            let row = &answer["formData"]["attributes"][0];
            let text = |name: &str| row[name].as_str().unwrap().to_owned();
            let line = [
                locale,
                amount,
                currency,
                &text("amountFormatted"),
                &text("currencyFormatted"),
                &text("valueFormatted"),
            ];
            shown.push_str(&line.join("\t"));
            shown.push('\n');
            assert_eq!(row["amount"].is_null(), *amount == "many");
            assert!(
                row["amount"].is_null() || row["amount"].is_number(),
                "{}",
                Value::clone(row)
            );
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mobile/amounts.txt");
    if std::env::var_os("COUNTERSIGN_WRITE").is_some() {
        std::fs::write(&path, &shown).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    for (ours, theirs) in shown.lines().zip(golden.lines()) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(shown.len(), golden.len());
    println!("{} amounts", shown.lines().count());
}
