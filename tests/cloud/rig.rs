//! Two applications whose back ends call the cloud API, and phones of their users.

use std::sync::Arc;

use countersign::api::Api;
use countersign::api::auth::hash_secret;
use countersign::client::Application;
use countersign::crypto::encoding::base64;
use countersign::model::credential::{Credential, Grant};
use countersign::store::{Batch, Commit, Entity, Entries, Expect, Key, MemoryStore, Rev, Store, Write};
use serde_json::{Value, json};

use crate::support::host::START;
use crate::support::{Answer, Ask, Clock, Dice, Factors, Phone, World, engine};

pub const A: &str = "app-a";
pub const B: &str = "app-b";
pub const USER: &str = "test-user";
/// What nobody has.
pub const UNKNOWN: &str = "8819ac31-ad29-40d1-ac60-1b54293abe61";
const ADMINISTRATOR: (&str, &str) = ("admin", "an administrator's secret, long enough");

/// User name and secret.
pub type Pair = (String, String);

pub struct Rig {
    /// What is stored.
    pub store: Arc<MemoryStore>,
    /// Needs credentials.
    pub world: World,
    /// The same records, open: for what a test needs besides the cloud API.
    pub open: World,
    pub admin: Pair,
    pub integration: Pair,
    /// Back ends of the applications A and B.
    pub a: Pair,
    pub b: Pair,
    pub app_a: Application,
    pub app_b: Application,
}

/// The public form of an application, as an administrator is told it.
fn application(made: &Value) -> Application {
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let (key, secret) = (text("appKey"), text("appSecret"));
    let master = base64::decode(&text("masterServerPublicKey")).unwrap();
    let config = countersign::crypto::sdk_config::SdkConfiguration {
        application_key: base64::decode_array(&key).unwrap(),
        application_secret: countersign::crypto::secret::Secret::from_bytes(
            base64::decode_array(&secret).unwrap(),
        ),
        master_public_key: master,
    };
    Application::from_sdk_config(&config.to_text()).unwrap()
}

pub fn pair(made: &Value) -> Pair {
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    (text("username"), text("password"))
}

/// A request with credentials; without a body when it is null.
pub fn ask(auth: Option<&Pair>, method: &str, path: &str, body: &Value) -> Ask {
    let mut headers = vec![("Content-Type", "application/json".to_owned())];
    if let Some((user, secret)) = auth {
        let basic = base64::encode(format!("{user}:{secret}").as_bytes());
        headers.push(("Authorization", format!("Basic {basic}")));
    }
    Ask {
        method: method.to_owned(),
        path: path.to_owned(),
        headers,
        body: match body {
            Value::Null => Vec::new(),
            body => body.to_string().into_bytes(),
        },
    }
}

impl Rig {
    pub fn new() -> Self {
        let store = Arc::new(MemoryStore::new());
        let shared: Arc<dyn Store> = store.clone();
        let open = World::with(engine(), shared, Clock::new(1, START));
        let world = World {
            api: Arc::new(Api::new(engine())),
            ..open.clone()
        };
        let admin = (ADMINISTRATOR.0.to_owned(), ADMINISTRATOR.1.to_owned());
        put(
            &open,
            &Credential {
                user: admin.0.clone(),
                hash: hash_secret(&admin.1, &mut Dice::new(5)).unwrap(),
                grant: Grant::Administrator,
                name: "first administrator".to_owned(),
                application: None,
                created: 0,
                removed_until: None,
            },
        );
        let made = open.rest("/integration/create", &json!({ "name": "core" })).ok();
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        let integration = (text("clientToken"), text("clientSecret"));
        let create = |id: &str| {
            let body = json!({ "id": id, "roles": ["ROLE1"] });
            let answer = world.ask(&ask(Some(&admin), "POST", "/admin/applications", &body));
            assert_eq!(answer.status, 200, "{answer:?}");
            answer.json()
        };
        let (made_a, made_b) = (create(A), create(B));
        let template = json!({
            "templateName": "login", "operationType": "login", "dataTemplate": "A2*R${reference:-}*T${place}",
            "signatureType": ["POSSESSION_KNOWLEDGE", "POSSESSION_BIOMETRY"],
            "maxFailureCount": 5, "expiration": 300,
        });
        open.rest("/operation/template/create", &template).ok();
        Self {
            a: pair(&made_a),
            b: pair(&made_b),
            app_a: application(&made_a),
            app_b: application(&made_b),
            store,
            world,
            open,
            admin,
            integration,
        }
    }

