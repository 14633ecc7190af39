//! The endpoints of the small server.

use crate::server::{Activation, Answer, No, Server, StoredToken, WINDOW, no};
use countersign::client::Request;
use countersign::crypto::backend::{Backend, RustCrypto};
use countersign::crypto::code::{Puk, RecoveryCode};
use countersign::crypto::ecies::{EnvelopeRequest, Purpose, Scope};
use countersign::crypto::encoding::base64;
use countersign::crypto::header::AuthorizationHeader;
use countersign::crypto::identifier::uuid_v4;
use countersign::crypto::jwt::{TemporaryKeyRequest, TemporaryKeyResponse, request_key};
use countersign::crypto::key::PublicKey;
use countersign::crypto::random::bytes;
use countersign::crypto::recovery::generate_for_activation;
use countersign::crypto::schedule::ActivationKeys;
use countersign::crypto::secret::Secret;
use countersign::crypto::signature::SignatureType::{
    self, Possession as P, PossessionBiometry as PB, PossessionKnowledge as PK,
    PossessionKnowledgeBiometry as PKB,
};
use countersign::crypto::status::{BlobStatus, StatusBlob, random_blob};
use countersign::crypto::vault::wrap_vault_key;
use serde_json::{Value, json};

const MTOKEN: &str = "/api/auth/token/app/operation";

fn ok(object: &Value) -> Vec<u8> {
    json!({ "status": "OK", "responseObject": object })
        .to_string()
        .into_bytes()
}

fn done() -> Vec<u8> {
    br#"{"status":"OK"}"#.to_vec()
}

