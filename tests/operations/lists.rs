//! Part 2, sections 4.3 to 4.6.

use serde_json::{Value, json};

use super::world::{APP, OTHER_APP, START, USER, World, approval, merged, text};

const LIST: &str = "operation/list";
const PENDING: &str = "operation/list/pending";
const EXTERNAL: &str = "operation/list/external";

fn request(path: &str, changes: Value) -> Value {
    let base = match path {
        EXTERNAL => json!({ "externalId": "E", "applications": [APP] }),
        _ => json!({ "userId": USER, "applications": [APP] }),
    };
    merged(base, changes)
}

fn ids(world: &World, path: &str, changes: Value) -> Vec<String> {
    let list = world.ok(path, request(path, changes));
    list.as_array().unwrap().iter().map(|it| text(it, "id")).collect()
}

/// Operations one millisecond apart, newest first.
fn several(world: &World, count: u64) -> Vec<String> {
    let mut created: Vec<String> = (0..count)
        .map(|at| {
            world.host.set(START + at);
            world.new_id(json!({ "externalId": "E" }))
        })
        .collect();
    created.reverse();
    created
}

#[test]
fn pages() {
    let world = World::new();
    let all = several(&world, 5);
    let mut pages = 0;
    for path in [LIST, PENDING, EXTERNAL] {
        assert_eq!(ids(&world, path, json!({})), all, "{path}");
        for size in 1..=6 {
            let mut seen = Vec::new();
            for number in 0..6 {
                let page = ids(&world, path, json!({ "pageNumber": number, "pageSize": size }));
                let expected = all.iter().skip(number * size).take(size).count();
                assert_eq!(page.len(), expected, "{path} {number} {size}");
                seen.extend(page);
                pages += 1;
            }
            assert_eq!(seen, all, "{path} {size}");
        }
        // A page number alone, a size alone, numbers as texts.
        assert_eq!(ids(&world, path, json!({ "pageNumber": 1 })), [""; 0]);
        assert_eq!(
            ids(&world, path, json!({ "pageSize": "2", "pageNumber": "" })),
            all[..2]
        );
        assert_eq!(
            ids(
                &world,
                path,
                json!({ "pageNumber": i64::MAX, "pageSize": i64::MAX })
            ),
            [""; 0]
        );
        for bad in [
            json!({ "pageNumber": -1 }),
            json!({ "pageSize": 0 }),
            json!({ "pageSize": -5 }),
        ] {
            assert_eq!(world.code(path, request(path, bad)), "ERR0024");
        }
        for bad in [json!({ "pageNumber": "x" }), json!({ "pageSize": true })] {
            assert_eq!(world.code(path, request(path, bad)), "ERROR_HTTP_REQUEST");
        }
    }
    println!("{pages} pages");
}

#[test]
fn default_page() {
    let world = World::new();
    let all = several(&world, 103);
    assert_eq!(ids(&world, LIST, json!({})), all[..100]);
    assert_eq!(ids(&world, LIST, json!({ "pageSize": 2_000 })), all);
}

#[test]
fn equal_times_have_a_stable_order() {
    let world = World::new();
    let mut created: Vec<String> = (0..7).map(|_| world.new_id(json!({}))).collect();
    created.sort();
    created.reverse();
    let pages = (0..4).flat_map(|number| ids(&world, LIST, json!({ "pageNumber": number, "pageSize": 2 })));
    assert_eq!(pages.collect::<Vec<_>>(), created);
}

#[test]
fn selection() {
    let world = World::new();
    let here = world.new_id(json!({ "externalId": "E" }));
    world.host.set(START + 1);
    let both = world.new_id(json!({ "applications": [OTHER_APP, APP], "externalId": "E" }));
    world.host.set(START + 2);
    let there = world.new_id(json!({ "applications": [OTHER_APP], "externalId": "E" }));
    world.host.set(START + 3);
    let foreign = world.new_id(json!({ "userId": "other", "externalId": "E" }));
    world.ok("operation/approve", approval(&here, json!({})));
    let two = json!({ "applications": [APP, OTHER_APP] });
    assert_eq!(ids(&world, LIST, json!({})), [both.clone(), here.clone()]);
    assert_eq!(
        ids(&world, LIST, two.clone()),
        [there.clone(), both.clone(), here.clone()]
    );
    assert_eq!(ids(&world, PENDING, two.clone()), [there.clone(), both.clone()]);
    assert_eq!(
        ids(&world, EXTERNAL, two),
        [foreign.clone(), there, both.clone(), here.clone()]
    );
    assert_eq!(ids(&world, EXTERNAL, json!({})), [foreign, both, here]);
    assert_eq!(ids(&world, LIST, json!({ "userId": "nobody" })), [""; 0]);
    assert_eq!(ids(&world, EXTERNAL, json!({ "externalId": "none" })), [""; 0]);
    // The written reference names one application.
    for path in [LIST, PENDING, EXTERNAL] {
        let single = json!({ "applications": null, "applicationId": APP });
        assert_eq!(ids(&world, path, single), ids(&world, path, json!({})));
    }
}

