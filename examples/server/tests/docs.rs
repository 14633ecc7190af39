//! The documents of the APIs and their page: there, complete, from nowhere else, and gone when they are not wanted.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod support;

use serde_json::Value;
use support::{Server, files};

const REFERENCE: &str = "/powerauth-java-server/swagger-ui";

/// Status, headers in lower case, and body.
fn get(server: &Server, path: &str) -> (u16, String, Vec<u8>) {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .new_agent();
    let mut response = agent.get(server.url(path)).call().unwrap();
    let headers: Vec<String> = response
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    let body = response
        .body_mut()
        .with_config()
        .limit(4_000_000)
        .read_to_vec()
        .unwrap();
    (response.status().as_u16(), headers.join("\n"), body)
}

#[test]
fn the_page_is_complete_and_closed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::in_memory(&files(&folder), &[]);
    for (from, to) in [
        ("/docs".to_owned(), "/docs/".to_owned()),
        (format!("{REFERENCE}.html"), format!("{REFERENCE}/index.html")),
    ] {
        let (status, headers, _) = get(&server, &from);
        assert_eq!(status, 307, "{from}");
        assert!(headers.contains(&format!("location: {to}")), "{headers}");
    }
    let mut files = 0;
    for place in ["/docs", REFERENCE] {
        let index = format!("{place}/{}", if place == "/docs" { "" } else { "index.html" });
        let (status, headers, body) = get(&server, &index);
        assert_eq!(status, 200);
        for line in [
            "content-type: text/html; charset=utf-8",
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
        ] {
            assert!(headers.contains(line), "{line} is not in {headers}");
        }
        assert!(!headers.contains("unsafe"), "{headers}");
        let page = String::from_utf8(body).unwrap();
        assert!(!page.contains("//"), "the page names another place: {page}");
        // What the page loads, and what its script loads after that.
        let mut names: Vec<String> = page
            .split(['"', '\''])
            .filter(|it| it.ends_with(".css") || it.ends_with(".js"))
            .map(str::to_owned)
            .collect();
        assert_eq!(names.len(), 4, "{names:?}");
        let script = String::from_utf8(get(&server, &format!("{place}/docs.js")).2).unwrap();
        let documents = script
            .split("[\"")
            .skip(1)
            .map(|it| it.split('"').next().unwrap());
        names.extend(documents.map(|name| format!("openapi/{name}.json")));
        assert_eq!(names.len(), 4 + 8, "{names:?}");
        for name in names {
            let (status, headers, body) = get(&server, &format!("{place}/{name}"));
            assert_eq!(status, 200, "{name}");
            assert!(body.len() > 200 && headers.contains("nosniff"), "{name}");
            if name.ends_with(".json") {
                let document: Value = serde_json::from_slice(&body).unwrap();
                assert_eq!(document["openapi"], "3.1.0", "{name}");
            }
            files += 1;
        }
    }
    let (status, _, body) = get(&server, "/powerauth-java-server/v3/api-docs");
    let document: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (status, &document["info"]["title"]),
        (200, &"Countersign: Server API".into())
    );
    for path in [
        "/docs/x",
        "/docs/../health",
        "/docs/openapi/",
        "/docs/openapi/server.json/",
    ] {
        assert_eq!(get(&server, path).0, 404, "{path}");
    }
    println!("{files} files");
}

#[test]
fn without_docs_there_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::in_memory(&files(&folder), &["--no-docs"]);
    for path in [
        "/docs",
        "/docs/",
        "/docs/docs.js",
        "/docs/openapi/server.json",
        "/powerauth-java-server/swagger-ui.html",
        "/powerauth-java-server/swagger-ui/index.html",
        "/powerauth-java-server/v3/api-docs",
    ] {
        assert_eq!(get(&server, path).0, 404, "{path}");
    }
}
