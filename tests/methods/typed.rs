//! The typed functions answer what the dispatcher answers: the same JSON for every request of the town, the same code for
//! what is refused, and they leave the same records.

use std::sync::Arc;

use countersign::api::server::Methods;
use countersign::engine::{Error, json};
use countersign::store::{Failure, Host, MemoryStore, Operation, Step};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::world::serve;
use crate::support::{Ask, Town, World, engine};

/// An answer as JSON, or the code of a refusal.
type Told = Result<Value, String>;

/// Runs a method over a store, step by step; the request comes as JSON.
fn run<Q, A, O>(make: impl Fn(Q) -> O, object: &Value, store: &MemoryStore, host: &dyn Host) -> Told
where
    Q: DeserializeOwned,
    A: Serialize,
    O: Operation<Reply = Result<A, Failure<Error>>>,
{
    let request = json::from_value(object.clone()).map_err(|_| "ERROR_HTTP_REQUEST".to_owned())?;
    let mut operation = make(request);
    let mut input = countersign::store::Input::Start;
    loop {
        input = match operation.step(input, host) {
            Step::Done(Ok(answer)) => return Ok(serde_json::to_value(answer).unwrap()),
            Step::Done(Err(Failure::Refused(error))) if error.current_puk.is_some() => {
                return Err("ERR_RECOVERY".to_owned());
            }
            Step::Done(Err(Failure::Refused(error))) => return Err(error.code.code().to_owned()),
            Step::Done(Err(Failure::Fault(fault))) => panic!("{fault}"),
            step => serve(store, step),
        };
    }
}

macro_rules! by_name {
    ($($name:ident => $method:ident,)*) => {
        /// Names of the methods.
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// The typed method of a name.
        fn typed(name: &str, object: &Value, store: &MemoryStore, host: &dyn Host) -> Told {
            let methods = Methods::new(engine());
            match name {
                $(stringify!($name) => run(|request| methods.$method(request), object, store, host),)*
                other => panic!("there is no method {other}"),
            }
        }
    };
}

by_name! {
    getSystemStatus => get_system_status,
    getErrorCodeList => get_error_code_list,
    getApplicationList => get_application_list,
    getApplicationDetail => get_application_detail,
    lookupApplicationByAppKey => lookup_application_by_app_key,
    createApplication => create_application,
    createApplicationVersion => create_application_version,
    supportApplicationVersion => support_application_version,
    unsupportApplicationVersion => unsupport_application_version,
    listApplicationRoles => list_application_roles,
    addApplicationRoles => add_application_roles,
    updateApplicationRoles => update_application_roles,
    removeApplicationRoles => remove_application_roles,
    initActivation => init_activation,
    prepareActivation => prepare_activation,
    createActivation => create_activation,
    updateActivationOtp => update_activation_otp,
    updateActivationName => update_activation_name,
    commitActivation => commit_activation,
    getActivationStatus => get_activation_status,
    removeActivation => remove_activation,
    getActivationListForUser => get_activation_list_for_user,
    lookupActivations => lookup_activations,
    getActivationHistory => get_activation_history,
    blockActivation => block_activation,
    unblockActivation => unblock_activation,
    updateStatusForActivations => update_status_for_activations,
    listActivationFlags => list_activation_flags,
    addActivationFlags => add_activation_flags,
    updateActivationFlags => update_activation_flags,
    removeActivationFlags => remove_activation_flags,
    verifySignature => verify_signature,
    verifyECDSASignature => verify_ecdsa_signature,
    createPersonalizedOfflineSignaturePayload => create_personalized_offline_signature_payload,
    createNonPersonalizedOfflineSignaturePayload => create_non_personalized_offline_signature_payload,
    verifyOfflineSignature => verify_offline_signature,
    getSignatureAuditLog => get_signature_audit_log,
    createToken => create_token,
    validateToken => validate_token,
    removeToken => remove_token,
    vaultUnlock => vault_unlock,
    getEciesDecryptor => get_ecies_decryptor,
    startUpgrade => start_upgrade,
    commitUpgrade => commit_upgrade,
    createIntegration => create_integration,
    getIntegrationList => get_integration_list,
    removeIntegration => remove_integration,
    createTemporaryKey => create_temporary_key,
    createOperation => create_operation,
    operationDetail => operation_detail,
    findAllOperationsForUser => find_all_operations_for_user,
    findPendingOperationsForUser => find_pending_operations_for_user,
    findAllOperationsByExternalID => find_all_operations_by_external_id,
    cancelOperation => cancel_operation,
    approveOperation => approve_operation,
    failApproveOperation => fail_approve_operation,
    rejectOperation => reject_operation,
    createOperationTemplate => create_operation_template,
    getAllTemplates => get_all_templates,
    getTemplateDetail => get_template_detail,
    updateOperationTemplate => update_operation_template,
    removeOperationTemplate => remove_operation_template,
    createCallbackUrl => create_callback_url,
    updateCallbackUrl => update_callback_url,
    getCallbackUrlList => get_callback_url_list,
    removeCallbackUrl => remove_callback_url,
    createRecoveryCode => create_recovery_code,
    confirmRecoveryCode => confirm_recovery_code,
    lookupRecoveryCodes => lookup_recovery_codes,
    revokeRecoveryCodes => revoke_recovery_codes,
    getRecoveryConfig => get_recovery_config,
    updateRecoveryConfig => update_recovery_config,
    recoveryCodeActivation => recovery_code_activation,
    openActivationCredentials => open_activation_credentials,
    createActivationByCredentials => create_activation_by_credentials,
}

