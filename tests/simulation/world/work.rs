//! What workers of a node do.

use super::*;

/// An operation with its reply in another form.
pub(super) struct Told<O, F>(pub(super) O, pub(super) F);

impl<O: Operation, F: Fn(O::Reply) -> Reply> Operation for Told<O, F> {
    type Reply = Reply;

    fn lane(&self) -> Option<&str> {
        self.0.lane()
    }

    fn recalls(&self) -> bool {
        self.0.recalls()
    }

    fn step(&mut self, input: Input, host: &dyn Host) -> Step<Reply> {
        match self.0.step(input, host) {
            Step::Read(queries) => Step::Read(queries),
            Step::Commit(batch) => Step::Commit(batch),
            Step::Done(reply) => Step::Done((self.1)(reply)),
        }
    }
}

/// What a worker of a node does.
pub(super) fn work(api: &Arc<Api>, meaning: &Meaning) -> Box<dyn Operation<Reply = Reply>> {
    let engine = Arc::clone(api.engine());
    match meaning.clone() {
        Meaning::Lease(url) => {
            let from = outbox::Waiting {
                application: APPLICATION.to_owned(),
                url,
                since: 0,
            };
            let lease = move |tx: &mut Tx<'_>| outbox::lease(&engine, tx, &from, 10, LEASE);
            Box::new(Told(Machine::new(None, lease), |it: Result<_, _>| {
                it.map_or(Reply::Broken, Reply::Deliveries)
            }))
        }
        Meaning::Delivered(event) => {
            let delivered = move |tx: &mut Tx<'_>| outbox::delivered(&engine, tx, &event);
            Box::new(Told(Machine::new(None, delivered), |it: Result<_, _>| {
                it.map_or(Reply::Broken, Reply::News)
            }))
        }
        Meaning::Failed(event, until) => {
            let failed = move |tx: &mut Tx<'_>| outbox::failed(&engine, tx, &event, until);
            Box::new(Told(Machine::new(None, failed), |it: Result<_, _>| {
                it.map_or(Reply::Broken, |it| Reply::News(it != AfterFailure::Stale))
            }))
        }
        Meaning::Released(events, until) => {
            let released = move |tx: &mut Tx<'_>| outbox::released(&engine, tx, &events, until);
            Box::new(Told(Machine::new(None, released), |it: Result<_, _>| {
                it.map_or(Reply::Broken, Reply::Count)
            }))
        }
        Meaning::Expire => {
            let expire = move |tx: &mut Tx<'_>| expire::operations(&engine, tx, 10);
            Box::new(Told(Machine::new(None, expire), |it: Result<_, _>| {
                it.map_or(Reply::Broken, Reply::Count)
            }))
        }
        Meaning::ExpireActivations => {
            let expire = move |tx: &mut Tx<'_>| expire::activations(&engine, tx, 10);
            Box::new(Told(Machine::new(None, expire), |it: Result<_, _>| {
                it.map_or(Reply::Broken, Reply::Count)
            }))
        }
        Meaning::Keys(turn) => {
            let decide = move |tx: &mut Tx<'_>| keys::decide(&engine, tx, &turn);
            Box::new(Told(Machine::new(None, decide), |it: Result<_, _>| match it {
                Ok(news) => Reply::News(news),
                Err(Failure::Refused(_)) => Reply::Refused,
                Err(Failure::Fault(_)) => Reply::Broken,
            }))
        }
        other => panic!("{other:?} is no work"),
    }
}
