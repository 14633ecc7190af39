//! What callers see when the store fails, hangs or panics: never an answer, always an error.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use countersign::store::{Answer, Batch, Commit, Fut, MemoryStore, Query, Store, StoreError};
use http_body_util::BodyExt;
use tower_service::Service as _;

use super::service::{Service, router};
use super::testing;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Fine,
    Fails,
    Hangs,
    Panics,
}

/// Reads in one mood, commits in another.
struct Moody {
    store: MemoryStore,
    reads: Mood,
    commits: Mood,
}

impl Mood {
    async fn show(self) -> Result<(), StoreError> {
        match self {
            Self::Fine => Ok(()),
            Self::Fails => Err(StoreError::NotApplied("planted".into())),
            Self::Hangs => std::future::pending().await,
            Self::Panics => panic!("planted"),
        }
    }
}

impl Store for Moody {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            self.reads.show().await?;
            self.store.read(queries).await
        })
    }

    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            self.commits.show().await?;
            self.store.commit(batch).await
        })
    }
}

fn service(reads: Mood, commits: Mood) -> Arc<Service> {
    let store = MemoryStore::new();
    testing::service(Arc::new(Moody {
        store,
        reads,
        commits,
    }))
}

async fn call(service: &Arc<Service>, method: &str, path: &str) -> (u16, String) {
    let body = Body::from(r#"{"requestObject":{"applicationId":"a"}}"#);
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .body(body)
        .unwrap();
    let response = router(service).call(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

const GENERIC: &str = r#"{"status":"ERROR","responseObject":{"code":"ERROR_GENERIC","message":"The request could not be processed."}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_store_is_never_an_answer() {
    let mut cases = 0;
    for (mood, status) in [(Mood::Fails, 503), (Mood::Hangs, 503), (Mood::Panics, 500)] {
        for (reads, commits) in [(mood, Mood::Fine), (Mood::Fine, mood)] {
            let service = service(reads, commits);
            // Twice: a failed request must not take its place along.
            for _ in 0..2 {
                let (got, body) = call(&service, "POST", "/rest/v3/application/create").await;
                assert_eq!((got, body.as_str()), (status, GENERIC), "{reads:?} {commits:?}");
                cases += 1;
            }
            let metrics = service.metrics.render(&service.connection.store.counts);
            let panics = if mood == Mood::Panics { 2 } else { 0 };
            assert!(metrics.contains(&format!("countersign_panics_total {panics}\n")));
            assert!(metrics.contains("countersign_requests_in_flight 0\n"));
            assert!(service.connection.lanes.is_empty());
        }
    }
    println!("{cases} failures, no answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_follows_the_store_and_liveness_does_not() {
    for mood in [Mood::Fine, Mood::Fails, Mood::Hangs] {
        let service = service(mood, Mood::Fine);
        assert_eq!(call(&service, "GET", "/health").await.0, 200);
        let ready = if mood == Mood::Fine { 200 } else { 503 };
        assert_eq!(call(&service, "GET", "/ready").await.0, ready, "{mood:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_house_refuses_in_time() {
    let service = service(Mood::Fine, Mood::Fine);
    let place = service.running.acquire().await.unwrap();
    let waited = tokio::time::timeout(
        Duration::from_secs(5),
        call(&service, "POST", "/rest/v3/application/create"),
    );
    assert_eq!(waited.await.unwrap().0, 503);
    drop(place);
    assert_eq!(call(&service, "POST", "/rest/v3/application/create").await.0, 200);
}