#[test]
fn refusals() {
    let world = World::new();
    let mut checked = 0;
    for path in [LIST, PENDING, EXTERNAL] {
        let named = if path == EXTERNAL { "externalId" } else { "userId" };
        let cases = [
            (json!({ "applications": [] }), "ERR0024"),
            (json!({ "applications": null }), "ERR0024"),
            (json!({ named: null }), "ERR0024"),
            (json!({ named: "", "applications": ["nope"] }), "ERR0024"),
            (json!({ named: "x".repeat(256) }), "ERR0024"),
            (json!({ "applications": vec![APP; 101] }), "ERR0024"),
            (json!({ "applications": ["nope"] }), "ERR0000"),
            (json!({ "applications": [APP, "nope"] }), "ERR0000"),
            (json!({ "applications": [APP, APP] }), "ERR0000"),
            (json!({ "applications": APP }), "ERROR_HTTP_REQUEST"),
        ];
        for (changes, code) in cases {
            assert_eq!(
                world.code(path, request(path, changes.clone())),
                code,
                "{path} {changes}"
            );
            checked += 1;
        }
        let (_, body) = world.call(path, &request(path, json!({ "applications": ["nope"] })));
        let message = "Application or application version does not exist.";
        assert_eq!(body["responseObject"]["message"], message);
    }
    println!("{checked} refusals");
}

#[test]
fn what_an_activation_sees() {
    let world = World::new();
    let init = |flags: Value| {
        let request = json!({ "userId": USER, "applicationId": APP, "flags": flags });
        text(&world.ok("activation/init", request), "activationId")
    };
    let plain = init(json!([]));
    let flagged = init(json!(["F"]));
    let free = world.new_id(json!({}));
    let bound = world.new_id(json!({ "activationId": plain }));
    let needs_f = world.new_id(json!({ "activationFlag": "F" }));
    let needs_g = world.new_id(json!({ "activationFlag": "G" }));
    let cases = [
        (json!(null), vec![&free, &bound, &needs_f, &needs_g]),
        // Without flags nothing is filtered by flag.
        (json!(plain), vec![&free, &bound, &needs_f, &needs_g]),
        (json!(flagged), vec![&free, &needs_f]),
        (json!("unknown"), vec![&free, &needs_f, &needs_g]),
    ];
    for (activation, expected) in &cases {
        for path in [LIST, PENDING] {
            let mut seen = ids(&world, path, json!({ "activationId": activation }));
            let mut expected: Vec<String> = expected.iter().map(|id| (*id).clone()).collect();
            seen.sort();
            expected.sort();
            assert_eq!(seen, expected, "{activation}");
        }
    }
    // The flag of the request is accepted and has no effect.
    assert_eq!(ids(&world, LIST, json!({ "activationFlag": "F" })).len(), 4);
    println!("{} viewers", cases.len());
}

#[test]
fn claim() {
    let world = World::new();
    let detail =
        |id: &str, user: &str| world.call("operation/detail", &json!({ "operationId": id, "userId": user }));
    let id = world.new_id(json!({ "userId": null }));
    assert_eq!(ids(&world, LIST, json!({})), [""; 0]);
    assert_eq!(world.detail(&id)["userId"], Value::Null);
    let events = world.events().len();
    let (status, body) = detail(&id, USER);
    assert_eq!((status, &body["responseObject"]["userId"]), (200, &json!(USER)));
    assert_eq!(detail(&id, USER), (200, body));
    let (status, body) = detail(&id, "second");
    assert_eq!(
        (status, &body["responseObject"]["code"]),
        (400, &json!("ERR0034"))
    );
    assert_eq!(world.kinds(&id), ["operation_created", "operation_claimed"]);
    assert_eq!(world.events().len(), events);
    assert_eq!(ids(&world, PENDING, json!({})), std::slice::from_ref(&id));
    assert_eq!(
        world.code("operation/detail", json!({ "operationId": id, "userId": "" })),
        "ERR0024"
    );

    // At its last moment and later nobody is asked who they are, and nobody gets it.
    for moment in [START + 300_000, START + 300_001] {
        world.host.set(START);
        let late = world.new_id(json!({ "userId": null }));
        let owned = world.new_id(json!({}));
        world.host.set(moment);
        let (status, body) = detail(&late, "second");
        assert_eq!((status, &body["responseObject"]["userId"]), (200, &Value::Null));
        let (status, body) = detail(&owned, "second");
        assert_eq!((status, &body["responseObject"]["userId"]), (200, &json!(USER)));
    }
    world.host.set(START);
    let done = world.new_id(json!({}));
    world.ok("operation/approve", approval(&done, json!({})));
    assert_eq!(detail(&done, "second").0, 200);
}
