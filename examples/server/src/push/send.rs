//! One message over sockets, to Apple or Google. Tokens of ours are kept as long as they are good.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use countersign::crypto::backend::{Backend, default_backend};
use countersign::engine::callback::oauth2::AccessToken;
use countersign::engine::callback::reach::Reach;
use countersign::engine::push_delivery::apns::{self, ApnsKey, RENEW_AFTER, RENEW_NO_SOONER};
use countersign::engine::push_delivery::fcm::{self, ServiceAccount};
use countersign::engine::push_delivery::{
    Credential, PushDelivery, PushOutcome, PushSender, Verdict, retry_after,
};
use countersign::model::push::Environment;
use countersign::store::{Fut, Host};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::lines::{Answer, Lines, Post, Slots};
use super::options::PushOptions;
use crate::deliver::{SendError, Sender, Tls, TlsError};

/// Sends to both platforms.
pub(crate) struct Senders {
    host: Arc<dyn Host>,
    backend: &'static dyn Backend,
    lines: Lines,
    /// Asks for access tokens, under the rules of callbacks.
    tokens: Sender,
    apns: String,
    apns_development: String,
    fcm: String,
    timeout: Duration,
    provider_tokens: Mutex<HashMap<[u8; 32], ProviderToken>>,
    access_tokens: Slots<[u8; 32], Granted>,
}

/// A token that we signed.
#[derive(Clone)]
struct ProviderToken {
    header: Arc<Zeroizing<String>>,
    signed: u64,
}

/// A token that we got.
#[derive(Clone)]
struct Granted {
    token: AccessToken,
    since: u64,
    until: u64,
}

impl Senders {
    /// `reach` is where access tokens may be asked for.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(crate) fn new(host: Arc<dyn Host>, options: &PushOptions, reach: Reach) -> Result<Self, TlsError> {
        let tls = |protocol| Tls::speaking(options.push_trust.as_deref(), protocol);
        Ok(Self {
            host,
            backend: default_backend(),
            lines: Lines::new(tls(b"h2")?, options.push_timeout),
            tokens: Sender::new(reach, tls(b"http/1.1")?, options.push_timeout),
            apns: options.push_apns.clone(),
            apns_development: options.push_apns_development.clone(),
            fcm: options.push_fcm.clone(),
            timeout: options.push_timeout,
            provider_tokens: Mutex::default(),
            access_tokens: Slots::default(),
        })
    }

    async fn to_apple(&self, delivery: &PushDelivery, key: &ApnsKey) -> PushOutcome {
        let request = match apns::request(delivery, &key.topic) {
            Ok(request) => request,
            Err(outcome) => return outcome,
        };
        let endpoint = match key.environment {
            Environment::Production => &self.apns,
            Environment::Development => &self.apns_development,
        };
        let mut used = None;
        let mut why = "no token";
        for _ in 0..2 {
            let Some(token) = self.provider_token(key, used) else {
                break;
            };
            let post = Post {
                endpoint,
                path: &request.path,
                headers: &request.headers,
                authorization: &token.header,
                body: &request.body,
            };
            let answer = match self.lines.post(key.connection(), &post).await {
                Ok(answer) => answer,
                Err(error) => return unreachable(&error),
            };
            match apns::verdict(answer.status, self.pause(&answer), &answer.body) {
                Verdict::Outcome(outcome) => return outcome,
                Verdict::RenewToken(refused) => why = refused,
            }
            used = Some(token.signed);
        }
        PushOutcome::CredentialsRefused(why)
    }

    /// A provider token, another one than that which was signed at `used`; none when Apple would not take a new one yet.
    fn provider_token(&self, key: &ApnsKey, used: Option<u64>) -> Option<ProviderToken> {
        let now = self.host.now();
        let mut tokens = self
            .provider_tokens
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes tokens that are not good yet.
        tokens.retain(|_, it| it.signed <= now && now - it.signed < RENEW_AFTER);
        let name = key.fingerprint();
        match tokens.get(&name) {
            Some(known) if used != Some(known.signed) => return Some(known.clone()),
            Some(known) if now - known.signed < RENEW_NO_SOONER => return None,
            _ => {}
        }
        let header = key.provider_token(self.backend, now).ok()?;
        let token = ProviderToken {
            header: Arc::new(header),
            signed: now,
        };
        tokens.insert(name, token.clone());
        Some(token)
    }

    async fn to_google(&self, delivery: &PushDelivery, account: &ServiceAccount) -> PushOutcome {
        let request = match fcm::request(delivery, &account.project, self.host.now()) {
            Ok(request) => request,
            Err(outcome) => return outcome,
        };
        let headers = [("content-type", "application/json".to_owned())];
        let mut used = None;
        let mut why = "no token";
        for _ in 0..2 {
            let granted = match self.access_token(account, used).await {
                Ok(granted) => granted,
                Err(outcome) => return outcome,
            };
            let authorization = granted.token.header();
            let post = Post {
                endpoint: &self.fcm,
                path: &request.path,
                headers: &headers,
                authorization: &authorization,
                body: &request.body,
            };
            let answer = match self.lines.post(account.connection(), &post).await {
                Ok(answer) => answer,
                Err(error) => return unreachable(&error),
            };
            match fcm::verdict(answer.status, self.pause(&answer), &answer.body) {
                Verdict::Outcome(outcome) => return outcome,
                Verdict::RenewToken(refused) => why = refused,
            }
            used = Some(granted.since);
        }
        PushOutcome::CredentialsRefused(why)
    }

    /// An access token, another one than that which was given at `used`. Whoever comes first asks, the others wait.
    async fn access_token(
        &self,
        account: &ServiceAccount,
        used: Option<u64>,
    ) -> Result<Granted, PushOutcome> {
        let slot = self.access_tokens.of(account.fingerprint());
        let mut kept = slot.lock().await;
        let now = self.host.now();
        let good = |it: &&Granted| used != Some(it.since) && it.since <= now && now < it.until;
        if let Some(granted) = kept.as_ref().filter(good) {
            return Ok(granted.clone());
        }
        *kept = None;
        let refused = PushOutcome::CredentialsRefused;
        let signed = account.to_sign(now);
        let signature =
            sign(account, &signed).ok_or(refused("the key of the service account cannot sign"))?;
        let request = account.token_request(&signed, &signature);
        let request = request.ok_or(refused("the token endpoint is none"))?;
        let token = match self.tokens.access_token(&request).await {
            Ok(token) => token,
            Err(SendError::Status(400..=403, _)) => {
                return Err(refused("the token endpoint refuses the service account"));
            }
            Err(SendError::NotAllowed) => {
                return Err(refused("the token endpoint is not one of the receivers allowed"));
            }
            Err(SendError::NoToken) => return Err(refused("the token endpoint gives no token")),
            Err(_) => {
                return Err(PushOutcome::Later {
                    after: None,
                    all: true,
                    why: "the token endpoint is in trouble",
                });
            }
        };
        let until = now.saturating_add(token.usable_for.saturating_mul(1_000));
        let granted = Granted {
            token,
            since: now,
            until,
        };
        *kept = Some(granted.clone());
        Ok(granted)
    }

    fn pause(&self, answer: &Answer) -> Option<u64> {
        retry_after(answer.retry_after.as_deref()?, self.host.now())
    }
}

