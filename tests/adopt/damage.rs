//! Rows that are refused, each with its reason, while the others are taken over; and older lines.

use countersign::adopt::{Folder, Reason, Table};
use countersign::crypto::secret::SecretVec;
use countersign::store::MemoryStore;

use super::rig::{Refusals, folder, import, old_key};
use super::tables::Copy;

fn of(refusals: &Refusals, table: Table) -> Vec<(&str, Reason)> {
    let of_table = refusals.0.iter().filter(|(known, ..)| *known == table);
    of_table.map(|(_, key, reason)| (key.as_str(), *reason)).collect()
}

#[test]
fn damaged_rows_are_refused_one_by_one() {
    let Some(plain) = folder("plain") else { return };
    let copy = Copy::of(&plain, "damage");
    let mut expected = Vec::new();
    copy.change("pa_activation", |table| {
        let sound = table.rows[30].clone();
        let id = table.at("activation_id");
        let mut damaged = |column: &str, value: Option<&str>, reason: Reason| {
            let mut row = sound.clone();
            let key = format!("00000000-0000-4000-8000-{:012}", expected.len());
            row[id] = Some(key.clone());
            table.rows.push(row);
            let last = table.rows.len() - 1;
            // Unless it is what is damaged, the code must be another one.
            table.set(last, "activation_code", Some("AAAQE-AYEAU-DAOCA-JIICA"));
            table.set(last, column, value);
            let key = if column == "activation_id" {
                value.unwrap_or_default().to_owned()
            } else {
                key
            };
            expected.push((key, reason));
        };
        damaged(
            "activation_status",
            Some("9"),
            Reason::UnknownValue("activation_status"),
        );
        damaged("activation_status", None, Reason::Null("activation_status"));
        damaged("application_id", Some("77"), Reason::NoParent("pa_application"));
        damaged("user_id", None, Reason::Null("user_id"));
        damaged("user_id", Some(&"x".repeat(256)), Reason::TooLarge("user_id"));
        damaged("counter", Some("-1"), Reason::Malformed("counter"));
        damaged("counter", Some("many"), Reason::Malformed("counter"));
        damaged("ctr_data", Some("AAAA"), Reason::Malformed("ctr_data"));
        damaged("version", Some("7"), Reason::UnknownValue("version"));
        damaged("flags", Some("[1"), Reason::Malformed("flags"));
        damaged(
            "activation_code",
            Some("AAAQE-AYEAU-DAOCA-JIICB"),
            Reason::Malformed("activation_code"),
        );
        damaged(
            "activation_code",
            sound_code(&plain).as_deref(),
            Reason::Duplicate("activation_code"),
        );
        damaged(
            "activation_otp",
            Some("1234"),
            Reason::Malformed("activation_otp"),
        );
        damaged(
            "activation_otp_validation",
            Some("3"),
            Reason::UnknownValue("activation_otp_validation"),
        );
        let column = "server_private_key_encryption";
        damaged(column, Some("2"), Reason::UnknownValue(column));
        let column = "server_private_key_base64";
        damaged("server_private_key_encryption", Some("1"), Reason::NoKey(column));
        damaged(column, Some("AQ=="), Reason::KeyMismatch(column));
        damaged(column, Some("?"), Reason::Malformed(column));
        damaged(
            "device_public_key_base64",
            Some("BA=="),
            Reason::Malformed("device_public_key_base64"),
        );
        damaged(
            "timestamp_created",
            Some("yesterday"),
            Reason::Malformed("timestamp_created"),
        );
        damaged(
            "activation_id",
            Some(&sound[id].clone().unwrap()),
            Reason::Duplicate("activation_id"),
        );
    });
    copy.append("pa_activation", b"1,2,3\n\xFF\xFF\n\"never closed,");
    expected.extend([(); 3].map(|()| (String::new(), Reason::BadRow)));
    copy.change("pa_token", |table| {
        let mut row = table.rows[0].clone();
        row[0] = Some("10000000-0000-4000-8000-000000000000".to_owned());
        row[2] = Some("nobody".to_owned());
        table.rows.push(row);
    });
    let store = MemoryStore::new();
    let (report, refusals) = import(&store, &mut Folder::new(&copy.0), None, 1);
    let expected: Vec<(&str, Reason)> = expected.iter().map(|(key, why)| (key.as_str(), *why)).collect();
    assert_eq!(of(&refusals, Table::Activation), expected);
    let activations = report.table(Table::Activation).unwrap();
    assert_eq!(activations.imported, 69);
    assert_eq!(activations.read, 69 + activations.refusals());
    let tokens = of(&refusals, Table::Token);
    assert_eq!(
        tokens,
        [(
            "10000000-0000-4000-8000-000000000000",
            Reason::NoParent("pa_activation")
        )]
    );
    assert_eq!(report.table(Table::Token).unwrap().imported, 11);
    assert_eq!(report.refusals(), u64::try_from(refusals.0.len()).unwrap());
    println!(
        "{} rows refused, each with its reason; {} activations taken over",
        refusals.0.len(),
        69
    );
}