#[test]
fn every_row_has_a_method() {
    let rows = countersign::api::server::endpoints();
    let missing: Vec<&str> = rows
        .iter()
        .map(|row| row.name)
        .filter(|name| !NAMES.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    let unknown: Vec<_> = NAMES
        .iter()
        .filter(|name| rows.iter().all(|row| row.name != **name))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// The same through the dispatcher.
fn dispatched(ask: &Ask, store: Arc<MemoryStore>, town: &Town) -> Told {
    let answer = World::with(engine(), store, town.clock()).ask(ask);
    match answer.status {
        200 => Ok(answer.object()),
        _ => Err(answer.code()),
    }
}

#[test]
fn typed_answers_are_those_of_the_dispatcher() {
    let town = Town::build();
    let rows = countersign::api::server::endpoints();
    let (mut answers, mut refusals) = (0, 0);
    for ask in town.asks.iter().filter(|ask| ask.path.starts_with("/rest/v3/")) {
        let name = rows.iter().find(|row| row.path == ask.path).unwrap().name;
        let body: Value = serde_json::from_slice(&ask.body).unwrap();
        let object = &body["requestObject"];
        // The request as it is, and without each of its members.
        let mut requests = vec![object.clone()];
        for member in object.as_object().unwrap().keys() {
            let mut without = object.clone();
            without.as_object_mut().unwrap().remove(member);
            requests.push(without);
        }
        for object in requests {
            let mut ask = ask.clone();
            ask.body = json!({ "requestObject": object }).to_string().into_bytes();
            let (store, other) = (town.store(), Arc::new(town.store()));
            let told = typed(name, &object, &store, &town.clock());
            let mut expected = dispatched(&ask, Arc::clone(&other), &town);
            if let (Ok(answer), "getIntegrationList") = (&mut expected, name) {
                // Of the dispatcher: the tests' one is open to anybody.
                answer["restrictedAccess"] = json!(true);
            }
            assert_eq!(told, expected, "{name} {object}");
            assert!(store.records() == other.records(), "{name} leaves other records");
            match told {
                Ok(_) => answers += 1,
                Err(_) => refusals += 1,
            }
        }
    }
    println!("{answers} answers and {refusals} refusals are the same");
    assert!(answers > 75 && refusals > 100);
}
