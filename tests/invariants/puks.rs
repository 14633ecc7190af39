//! Wrong PUKs are counted and a right one is used once, however many callers try at the same time.

use countersign::client::Application;
use countersign::crypto::backend::RustCrypto;
use countersign::crypto::key::KeyPair;
use countersign::crypto::version::ProtocolVersion;
use countersign::model::recovery::{PukStatus, RecoveryCode, RecoveryCodeStatus};
use serde_json::json;

use crate::crowd::{CALLERS, Way, on_each};
use crate::support::records::get;
use crate::support::recovery::{Printed, application_secret, everything, layer2, merged, printed};
use crate::support::{Answer, Ask, Dice, Factors, Phone, World};
use countersign::crypto::code;

const LIMIT: usize = 5;
const WRONG: &str = "0000000000";

struct Bank<'a> {
    world: &'a World,
    application: Application,
    secret: String,
    printer: KeyPair,
    phone: Phone,
}

impl<'a> Bank<'a> {
    fn new(world: &'a World) -> Self {
        let application = world.application("bank", ProtocolVersion::V3_2);
        let printer = KeyPair::generate(&RustCrypto, &mut Dice::new(50)).unwrap();
        let settings = merged(
            everything("bank", &printer),
            &json!({ "allowMultipleRecoveryCodes": true }),
        );
        world.rest("/recovery/config/update", &settings).ok();
        Self {
            secret: application_secret(world, "bank"),
            phone: Phone::activate(world, &application, "joe", 51),
            application,
            printer,
            world,
        }
    }

    /// A confirmed postcard.
    fn card(&mut self, count: usize) -> Printed {
        let request = json!({ "applicationId": "bank", "userId": "joe", "pukCount": count });
        let created = self.world.rest("/recovery/create", &request).ok();
        let config = json!({ "applicationId": "bank" });
        let config = self.world.rest("/recovery/config/detail", &config).ok();
        let card = printed(&self.printer, &config, &created);
        let code = code::RecoveryCode::parse(&card.code).unwrap();
        let now = self.world.now();
        let call = self.phone.with(Factors::Pin, |device, authentication, rng| {
            device
                .confirm_recovery(&code, authentication, now, rng)
                .unwrap()
                .assume_saved()
        });
        assert_eq!(self.world.send(&call.request).status, 200);
        card
    }

    /// A request of its own for each caller: what is limited is the PUK, not the envelope.
    fn asks(&self, card: &Printed, puk: &str) -> Vec<Ask> {
        let own = json!({ "recoveryCode": card.code, "puk": puk, "generateRecoveryCodes": false });
        let mut rng = Dice::new(card.id.unsigned_abs());
        let mut ask = || {
            let now = self.world.now();
            let (request, ..) = layer2(&self.application, &self.secret, now, &json!({}), &mut rng);
            Ask::rest("/activation/recovery/create", &merged(request, &own))
        };
        (0..CALLERS).map(|_| ask()).collect()
    }

    fn record(&self, card: &Printed) -> RecoveryCode {
        get(&*self.world.store, &card.id.to_string()).unwrap()
    }
}

/// All at the same moment.
fn together(world: &World, way: Way, asks: &[Ask]) -> Vec<Answer> {
    let start = std::sync::Barrier::new(asks.len());
    std::thread::scope(|scope| {
        let send = |ask| {
            start.wait();
            way.ask(world, ask)
        };
        let calls: Vec<_> = asks.iter().map(|ask| scope.spawn(move || send(ask))).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    })
}

/// How many answers have this code; the empty one is for positive answers.
fn count(answers: &[Answer], code: &str) -> usize {
    answers.iter().filter(|answer| answer.code() == code).count()
}

#[test]
fn parallel_wrong_puks_are_counted() {
    for way in [Way::Lanes, Way::NoLanes] {
        on_each(|name, world| {
            let mut bank = Bank::new(&world);
            let card = bank.card(2);
            let answers = together(&world, way, &bank.asks(&card, WRONG));
            let record = bank.record(&card);
            assert_eq!(record.failed_attempts, 5);
            assert_eq!(record.status, RecoveryCodeStatus::Blocked);
            let states: Vec<PukStatus> = record.puks.iter().map(|puk| puk.status).collect();
            assert_eq!(states, [PukStatus::Invalid, PukStatus::Valid]);
            let evaluated = count(&answers, "ERR_RECOVERY") + count(&answers, "ERR0028");
            assert_eq!((evaluated, count(&answers, "ERR0028")), (LIMIT, 1));
            assert_eq!(count(&answers, "ERR0024"), CALLERS - LIMIT);
            println!("{name}, {way:?}: {CALLERS} wrong PUKs, {LIMIT} evaluated");
        });
    }
}

#[test]
fn a_puk_is_accepted_once() {
    for way in [Way::Lanes, Way::NoLanes] {
        on_each(|name, world| {
            let mut bank = Bank::new(&world);
            let card = bank.card(2);
            let answers = together(&world, way, &bank.asks(&card, &card.puks[0]));
            assert_eq!(count(&answers, ""), 1);
            let record = bank.record(&card);
            // The others came too late: for the PUK that was current then, theirs was wrong.
            assert_eq!(record.puks[0].status, PukStatus::Used);
            assert_eq!(record.failed_attempts, 5);
            let evaluated = count(&answers, "ERR_RECOVERY") + count(&answers, "ERR0028");
            assert_eq!(evaluated, LIMIT);
            assert_eq!(count(&answers, "ERR0024"), CALLERS - LIMIT - 1);
            println!("{name}, {way:?}: a PUK by {CALLERS} callers, accepted once");
        });
    }
}