impl PushSender for Senders {
    fn send<'a>(&'a self, delivery: &'a PushDelivery) -> Fut<'a, PushOutcome> {
        Box::pin(async move {
            let (connection, sent) = match &delivery.credential {
                Credential::Apns(key) => {
                    let sent = timeout(self.timeout, self.to_apple(delivery, key)).await;
                    (key.connection(), sent)
                }
                Credential::Fcm(account) => {
                    let sent = timeout(self.timeout, self.to_google(delivery, account)).await;
                    (account.connection(), sent)
                }
            };
            match sent {
                Ok(outcome) => outcome,
                Err(_) => {
                    self.lines.abandon(connection).await;
                    unreachable(&SendError::Late)
                }
            }
        })
    }
}

/// Names the connection that messages with these credentials share.
trait Connected {
    fn connection(&self) -> [u8; 32];
}

impl Connected for ApnsKey {
    /// One key may be good for both of Apple's services, which are two places.
    fn connection(&self) -> [u8; 32] {
        let mut name = self.fingerprint();
        name[0] ^= u8::from(self.environment == Environment::Development);
        name
    }
}

impl Connected for ServiceAccount {
    fn connection(&self) -> [u8; 32] {
        self.fingerprint()
    }
}

fn sign(account: &ServiceAccount, text: &str) -> Option<Vec<u8>> {
    let key = RsaKeyPair::from_pkcs8(account.private.as_bytes()).ok()?;
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        text.as_bytes(),
        &mut signature,
    )
    .ok()?;
    Some(signature)
}

/// A platform without an answer.
fn unreachable(error: &SendError) -> PushOutcome {
    let why = match error {
        SendError::Resolve => "the name cannot be resolved",
        SendError::Connect(_) => "no connection",
        SendError::Tls(_) => "no connection: TLS",
        SendError::Late => "no answer in time",
        _ => "no proper answer",
    };
    PushOutcome::Later {
        after: None,
        all: true,
        why,
    }
}
