//! Callback URLs that lead, or could lead, where whoever wrote them cannot get to: stored or not, and what is connected to
//! under four policies of an operator.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::rows;
use crate::support::{Auth, Files, Server, files};

/// Rows of the corpus with their numbers, without placeholders.
type Urls = Vec<(usize, &'static str, String)>;
/// URLs that one application may have.
const ONE_APPLICATION: usize = 32;
const LOOPBACK: &str = "--callback-network=127.0.0.0/8,::1";
const NOT_ALLOWED: &str = "the receiver is not one of those allowed";
const NOT_RESOLVED: &str = "the name cannot be resolved";

/// A receiver on both families; the paths of what arrived. It answers with 200, or with the redirect that a path asks for.
fn receiver(elsewhere: u16) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("[::]:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let calls = Arc::clone(&arrived);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let calls = Arc::clone(&calls);
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream);
                let (mut first, mut line) = (String::new(), String::new());
                let _ = lines.read_line(&mut first);
                while lines.read_line(&mut line).unwrap_or(0) > 2 {
                    line.clear();
                }
                let path = first.split(' ').nth(1).unwrap_or("nothing").to_owned();
                let status = match path.rsplit_once("/redirect/") {
                    Some((_, status)) => status[..3].to_owned(),
                    None => "200".to_owned(),
                };
                calls.lock().unwrap().push(path);
                let answer = format!(
                    "HTTP/1.1 {status} X\r\nlocation: http://127.0.0.1:{elsewhere}/stolen\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
                );
                let _ = lines.get_mut().write_all(answer.as_bytes());
            });
        }
    });
    (port, arrived)
}

fn written(template: &str, port: u16, other: u16) -> String {
    let mut url = template
        .replace("{PORT}", &port.to_string())
        .replace("{OTHER}", &other.to_string());
    for (escape, character) in [
        ("\\n", "\n"),
        ("\\r", "\r"),
        ("\\t", "\t"),
        ("\\0", "\0"),
        ("\\x20", " "),
        ("\\u017f", "\u{17f}"),
        ("\\\\", "\\"),
    ] {
        url = url.replace(escape, character);
    }
    while let Some((before, rest)) = url.split_once('{')
        && let Some((inner, after)) = rest.split_once('}')
        && let Some((piece, times)) = inner.split_once('*')
    {
        url = format!("{before}{}{after}", piece.repeat(times.parse().unwrap()));
    }
    url
}

/// Asks for a callback URL: the status, and the id of one that was stored.
fn stored(server: &Server, auth: &Auth, number: usize, url: &str, more: Value) -> (u16, Option<String>) {
    let application = format!("app-{}", number / ONE_APPLICATION);
    let mut request = json!({
        "applicationId": application, "name": format!("cb-{number}"), "type": "ACTIVATION_STATUS_CHANGE",
        "callbackUrl": url, "attributes": []
    });
    request["authentication"] = more;
    let (status, body) = server.post("/rest/v3/application/callback/create", Some(auth), &request);
    let id = body["responseObject"]["id"].as_str().map(str::to_owned);
    (status, id)
}

/// Lets a server with this policy deliver to each of the URLs once. Answers why it did not, by number; none where it did.
fn delivered(urls: &Urls, policy: &[&str]) -> BTreeMap<usize, Option<String>> {
    let folder = tempfile::tempdir().unwrap();
    let files: Files = files(&folder);
    let mut options = vec![
        "--callback-timeout=2",
        "--callback-receivers=256",
        "--log-level=debug",
    ];
    options.extend(policy);
    let server = Server::in_memory(&files, &options);
    let auth = files.integration();
    let mut ids = BTreeMap::new();
    let mut applications = Vec::new();
    for (place, (number, _, url)) in urls.iter().enumerate() {
        let application = format!("app-{}", place / ONE_APPLICATION);
        if !applications.contains(&application) {
            let request = json!({ "applicationId": application });
            server.ok("/rest/v3/application/create", &auth, &request);
            applications.push(application);
        }
        let (status, id) = stored(&server, &auth, place, url, Value::Null);
        assert_eq!(status, 200, "{url} was not stored");
        ids.insert(id.unwrap(), *number);
    }
    for application in &applications {
        let request = json!({ "applicationId": application, "userId": "u" });
        server.ok("/rest/v3/activation/init", &auth, &request);
    }
    // Each has a line when it was tried, whatever came of it.
    let began = Instant::now();
    let tried = |log: &str, id: &str| {
        let mut lines = log.lines();
        lines.any(|line| line.contains(id) && line.contains("delivered"))
    };
    let log = loop {
        let log = server.log();
        if ids.keys().all(|id| tried(&log, id)) {
            break log;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "deliveries hang");
        std::thread::sleep(Duration::from_millis(20));
    };
    let mut outcomes: BTreeMap<usize, Option<String>> = ids.values().map(|number| (*number, None)).collect();
    for line in log.lines().filter(|line| line.contains("callback not delivered")) {
        let (_, number) = ids.iter().find(|(id, _)| line.contains(id.as_str())).unwrap();
        let (_, why) = line.split_once("error=").unwrap();
        outcomes.insert(*number, Some(why.to_owned()));
    }
    outcomes
}