    /// A call by the back end of A.
    pub fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.call_as(&self.a, method, path, body)
    }

    pub fn call_as(&self, auth: &Pair, method: &str, path: &str, body: &Value) -> Answer {
        self.world.ask(&ask(Some(auth), method, path, body))
    }

    /// The same; it must succeed.
    #[track_caller]
    pub fn ok(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.call(method, path, body);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    /// A registration of the user in state CREATED: id and content of the QR code.
    pub fn register(&self, user: &str, more: &Value) -> (String, String) {
        self.register_as(&self.a, A, user, more)
    }

    pub fn register_as(&self, auth: &Pair, app: &str, user: &str, more: &Value) -> (String, String) {
        let mut body = json!({ "userId": user, "appId": app });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let answer = self.call_as(auth, "POST", "/v2/registrations", &body);
        assert_eq!(answer.status, 200, "{answer:?}");
        let made = answer.json();
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        (text("registrationId"), text("activationQrCodeData"))
    }

    /// A phone of A that has scanned the code of a new registration.
    pub fn pending(&self, user: &str, seed: u64, more: &Value) -> Phone {
        let (_, code) = self.register(user, more);
        Phone::with_code(&self.world, &self.app_a, &code, seed)
    }

    /// An ACTIVE phone of A.
    pub fn phone(&self, user: &str, seed: u64, more: &Value) -> Phone {
        let phone = self.pending(user, seed, more);
        self.ok(
            "POST",
            &format!("/v2/registrations/{}/commit", phone.id()),
            &json!({}),
        );
        phone
    }

    /// An ACTIVE phone of B.
    pub fn phone_of_b(&self, user: &str, seed: u64) -> Phone {
        let (id, code) = self.register_as(&self.b, B, user, &json!({}));
        let phone = Phone::with_code(&self.world, &self.app_b, &code, seed);
        let path = format!("/v2/registrations/{id}/commit");
        assert_eq!(self.call_as(&self.b, "POST", &path, &json!({})).status, 200);
        phone
    }

    /// A new operation of A: its id.
    pub fn operation(&self, user: &str, more: &Value) -> String {
        let mut body = json!({ "userId": user, "template": "login", "parameters": { "place": "home" } });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let made = self.ok("POST", "/v2/operations", &body);
        made["operationId"].as_str().unwrap().to_owned()
    }

    pub fn status(&self, id: &str) -> Value {
        self.ok("GET", &format!("/v2/registrations/{id}"), &Value::Null)
    }

    /// The QR code of an operation for a phone, and the nonce.
    pub fn qr(&self, operation: &str, phone: &Phone) -> (String, String) {
        let path = format!(
            "/v2/operations/{operation}/offline/qr?registrationId={}",
            phone.id()
        );
        let made = self.ok("GET", &path, &Value::Null);
        assert_eq!(made.as_object().unwrap().len(), 2);
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        (text("operationQrCodeData"), text("nonce"))
    }

    /// Has digits verified.
    pub fn typed(&self, operation: &str, phone: &Phone, otp: &str, nonce: &str) -> Answer {
        let path = format!("/v2/operations/{operation}/offline/otp");
        let body = json!({ "otp": otp, "nonce": nonce, "registrationId": phone.id() });
        self.call("POST", &path, &body)
    }
}

/// The digits that a phone shows for a QR code.
pub fn digits(phone: &mut Phone, qr: &str, factors: Factors) -> countersign::client::OfflineCode {
    let operation = phone.device.read_offline_operation(qr).unwrap();
    phone.with(factors, |device, authentication, _| {
        device
            .approve_offline(&operation, authentication)
            .unwrap()
            .assume_saved()
    })
}

fn put<R: Entity>(world: &World, record: &R) {
    let batch = Batch {
        rev: Rev([3; 16]),
        writes: vec![Write::Put {
            key: Key::new(R::COLLECTION, record.id()),
            expect: Expect::Absent,
            body: record.encode(),
            entries: Entries::Set(record.entries()),
            expires_at: None,
        }],
    };
    assert_eq!(
        pollster::block_on(world.store.commit(&batch)).unwrap(),
        Commit::Applied
    );
}

/// The whole body of an error with HTTP 400.
#[track_caller]
pub fn refused(answer: &Answer, code: &str, message: &str) {
    let expected = json!({ "status": "ERROR", "responseObject": { "code": code, "message": message } });
    assert_eq!((answer.status, answer.json()), (400, expected));
}

/// Fields with violations, in order.
#[track_caller]
pub fn violations(answer: &Answer) -> Vec<String> {
    let object = answer.object();
    assert_eq!(
        (answer.status, object["code"].as_str(), object["message"].as_str()),
        (400, Some("ERROR_REQUEST"), Some("Invalid method parameter value")),
        "{answer:?}"
    );
    let all = object["violations"].as_array().unwrap().iter();
    all.map(|it| {
        assert!(it["hint"].is_string());
        it["fieldName"].as_str().unwrap().to_owned()
    })
    .collect()
}
