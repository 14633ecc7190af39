//! Changes behind the engine's back: what only an imported database brings.

use countersign::client::DeviceState;
use countersign::model::activation::Activation;
use countersign::store::{Decision, Input, Machine, Operation, Step, Tx};
use serde_json::{Value, json};

use super::phone::Phone;
use super::world::{World, serve};

/// Changes the record of an activation.
pub fn tamper(world: &World, id: &str, change: impl Fn(&mut Activation) + Send) {
    let decide = |tx: &mut Tx<'_>| -> Decision<(), ()> {
        let mut activation = tx.get::<Activation>(id)?.unwrap();
        change(&mut activation);
        tx.put(&activation);
        Ok(Ok(()))
    };
    let mut machine = Machine::new(None, decide);
    let mut input = Input::Start;
    loop {
        input = match machine.step(input, &*world.host) {
            Step::Done(outcome) => return outcome.unwrap(),
            step => serve(&*world.store, step),
        };
    }
}

/// Turns an activation and its phone into ones of protocol 2, which have used the numeric counter up to
/// `counter`.
pub fn make_old(world: &World, phone: &mut Phone, counter: u64) {
    tamper(world, &phone.id(), |activation| {
        activation.version = Some(2);
        activation.counter_data = None;
        activation.counter = counter;
    });
    let mut state: Value = serde_json::from_str(&phone.device.to_state().to_json().unwrap()).unwrap();
    state["counter"] = json!({ "kind": "numeric", "value": counter });
    let state = DeviceState::from_json(&state.to_string()).unwrap();
    *phone = Phone::from_state(&state, counter, counter + 1_000);
}