fn of(all: &Urls, kinds: &[&str]) -> Urls {
    let chosen = all.iter().filter(|(_, kind, _)| kinds.contains(kind));
    chosen.cloned().collect()
}

fn all_refused(urls: &Urls, policy: &[&str]) {
    for (number, why) in delivered(urls, policy) {
        let (_, _, url) = urls.iter().find(|(known, ..)| *known == number).unwrap();
        // A trailing dot makes a name of an address, and no name server knows it.
        let named = url.contains(".:") || url.contains("./");
        let why = why.unwrap_or_else(|| panic!("{url} was called, {policy:?}"));
        let sound = why == NOT_ALLOWED || (named && (why == NOT_RESOLVED || why == "no answer in time"));
        assert!(sound, "{url}: {why}, {policy:?}");
    }
}

#[test]
fn no_call_goes_where_the_operator_did_not_say() {
    let (other, stolen) = receiver(1);
    let (port, arrived) = receiver(other);
    let all: Urls = rows(include_str!("urls.txt"))
        .into_iter()
        .enumerate()
        .map(|(number, (kind, template))| (number, kind, written(template, port, other)))
        .collect();

    // What is no URL is not stored, neither as a receiver nor as where tokens come from.
    let refused = of(&all, &["refused"]);
    {
        let folder = tempfile::tempdir().unwrap();
        let files = files(&folder);
        let server = Server::in_memory(&files, &["--no-callbacks"]);
        let auth = files.integration();
        let request = json!({ "applicationId": "app-0" });
        server.ok("/rest/v3/application/create", &auth, &request);
        for (_, _, url) in &refused {
            let (status, _) = stored(&server, &auth, 0, url, Value::Null);
            assert_eq!(status, 400, "{url:?} was stored");
            let token = json!({ "oAuth2": { "enabled": true, "clientId": "c", "clientSecret": "s", "tokenUri": url } });
            let (status, _) = stored(&server, &auth, 0, "https://bank.example/x", token);
            assert_eq!(status, 400, "{url:?} was stored for tokens");
        }
        let one = stored(&server, &auth, 0, "https://bank.example/x", Value::Null);
        assert_eq!(one.0, 200);
    }
    let (mut judged, mut reached) = (refused.len(), 0);
    let mut none = |urls: Urls, policy: &[&str]| {
        all_refused(&urls, policy);
        assert_eq!(*arrived.lock().unwrap(), Vec::<String>::new(), "{policy:?}");
        judged += urls.len();
    };

    none(of(&all, &["never", "private", "loopback", "redirected"]), &[]);
    none(of(&all, &["never", "private", "public"]), &[LOOPBACK]);
    none(
        of(&all, &["never"]),
        &["--callback-network=0.0.0.0/0,::/0,public"],
    );
    none(of(&all, &["loopback"]), &[LOOPBACK, "--callback-https-only"]);
    none(
        of(&all, &["loopback"]),
        &[LOOPBACK, "--callback-host=bank.example"],
    );

    // The control: listed, each of them is called once, and no redirect is followed.
    let listed = of(&all, &["loopback", "redirected"]);
    for (number, why) in delivered(&listed, &[LOOPBACK]) {
        let (_, kind, url) = listed.iter().find(|(known, ..)| *known == number).unwrap();
        match *kind {
            "loopback" => assert_eq!(why, None, "{url}"),
            _ => assert!(why.unwrap().starts_with("status 3"), "{url}"),
        }
        reached += 1;
    }
    // Whoever answers with a redirect is asked again later.
    assert!(arrived.lock().unwrap().len() >= listed.len());
    assert_eq!(
        *stolen.lock().unwrap(),
        Vec::<String>::new(),
        "a redirect was followed"
    );
    println!(
        "{} URLs: {} refused, {} never, {} private or this machine, {} public; {judged} judgements, {reached} calls where \
         listed, 0 accepted wrongly",
        all.len(),
        refused.len(),
        of(&all, &["never"]).len(),
        of(&all, &["private", "loopback", "redirected"]).len(),
        of(&all, &["public"]).len(),
    );
    assert!(all.len() >= 200);
}