/// A code that another activation of the application of row 30 has.
fn sound_code(plain: &std::path::Path) -> Option<String> {
    let table = super::tables::Table::read(&plain.join("pa_activation.csv"));
    Some(table.get(30, "activation_code").to_owned())
}

#[test]
fn without_the_right_key_only_what_is_in_clear_comes() {
    let Some(encrypted) = folder("encrypted") else {
        return;
    };
    let right = old_key(&encrypted).unwrap();
    let mut wrong = right.as_bytes().to_vec();
    wrong[0] ^= 1;
    for key in [None, Some(SecretVec::from_vec(wrong))] {
        let store = MemoryStore::new();
        let given = key.is_some();
        let (report, refusals) = import(&store, &mut Folder::new(&encrypted), key, 1);
        let activations = report.table(Table::Activation).unwrap();
        assert_eq!((activations.imported, activations.refusals()), (4, 69));
        let column = "server_private_key_base64";
        for (_, reason) in of(&refusals, Table::Activation) {
            match reason {
                Reason::NoKey(of) => assert!(!given && of == column),
                Reason::Sealed(of) | Reason::KeyMismatch(of) => assert!(given && of == column),
                other => panic!("{other:?}"),
            }
        }
        // What belongs to activations that did not come is refused for that; postcards come.
        let puks = report.table(Table::RecoveryPuk).unwrap();
        assert_eq!(puks.read, 26);
        assert!(puks.refusals() > 0);
        println!("key given: {given}: {} rows refused", report.refusals());
    }
}

/// Columns that came with later lines.
const LATER: &[(&str, &[&str])] = &[
    (
        "pa_activation",
        &[
            "extras",
            "platform",
            "device_info",
            "flags",
            "activation_otp",
            "activation_otp_validation",
            "server_private_key_encryption",
            "timestamp_last_change",
            "master_keypair_id",
        ],
    ),
    ("pa_application", &["roles"]),
    (
        "pa_application_callback",
        &["type", "attributes", "authentication"],
    ),
    (
        "pa_activation_history",
        &[
            "event_reason",
            "external_user_id",
            "activation_version",
            "activation_name",
        ],
    ),
    (
        "pa_signature_audit",
        &[
            "additional_info",
            "note",
            "signature_metadata",
            "signature_data_body",
            "signature_version",
        ],
    ),
    (
        "pa_operation",
        &[
            "activation_flag",
            "additional_data",
            "risk_flags",
            "totp_seed",
            "template_name",
        ],
    ),
    (
        "pa_operation_template",
        &["risk_flags", "proximity_check_enabled"],
    ),
    ("pa_recovery_config", &["postcard_priv_key_encryption"]),
    ("pa_recovery_puk", &["puk_encryption"]),
];

#[test]
fn older_lines_lack_columns() {
    let Some(plain) = folder("plain") else { return };
    let copy = Copy::of(&plain, "older");
    for (table, columns) in LATER {
        copy.change(table, |table| {
            columns.iter().for_each(|column| table.drop(column))
        });
    }
    for gone in ["pa_unique_value", "pa_integration"] {
        std::fs::remove_file(copy.0.join(format!("{gone}.csv"))).unwrap();
    }
    let (report, refusals) = import(&MemoryStore::new(), &mut Folder::new(&copy.0), None, 1);
    assert_eq!(refusals.0, []);
    assert_eq!(report.table(Table::Activation).unwrap().imported, 69);
    assert_eq!(report.table(Table::Integration).unwrap().read, 0);
    copy.change("pa_activation", |table| table.drop("counter"));
    let (report, refusals) = import(&MemoryStore::new(), &mut Folder::new(&copy.0), None, 1);
    let activations = of(&refusals, Table::Activation);
    assert_eq!(activations.len(), 69);
    assert!(
        activations
            .iter()
            .all(|(_, why)| *why == Reason::MissingColumn("counter"))
    );
    assert_eq!(report.table(Table::Application).unwrap().imported, 3);
}

#[test]
fn callbacks_that_line_1_9_encrypts_or_switches_off_are_refused() {
    let Some(plain) = folder("plain") else { return };
    let copy = Copy::of(&plain, "callbacks");
    let mut keys = Vec::new();
    copy.change("pa_application_callback", |table| {
        table
            .columns
            .extend(["encryption_mode", "enabled"].map(str::to_owned));
        let later = [
            ("NO_ENCRYPTION", "t"),
            ("AES_HMAC", "t"),
            ("ROT13", "t"),
            ("NO_ENCRYPTION", "f"),
        ];
        for (row, (mode, enabled)) in table.rows.iter_mut().zip(later) {
            row.extend([mode, enabled].map(|it| Some(it.to_owned())));
            keys.push(row[0].clone().unwrap());
        }
    });
    assert_eq!(keys.len(), 4);
    let (report, refusals) = import(&MemoryStore::new(), &mut Folder::new(&copy.0), None, 1);
    assert_eq!(
        of(&refusals, Table::Callback),
        [
            (keys[1].as_str(), Reason::Unpublished("authentication")),
            (keys[2].as_str(), Reason::UnknownValue("encryption_mode")),
            (keys[3].as_str(), Reason::Off("enabled"))
        ]
    );
    assert_eq!(report.table(Table::Callback).unwrap().imported, 1);
}