fn request_object(request: &Request) -> Answer<Value> {
    let body: Value =
        serde_json::from_slice(&request.body).map_err(|_| No(400, "INVALID_REQUEST", json!({})))?;
    Ok(body["requestObject"].clone())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

impl Server {
    pub fn dispatch(&mut self, request: &Request) -> Answer<Vec<u8>> {
        let path = request.path.split('?').next().unwrap().to_owned();
        let signed = Self::signed_data(request);
        match (request.method.as_str(), path.as_str()) {
            ("POST", "/pa/v3/status") => Ok(ok(&json!({
                "serverTime": self.now,
                "application": { "name": "test", "version": "1" },
            }))),
            ("POST", "/pa/v3/keystore/create") => self.create_temporary_key(request),
            ("POST", "/pa/v3/activation/create") => self.create_activation(request),
            ("POST", "/pa/v3/activation/status") => self.activation_status(request),
            ("POST", "/pa/v3/activation/remove") => {
                let header = self.verify(request, "/pa/activation/remove", &signed, &[PK, PB, PKB])?;
                self.activation(&header.activation_id).status = BlobStatus::Removed;
                Ok(ok(&json!({ "activationId": header.activation_id })))
            }
            ("POST", "/pa/v3/activation/detail") => self.detail(request),
            ("POST", "/pa/v3/activation/rename") => self.rename(request),
            ("POST", "/pa/v3/token/create") => self.create_token(request),
            ("POST", "/pa/v3/token/remove") => self.remove_token(request),
            ("POST", "/pa/v3/vault/unlock") => self.unlock_vault(request),
            (_, "/pa/v3/signature/validate") => {
                self.verify(request, "/pa/signature/validate", &signed, &[P, PK, PB, PKB])?;
                Ok(done())
            }
            ("POST", "/pa/v3/upgrade/start") => self.start_upgrade(request),
            ("POST", "/pa/v3/upgrade/commit") => {
                let header = self.verify(request, "/pa/upgrade/commit", &signed, &[P])?;
                self.activation(&header.activation_id).generation = 3;
                Ok(done())
            }
            ("POST", "/pa/v3/recovery/confirm") => self.confirm_recovery(request),
            ("POST", "/pa/v3/user/info") => self.sealed(
                request,
                Purpose::GenericActivation,
                |_| json!({ "sub": "user-1", "iat": 7 }),
            ),
            ("POST", "/app/application") => self.sealed(request, Purpose::GenericApplication, echo),
            ("POST", "/app/activation") => self.sealed(request, Purpose::GenericActivation, echo),
            ("POST", path) if path.starts_with(MTOKEN) => self.mobile_token(request, &path[MTOKEN.len()..]),
            _ => {
                let header = self.verify(request, "/app", &signed, &SignatureType::ALL)?;
                Ok(ok(&json!({ "factors": header.signature_type.as_str() })))
            }
        }
    }

    fn create_temporary_key(&mut self, request: &Request) -> Answer<Vec<u8>> {
        let bad = || No(400, "ERR_TEMPORARY_KEY", json!({}));
        let object = request_object(request)?;
        let (claims, jwt) = TemporaryKeyRequest::parse(text(&object, "jwt")).map_err(|_| bad())?;
        if claims.application_key != self.key {
            return Err(bad());
        }
        let own = match &claims.activation_id {
            Some(id) => Some(self.index(id).ok_or_else(bad)?),
            None => None,
        };
        let activation = own.map(|index| &self.activations[index]);
        let transport = activation.map(|activation| &activation.keys.as_ref().unwrap().transport);
        jwt.verify_hs256(&request_key(&self.secret, transport))
            .map_err(|_| bad())?;
        let signer = activation.map_or(&self.master.private, |activation| &activation.server.private);
        let signer = RustCrypto.import_private(signer).unwrap();
        let (id, public, expires) = self.new_temporary_key(claims.activation_id.as_deref());
        let answer = TemporaryKeyResponse::answer(&claims, id, &public, self.now, expires);
        Ok(ok(&json!({ "jwt": answer.sign(signer.as_ref()).unwrap() })))
    }

    fn create_activation(&mut self, request: &Request) -> Answer<Vec<u8>> {
        let bad = || No(400, "ERR_ACTIVATION", json!({}));
        let header = self.encryption_header(request, Scope::Application)?;
        let (plain, outer) =
            self.open_body(&request.body, Purpose::ActivationLayer1, None, header.version)?;
        let layer1: Value = serde_json::from_slice(&plain).map_err(|_| bad())?;
        let envelope: EnvelopeRequest =
            serde_json::from_value(layer1["activationData"].clone()).map_err(|_| bad())?;
        let (plain, inner) = self.open(&envelope, Purpose::ActivationLayer2, None, header.version)?;
        let layer2: Value = serde_json::from_slice(&plain).map_err(|_| bad())?;

        let identity = &layer1["identityAttributes"];
        let index = self.find_for_activation(text(&layer1, "type"), identity, &layer2)?;
        let point = base64::decode(text(&layer2, "devicePublicKey")).map_err(|_| bad())?;
        let device = PublicKey::from_bytes(&RustCrypto, &point).map_err(|_| bad())?;
        let recovery = generate_for_activation(&mut self.rng).unwrap();
        let activation = &mut self.activations[index];
        activation.keys =
            Some(ActivationKeys::derive(&RustCrypto, &activation.server.private, &device).unwrap());
        activation.device = Some(device);
        activation.status = BlobStatus::PendingCommit;
        activation.name = layer2["activationName"].as_str().map(str::to_owned);
        activation.request = json!({ "layer1": layer1, "layer2": layer2 });
        let reply = json!({
            "activationId": activation.id,
            "serverPublicKey": base64::encode(activation.server.public.as_bytes()),
            "ctrData": base64::encode(activation.counter.as_bytes()),
            "activationRecovery": { "recoveryCode": recovery.0.as_str(), "puk": recovery.1.as_str() },
        });
        activation.recovery = Some(recovery);
        let custom = layer1["customAttributes"].clone();
        let inner: Value = serde_json::from_slice(&self.seal(inner, &reply)).unwrap();
        let reply = json!({ "activationData": inner, "customAttributes": custom, "userInfo": null });
        Ok(self.seal(outer, &reply))
    }

    fn find_for_activation(&mut self, kind: &str, identity: &Value, layer2: &Value) -> Answer<usize> {
        let found = match kind {
            "CODE" => self.activations.iter().position(|activation| {
                activation.status == BlobStatus::Created
                    && activation.code.as_str() == text(identity, "code")
                    && activation.otp.as_deref() == layer2["activationOtp"].as_str()
            }),
            "RECOVERY" => {
                let code = RecoveryCode::parse(text(identity, "recoveryCode")).unwrap();
                let puk = Puk::parse(text(identity, "puk")).unwrap();
                let old = self.activations.iter_mut().find(|activation| {
                    matches!(&activation.recovery, Some((own, _)) if own.as_str() == code.as_str())
                });
                let Some(old) = old else {
                    return no(400, "ERR_ACTIVATION");
                };
                if !old.recovery.as_ref().unwrap().1.ct_eq(&puk) {
                    let index = json!({ "currentRecoveryPukIndex": 1 });
                    return Err(No(400, "INVALID_RECOVERY_CODE", index));
                }
                old.status = BlobStatus::Removed;
                self.init(None);
                Some(self.activations.len() - 1)
            }
            "CUSTOM" if text(identity, "username") == "petr" => {
                self.init(None);
                Some(self.activations.len() - 1)
            }
            "DIRECT" if text(identity, "method") == "oidc" && text(identity, "codeVerifier") == "v" => {
                self.init(None);
                Some(self.activations.len() - 1)
            }
            _ => None,
        };
        found.map_or_else(|| no(400, "ERR_ACTIVATION"), Ok)
    }

    fn activation_status(&mut self, request: &Request) -> Answer<Vec<u8>> {
        let object = request_object(request)?;
        let id = text(&object, "activationId");
        let challenge = object["challenge"]
            .as_str()
            .map(|text| base64::decode_array(text).unwrap());
        let nonce = bytes::<16>(&mut self.rng).unwrap();
        let index = self.index(id);
        let known = index
            .map(|index| &self.activations[index])
            .filter(|own| own.keys.is_some());
        let encrypted = match known {
            Some(activation) => {
                let blob = blob(activation);
                let transport = &activation.keys.as_ref().unwrap().transport;
                match &challenge {
                    Some(challenge) => blob.encrypt(transport, challenge, &nonce, &mut self.rng),
                    None => blob.encrypt_legacy(transport, &mut self.rng),
                }
                .unwrap()
            }
            None => random_blob(&mut self.rng).unwrap(),
        };
        Ok(ok(&json!({
            "activationId": id,
            "encryptedStatusBlob": base64::encode(&encrypted),
            "nonce": challenge.map(|_| base64::encode(&nonce)),
            "customObject": { "bank": "x" },
        })))
    }

    fn sealed(
        &mut self,
        request: &Request,
        purpose: Purpose,
        answer: impl Fn(&[u8]) -> Value,
    ) -> Answer<Vec<u8>> {
        let header = self.encryption_header(request, purpose.scope())?;
        let id = header.activation_id.as_deref();
        let (plain, sealer) = self.open_body(&request.body, purpose, id, header.version)?;
        Ok(self.seal(sealer, &answer(&plain)))
    }

    /// Encrypt-then-sign: the signature covers the envelope.
    fn signed_and_sealed(
        &mut self,
        request: &Request,
        purpose: Purpose,
        uri_id: &str,
        allowed: &[SignatureType],
    ) -> Answer<(
        AuthorizationHeader,
        Value,
        countersign::crypto::ecies::ResponseSealer,
    )> {
        let header = self.verify(request, uri_id, &request.body, allowed)?;
        let (plain, sealer) = self.open_body(
            &request.body,
            purpose,
            Some(&header.activation_id),
            header.version,
        )?;
        Ok((header, serde_json::from_slice(&plain).unwrap(), sealer))
    }

    fn create_token(&mut self, request: &Request) -> Answer<Vec<u8>> {
        let (header, plain, sealer) = self.signed_and_sealed(
            request,
            Purpose::TokenCreate,
            "/pa/token/create",
            &[P, PK, PB, PKB],
        )?;
        assert_eq!(plain, json!({}));
        let id = uuid_v4(&mut self.rng).unwrap();
        let secret = Secret::generate(&mut self.rng).unwrap();
        let reply = json!({ "tokenId": id, "tokenSecret": base64::encode(secret.as_bytes()) });
        let token = StoredToken {
            activation: header.activation_id,
            secret,
            kind: header.signature_type,
        };
        self.tokens.insert(id, token);
        Ok(self.seal(sealer, &reply))
    }

    fn remove_token(&mut self, request: &Request) -> Answer<Vec<u8>> {
        self.verify(request, "/pa/token/remove", &request.body, &[P, PK, PB, PKB])?;
        let object = request_object(request)?;
        self.tokens.remove(text(&object, "tokenId"));
        Ok(ok(&json!({ "tokenId": object["tokenId"] })))
    }

    fn unlock_vault(&mut self, request: &Request) -> Answer<Vec<u8>> {
        let (header, plain, sealer) =
            self.signed_and_sealed(request, Purpose::VaultUnlock, "/pa/vault/unlock", &[PK])?;
        assert!(!text(&plain, "reason").is_empty());
        let keys = self.activation(&header.activation_id).keys.as_ref().unwrap();
        let wrapped = base64::encode(&wrap_vault_key(&keys.transport, &keys.vault));
        Ok(self.seal(sealer, &json!({ "encryptedVaultEncryptionKey": wrapped })))
    }

    fn confirm_recovery(&mut self, request: &Request) -> Answer<Vec<u8>> {
        let (header, plain, sealer) =
            self.signed_and_sealed(request, Purpose::RecoveryConfirm, "/pa/recovery/confirm", &[PK])?;
        let activation = self.activation(&header.activation_id);
        let (code, _) = activation.recovery.as_ref().unwrap();
        if code.as_str() != text(&plain, "recoveryCode") {
            return no(401, "ERR_AUTHENTICATION");
        }
        let before = core::mem::replace(&mut activation.recovery_confirmed, true);
        Ok(self.seal(sealer, &json!({ "alreadyConfirmed": before })))
    }

    fn start_upgrade(&mut self, request: &Request) -> Answer<Vec<u8>> {
        let header = self.encryption_header(request, Scope::Activation)?;
        let id = header.activation_id.as_deref();
        let (_, sealer) = self.open_body(&request.body, Purpose::UpgradeStart, id, header.version)?;
        let activation = self.activation(id.unwrap());
        if activation.generation != 2 {
            return no(400, "ERR_UPGRADE");
        }
        activation.number = 0;
        let reply = json!({ "ctrData": base64::encode(activation.counter.as_bytes()) });
        Ok(self.seal(sealer, &reply))
    }

    /// Sign-then-encrypt: the signature covers the plaintext.
    fn rename(&mut self, request: &Request) -> Answer<Vec<u8>> {
        let header = request.header(countersign::crypto::header::AUTHORIZATION_HEADER);
        let header = AuthorizationHeader::parse(header.unwrap_or_default())
            .map_err(|_| No(401, "ERR_AUTHENTICATION", json!({})))?;
        let id = header.activation_id.as_str();
        let (plain, sealer) = self.open_body(
            &request.body,
            Purpose::GenericActivation,
            Some(id),
            header.version,
        )?;
        self.verify(request, "/pa/activation/rename", &plain, &[PK, PB])?;
        let plain: Value = serde_json::from_slice(&plain).unwrap();
        self.activation(id).name = plain["activationName"].as_str().map(str::to_owned);
        Ok(self.seal(
            sealer,
            &json!({ "activationId": id, "activationName": plain["activationName"] }),
        ))
    }

    fn detail(&mut self, request: &Request) -> Answer<Vec<u8>> {
        let (owner, kind) = self.verify_token(request)?;
        if ![PK, PB].contains(&kind) {
            return no(401, "ERR_AUTHENTICATION");
        }
        let name = self.activation(&owner).name.clone();
        let object = json!({ "activationId": owner, "activationName": name });
        self.sealed(
            request,
            Purpose::GenericActivation,
            |_| json!({ "status": "OK", "responseObject": object }),
        )
    }

    fn mobile_token(&mut self, request: &Request, path: &str) -> Answer<Vec<u8>> {
        let body = &request.body;
        let object = request_object(request)?;
        let id = text(&object, "id");
        let find = |operations: &[Value]| operations.iter().position(|operation| operation["id"] == id);
        match path {
            "/list" => {
                self.verify_token(request)?;
                let reply = json!({
                    "status": "OK",
                    "currentTimestamp": "2018-07-02T14:44:00+0000",
                    "responseObject": self.operations,
                });
                Ok(reply.to_string().into_bytes())
            }
            "/detail" | "/detail/claim" => {
                self.verify_token(request)?;
                let Some(index) = find(&self.operations) else {
                    return no(400, "INVALID_OPERATION");
                };
                Ok(ok(&self.operations[index]))
            }
            "/history" => {
                self.verify(request, "/operation/history", body, &[PK, PB])?;
                Ok(ok(&json!(self.operations)))
            }
            "/authorize" => {
                self.verify(request, "/operation/authorize", body, &[P, PK, PB])?;
                let Some(index) = find(&self.operations) else {
                    return no(400, "INVALID_OPERATION");
                };
                let operation = &mut self.operations[index];
                if operation["status"] != "PENDING" {
                    return no(400, "OPERATION_ALREADY_FINISHED");
                }
                if operation["data"] != object["data"] {
                    return no(401, "OPERATION_FAILED");
                }
                operation["status"] = json!("APPROVED");
                operation["authorized"] = object;
                Ok(done())
            }
            "/cancel" => {
                self.verify(request, "/operation/cancel", body, &[P])?;
                let Some(index) = find(&self.operations) else {
                    return no(400, "INVALID_OPERATION");
                };
                self.operations[index]["status"] = json!("REJECTED");
                self.operations[index]["statusReason"] = object["reason"].clone();
                Ok(done())
            }
            _ => no(404, "ERROR_NOT_FOUND"),
        }
    }
}

fn echo(plain: &[u8]) -> Value {
    json!({ "echo": base64::encode(plain) })
}

pub fn blob(activation: &Activation) -> StatusBlob {
    let transport = &activation.keys.as_ref().unwrap().transport;
    StatusBlob {
        status: activation.status,
        current_version: activation.generation,
        upgrade_version: 3,
        counter_byte: activation.number.to_be_bytes()[7],
        failed_attempts: activation.failed,
        max_failed_attempts: 5,
        look_ahead: u8::try_from(WINDOW).unwrap(),
        counter_digest: activation.counter.digest(transport),
    }
}
