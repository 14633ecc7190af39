//! The transition tables of `src/model`, written down in `docs/states.md` and compared with the behaviour
//! specification where that is at hand.

use std::fmt::Write as _;
use std::path::Path;

use countersign::model::activation::{ACTIVATION, Activation, ActivationStatus};
use countersign::model::operation::{Failed, OPERATION, Operation, OperationStatus};
use countersign::model::recovery::{PukStatus, RECOVERY_CODE, RecoveryCode, RecoveryCodeStatus, WrongPuk};
use countersign::store::Entity;

use crate::support::Town;

const LATER: u64 = u64::MAX;

/// A table: what an action makes of each state. `None`: refused.
struct Table {
    title: &'static str,
    states: Vec<String>,
    rows: Vec<(&'static str, Vec<Option<String>>)>,
}

/// As the APIs write it.
fn name(status: impl std::fmt::Debug) -> String {
    let mut name = String::new();
    for letter in format!("{status:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

fn first<R: Entity>(town: &Town, fits: impl Fn(&R) -> bool) -> R {
    let records = town.store().records();
    let mut all = records.iter().filter(|it| it.key.collection == R::COLLECTION);
    all.find_map(|it| R::decode(&it.body).ok().filter(&fits)).unwrap()
}

fn activations(town: &Town) -> Table {
    use ActivationStatus::{Active, Blocked, Created, PendingCommit, Removed};
    type Act = fn(&mut Activation) -> Result<(), ()>;
    let states = [Created, PendingCommit, Active, Blocked, Removed];
    let sample: Activation = first(town, |it: &Activation| {
        it.status == Active && it.keys.is_some() && it.counter_data.is_some()
    });
    assert_eq!(Activation::COLLECTION, ACTIVATION);
    let actions: [(&str, Act); 11] = [
        ("key exchange", |it| it.exchange(false).map_err(drop)),
        ("key exchange with the right OTP", |it| {
            it.exchange(true).map_err(drop)
        }),
        ("commit", |it| it.commit().map_err(drop)),
        ("block", |it| it.block("R").map(drop).map_err(drop)),
        ("unblock", |it| it.unblock().map(drop).map_err(drop)),
        ("upgrade, of protocol 2", |it| {
            it.version = Some(2);
            it.upgrade().map_err(drop)
        }),
        ("expiry", |it| {
            // What is not pending never expires.
            if it.overdue(LATER) {
                it.remove();
                Ok(())
            } else {
                Err(())
            }
        }),
        ("a wrong signature, attempts left", |it| {
            it.max_failed_attempts = 2;
            (it.status == Active).then(|| _ = it.count_failure()).ok_or(())
        }),
        ("the last wrong signature", |it| {
            it.max_failed_attempts = 1;
            (it.status == Active).then(|| _ = it.count_failure()).ok_or(())
        }),
        ("the last wrong OTP", |it| {
            it.max_failed_attempts = 1;
            it.pending().then(|| _ = it.count_wrong_otp()).ok_or(())
        }),
        ("remove", |it| {
            it.remove();
            Ok(())
        }),
    ];
    let row = |act: Act| {
        let cell = |status: &ActivationStatus| {
            let mut it = sample.clone();
            (it.status, it.failed_attempts) = (*status, 0);
            act(&mut it).ok().map(|()| name(it.status))
        };
        states.iter().map(cell).collect()
    };
    Table {
        title: "Activation",
        states: states.iter().map(name).collect(),
        rows: actions.iter().map(|(name, act)| (*name, row(*act))).collect(),
    }
}

fn operations(town: &Town) -> Table {
    type Act = fn(&mut Operation) -> Result<(), ()>;
    let states = OperationStatus::ALL;
    let sample: Operation = first(town, |_: &Operation| true);
    assert_eq!(Operation::COLLECTION, OPERATION);
    let actions: [(&str, Act); 6] = [
        ("approve", |it| it.approve(1).map_err(drop)),
        ("a failed approval, attempts left", |it| {
            it.max_failure_count = 2;
            assert_ne!(it.fail(1).map_err(drop)?, Failed::Finally);
            Ok(())
        }),
        ("the last failed approval", |it| {
            it.max_failure_count = 1;
            assert_eq!(it.fail(1).map_err(drop)?, Failed::Finally);
            Ok(())
        }),
        ("reject", |it| it.reject(1).map_err(drop)),
        ("cancel", |it| it.cancel().map_err(drop)),
        ("expiry", |it| {
            it.overdue(LATER).then(|| it.expire()).ok_or(())?.map_err(drop)
        }),
    ];
    let row = |act: Act| {
        let cell = |status: &OperationStatus| {
            let mut it = sample.clone();
            (it.status, it.failure_count) = (*status, 0);
            act(&mut it).ok().map(|()| it.status.name().to_owned())
        };
        states.iter().map(cell).collect()
    };
    Table {
        title: "Operation",
        states: states.iter().map(|it| it.name().to_owned()).collect(),
        rows: actions.iter().map(|(name, act)| (*name, row(*act))).collect(),
    }
}

fn sample_code(town: &Town) -> RecoveryCode {
    let mut code: RecoveryCode = first(town, |it: &RecoveryCode| !it.puks.is_empty());
    assert_eq!(RecoveryCode::COLLECTION, RECOVERY_CODE);
    code.puks.truncate(1);
    code.puks[0].status = PukStatus::Valid;
    code.failed_attempts = 0;
    code
}

fn recovery_codes(town: &Town) -> Table {
    use RecoveryCodeStatus::{Active, Blocked, Created, Revoked};
    type Act = fn(&mut RecoveryCode) -> Result<(), ()>;
    let states = [Created, Active, Blocked, Revoked];
    let sample = sample_code(town);
    let actions: [(&str, Act); 5] = [
        ("confirmation, commit of its activation", |it| {
            it.activate(1).map(drop).map_err(drop)
        }),
        ("a right PUK", |it| {
            if it.status != Active {
                return Err(());
            }
            it.use_puk(1);
            Ok(())
        }),
        ("a wrong PUK, attempts left", |it| {
            if it.status != Active {
                return Err(());
            }
            it.max_failed_attempts = 2;
            assert_eq!(it.count_wrong_puk(1), WrongPuk::TryAgain(1));
            Ok(())
        }),
        ("the last wrong PUK", |it| {
            if it.status != Active {
                return Err(());
            }
            it.max_failed_attempts = 1;
            assert_eq!(it.count_wrong_puk(1), WrongPuk::Blocked);
            Ok(())
        }),
        ("revocation, end of its activation", |it| {
            it.revoke(1);
            Ok(())
        }),
    ];
    let row = |act: Act| {
        let cell = |status: &RecoveryCodeStatus| {
            let mut it = sample.clone();
            it.status = *status;
            act(&mut it).ok().map(|()| name(it.status))
        };
        states.iter().map(cell).collect()
    };
    Table {
        title: "Recovery code",
        states: states.iter().map(name).collect(),
        rows: actions.iter().map(|(name, act)| (*name, row(*act))).collect(),
    }
}

fn puks(town: &Town) -> Table {
    type Act = fn(&mut RecoveryCode);
    let states = [PukStatus::Valid, PukStatus::Used, PukStatus::Invalid];
    let sample = sample_code(town);
    let actions: [(&str, Act); 4] = [
        ("it was right", |it| it.use_puk(1)),
        ("it was wrong, attempts left", |it| {
            it.max_failed_attempts = 2;
            it.count_wrong_puk(1);
        }),
        ("it was wrong, and the code is blocked", |it| {
            it.max_failed_attempts = 1;
            it.count_wrong_puk(1);
        }),
        ("the code is revoked", |it| _ = it.revoke(1)),
    ];
    let row = |act: Act| {
        let cell = |status: &PukStatus| {
            let mut it = sample.clone();
            it.status = RecoveryCodeStatus::Active;
            it.puks[0].status = *status;
            act(&mut it);
            Some(name(it.puks[0].status))
        };
        states.iter().map(cell).collect()
    };
    Table {
        title: "PUK, the first VALID one of a code",
        states: states.iter().map(name).collect(),
        rows: actions.iter().map(|(name, act)| (*name, row(*act))).collect(),
    }
}

impl Table {
    fn write(&self, text: &mut String) {
        let _ = writeln!(
            text,
            "\n## {}\n\n| action | {} |",
            self.title,
            self.states.join(" | ")
        );
        let _ = writeln!(text, "|---|{}", "---|".repeat(self.states.len()));
        for (action, cells) in &self.rows {
            let _ = write!(text, "| {action} |");
            for (from, to) in self.states.iter().zip(cells) {
                let _ = match to {
                    None => write!(text, " – |"),
                    Some(to) if to == from => write!(text, " = |"),
                    Some(to) => write!(text, " {to} |"),
                };
            }
            text.push('\n');
        }
    }

    /// What `action` makes of `state`; `None` when it is refused.
    fn cell(&self, action: &str, state: &str) -> Option<&str> {
        let row = self.rows.iter().find(|(name, _)| *name == action).unwrap();
        let at = self.states.iter().position(|it| it == state).unwrap();
        row.1[at].as_deref()
    }
}

fn tables() -> Vec<Table> {
    let town = Town::build();
    vec![
        activations(&town),
        operations(&town),
        recovery_codes(&town),
        puks(&town),
    ]
}

const HEAD: &str = "\
# States and actions

What each action makes of each state. \"=\": it succeeds and changes no state; \"–\": it is refused, or does not happen.
Generated from `src/model`; `UPDATE_DOCS=1 cargo test --all-features --test upkeep states` writes it anew.

An action here is that of the model. What a method checks before it, and how it says no, is its own matter; a test per
method holds that. `/activation/status/update` sets any state within the bounds that [deviations.md](deviations.md) names.
";

#[test]
fn docs_say_what_the_model_does() {
    let mut text = HEAD.to_owned();
    for table in tables() {
        table.write(&mut text);
    }
    text.push_str(
        "\n## Callback event\n\n\
         | event | PENDING | DELIVERED | DEAD |\n|---|---|---|---|\n\
         | the receiver took it | DELIVERED | – | – |\n\
         | an attempt failed, attempts left | = | – | – |\n\
         | the last attempt failed, or its URL was removed | DEAD | – | – |\n",
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/states.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == text,
        "docs/states.md does not say what the model does:\n{text}"
    );
}

/// Cells of a table of the specification: by row and column, as written.
fn specified<'s>(spec: &'s str, corner: &str, row: &str, column: &str) -> Option<&'s str> {
    let mut lines = spec
        .lines()
        .skip_while(|line| !line.starts_with(&format!("| {corner} |")));
    let cells =
        |line: &'s str| -> Vec<&'s str> { line.trim_matches('|').split('|').map(str::trim).collect() };
    let at = cells(lines.next()?).iter().position(|it| *it == column)?;
    let mut rows = lines.skip(1).take_while(|line| line.starts_with('|')).map(cells);
    rows.find(|cells| cells.first().is_some_and(|it| it.starts_with(row)))?
        .get(at)
        .copied()
}

/// The state that a cell names; none for a refusal.
fn meaning<'s>(cell: &'s str, from: &'s str) -> Option<&'s str> {
    if cell.starts_with('=') {
        return Some(from);
    }
    if cell.starts_with("ERR") || cell.starts_with('–') {
        return None;
    }
    let cell = cell.rsplit('→').next().unwrap_or_default().trim();
    cell.split([' ', ',', ';']).next()
}

#[test]
fn the_specification_says_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/spec");
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let (Ok(first), Ok(second)) = (read("server-1.md"), read("server-2.md")) else {
        println!("no specification at hand");
        return;
    };
    let tables = tables();
    let mut compared = 0;
    for (action, row) in [
        ("key exchange", "prepare (EXP)"),
        ("commit", "commit (EXP)"),
        ("block", "block"),
        ("unblock", "unblock"),
        ("remove", "remove"),
        ("expiry", "expiry"),
    ] {
        for state in &tables[0].states {
            let cell = specified(&first, "Action", row, state).unwrap();
            assert_eq!(
                tables[0].cell(action, state),
                meaning(cell, state),
                "{action}, {state}: {cell}"
            );
            compared += 1;
        }
    }
    for (action, row, column) in [
        ("approve", "PENDING, attempts", "approve, all conditions hold"),
        (
            "a failed approval, attempts left",
            "PENDING, attempts",
            "approve/fail",
        ),
        ("the last failed approval", "PENDING, last", "approve/fail"),
        ("reject", "PENDING, attempts", "reject, user+app match"),
        ("cancel", "PENDING, attempts", "cancel"),
    ] {
        let cell = specified(&second, "Status", row, column).unwrap();
        assert_eq!(
            tables[1].cell(action, "PENDING"),
            meaning(cell, "PENDING"),
            "{action}: {cell}"
        );
        for state in tables[1].states.iter().filter(|it| *it != "PENDING") {
            let cell = specified(&second, "Status", state, column).unwrap();
            assert_eq!(
                tables[1].cell(action, state),
                meaning(cell, state),
                "{action}, {state}: {cell}"
            );
            compared += 1;
        }
    }
    // The tables of recovery are lists of transitions.
    for (table, action, state, row) in [
        (
            2,
            "confirmation, commit of its activation",
            "CREATED",
            "| CREATED | commit of the bound activation |",
        ),
        (
            2,
            "confirmation, commit of its activation",
            "CREATED",
            "| CREATED | confirmRecoveryCode",
        ),
        (
            2,
            "the last wrong PUK",
            "ACTIVE",
            "| ACTIVE | failed attempts reach the maximum",
        ),
        (
            2,
            "revocation, end of its activation",
            "CREATED",
            "| CREATED, ACTIVE, BLOCKED | revokeRecoveryCodes",
        ),
        (
            2,
            "revocation, end of its activation",
            "ACTIVE",
            "| CREATED, ACTIVE, BLOCKED | revokeRecoveryCodes",
        ),
        (
            2,
            "revocation, end of its activation",
            "BLOCKED",
            "| CREATED, ACTIVE, BLOCKED | revokeRecoveryCodes",
        ),
        (
            2,
            "revocation, end of its activation",
            "REVOKED",
            "| REVOKED | anything |",
        ),
        (3, "it was right", "VALID", "| VALID | correct PUK"),
        (
            3,
            "it was wrong, and the code is blocked",
            "VALID",
            "| VALID (first valid one) | code becomes BLOCKED |",
        ),
        (3, "the code is revoked", "VALID", "| VALID | code revoked |"),
    ] {
        let line = first.lines().find(|line| line.starts_with(row)).unwrap();
        let cell = line.trim_matches('|').rsplit('|').next().unwrap().trim();
        assert_eq!(tables[table].cell(action, state), meaning(cell, state), "{row}");
        compared += 1;
    }
    for (action, _) in &tables[3].rows {
        for state in ["USED", "INVALID"] {
            assert_eq!(tables[3].cell(action, state), Some(state), "unchanged");
            compared += 1;
        }
    }
    println!("{compared} cells compared with the specification");
    assert!(compared >= 70, "{compared}");
}
