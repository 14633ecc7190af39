//! Lanes and the async driver.
#![allow(
    clippy::await_holding_refcell_ref,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test"
)]
#![cfg(feature = "driver")]

mod store_toy;

use std::cell::RefCell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use countersign::store::driver::drive;
use countersign::store::lane::{Lanes, Turn};
use countersign::store::{
    Answer, Batch, Commit, Failure, Fault, Fut, Machine, MemoryStore, Operation, Query, Store, StoreError,
};
use store_toy::{No, Still, increment};

const NOW: u64 = 1_700_000_000_000;

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn turn<'a>(future: Pin<&mut impl Future<Output = Turn<'a>>>) -> Turn<'a> {
    match poll(future) {
        Poll::Ready(turn) => turn,
        Poll::Pending => panic!("it is not its turn"),
    }
}

#[test]
fn turns_follow_the_order_of_arrival() {
    let lanes = Lanes::new();
    let first = turn(pin!(lanes.enter("a")));
    let mut waiting: Vec<_> = (0..20).map(|_| Box::pin(lanes.enter("a"))).collect();
    for future in &mut waiting {
        assert!(poll(future.as_mut()).is_pending());
    }
    assert_eq!(lanes.len(), 1);
    let mut holder = first;
    for number in 0..waiting.len() {
        drop(holder);
        // Whoever asks first gets nothing unless it is the oldest.
        for later in waiting.iter_mut().skip(number + 1).rev() {
            assert!(poll(later.as_mut()).is_pending());
        }
        assert!(
            poll(pin!(lanes.enter("a"))).is_pending(),
            "a newcomer does not push in"
        );
        holder = turn(waiting[number].as_mut());
    }
    drop(holder);
    drop(waiting);
    assert!(lanes.is_empty());
}

#[test]
fn lanes_do_not_wait_for_each_other() {
    let lanes = Lanes::new();
    let a = turn(pin!(lanes.enter("a")));
    let b = turn(pin!(lanes.enter("b")));
    assert_eq!(lanes.len(), 2);
    drop(a);
    assert_eq!(lanes.len(), 1);
    drop(b);
    assert_eq!(lanes.len(), 0);
}

#[test]
fn giving_up_leaves_nothing_behind() {
    // Never polled, polled once while waiting, and woken but not polled again.
    for (polled, woken) in [(false, false), (true, false), (true, true)] {
        let lanes = Lanes::new();
        let holder = turn(pin!(lanes.enter("a")));
        let mut quitter = Box::pin(lanes.enter("a"));
        let mut next = Box::pin(lanes.enter("a"));
        if polled {
            assert!(poll(quitter.as_mut()).is_pending());
        }
        assert!(poll(next.as_mut()).is_pending());
        if woken {
            drop(holder);
            drop(quitter);
        } else {
            drop(quitter);
            drop(holder);
        }
        drop(turn(next.as_mut()));
        drop(next);
        assert!(lanes.is_empty(), "polled {polled}, woken {woken}");
    }
    // The last one in a lane gives up after it was woken.
    let lanes = Lanes::new();
    let holder = turn(pin!(lanes.enter("a")));
    let mut quitter = Box::pin(lanes.enter("a"));
    assert!(poll(quitter.as_mut()).is_pending());
    drop(holder);
    assert_eq!(lanes.len(), 1);
    drop(quitter);
    assert!(lanes.is_empty());
}

#[test]
fn one_at_a_time_from_many_threads() {
    let (lanes, inside, most, turns) = (
        Lanes::new(),
        AtomicUsize::new(0),
        AtomicUsize::new(0),
        AtomicUsize::new(0),
    );
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (lanes, inside, most, turns) = (&lanes, &inside, &most, &turns);
            scope.spawn(move || {
                for round in 0..200 {
                    if (thread + round) % 5 == 0 {
                        // Some give up at once.
                        drop(poll(pin!(lanes.enter("a"))));
                        continue;
                    }
                    pollster::block_on(async {
                        let _turn = lanes.enter("a").await;
                        most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        turns.fetch_add(1, Ordering::SeqCst);
                        inside.fetch_sub(1, Ordering::SeqCst);
                    });
                }
            });
        }
    });
    assert_eq!(most.load(Ordering::SeqCst), 1);
    assert_eq!(turns.load(Ordering::SeqCst), 8 * 160);
    assert!(lanes.is_empty());
}

/// A store that needs a few polls for every call, so that operations really interleave.
#[derive(Default)]
struct Slow {
    store: MemoryStore,
    conflicts: AtomicUsize,
}

async fn pause() {
    for _ in 0..2 {
        let mut first = true;
        std::future::poll_fn(|context| {
            if std::mem::take(&mut first) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
    }
}

impl Store for Slow {
    fn read<'a>(&'a self, queries: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async move {
            pause().await;
            let answers = self.store.read_now(queries);
            pause().await;
            Ok(answers)
        })
    }
    fn commit<'a>(&'a self, batch: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async move {
            pause().await;
            let outcome = self.store.commit_now(batch);
            if outcome != Commit::Applied {
                self.conflicts.fetch_add(1, Ordering::Relaxed);
            }
            pause().await;
            Ok(outcome)
        })
    }
}

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Polls all of them in turn until all are done.
fn run_all<T>(mut futures: Vec<Pin<Box<dyn Future<Output = T> + '_>>>) -> Vec<T> {
    let waker = Waker::from(Arc::new(Count::default()));
    let mut results = Vec::new();
    while !futures.is_empty() {
        futures.retain_mut(
            |future| match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(value) => {
                    results.push(value);
                    false
                }
                Poll::Pending => true,
            },
        );
    }
    results
}

fn attack(lane: Option<&str>, callers: u64) -> (Vec<Result<u64, Failure<No>>>, usize) {
    let (store, lanes, host) = (Slow::default(), Lanes::new(), Still::new(NOW));
    let operations: Vec<_> = (0..callers)
        .map(|who| {
            let machine = Machine::new(lane.map(str::to_owned), move |tx| increment(tx, "c", who, true));
            RefCell::new(machine)
        })
        .collect();
    let futures = operations
        .iter()
        .map(|machine| -> Pin<Box<dyn Future<Output = _> + '_>> {
            Box::pin(async { drive(&mut *machine.borrow_mut(), &store, &lanes, &host).await })
        });
    let replies = run_all(futures.collect());
    assert!(lanes.is_empty());
    (replies, store.conflicts.load(Ordering::Relaxed))
}

#[test]
fn a_lane_spares_its_operations_every_conflict() {
    let (replies, conflicts) = attack(Some("c"), 64);
    let replies: Vec<u64> = replies.into_iter().map(Result::unwrap).collect();
    assert_eq!(replies, (1..=64).collect::<Vec<_>>(), "in the order of arrival");
    assert_eq!(conflicts, 0);
    let (mut replies, conflicts) = attack(None, 64);
    replies.sort_by_key(|reply| reply.clone().unwrap_or(0));
    let replies: Vec<u64> = replies.into_iter().map(Result::unwrap).collect();
    assert_eq!(replies, (1..=64).collect::<Vec<_>>());
    assert!(conflicts > 64, "without a lane they collide: {conflicts}");
}

#[test]
fn a_dropped_operation_frees_its_lane() {
    let (store, lanes, host) = (Slow::default(), Lanes::new(), Still::new(NOW));
    for polls in 0..12 {
        let mut machine = Machine::new(Some("c".into()), |tx| increment(tx, "c", 1, true));
        let mut future = Box::pin(drive(&mut machine, &store, &lanes, &host));
        for _ in 0..polls {
            if poll(future.as_mut()).is_ready() {
                break;
            }
        }
        drop(future);
        assert!(lanes.is_empty(), "after {polls} polls");
    }
    let mut last = Machine::new(Some("c".into()), |tx| increment(tx, "c", 2, true));
    pollster::block_on(drive(&mut last, &store, &lanes, &host)).unwrap();
}

struct Broken;

impl Store for Broken {
    fn read<'a>(&'a self, _: &'a [Query]) -> Fut<'a, Result<Vec<Answer>, StoreError>> {
        Box::pin(async { Err(StoreError::NotApplied("down".into())) })
    }
    fn commit<'a>(&'a self, _: &'a Batch) -> Fut<'a, Result<Commit, StoreError>> {
        Box::pin(async { Err(StoreError::Unknown("down".into())) })
    }
}

#[test]
fn a_broken_store_ends_in_a_fault() {
    let (lanes, host) = (Lanes::new(), Still::new(NOW));
    let mut machine = Machine::new(Some("c".into()), |tx| increment(tx, "c", 1, true));
    let reply = pollster::block_on(drive(&mut machine, &Broken, &lanes, &host));
    assert!(matches!(reply, Err(Failure::Fault(Fault::Store(_)))), "{reply:?}");
    assert_eq!(
        pollster::block_on(Broken.purge(1, 1)),
        Ok(0),
        "purging is optional"
    );
}

#[test]
fn futures_may_move_between_threads() {
    fn assert_send<T: Send>(value: T) -> T {
        value
    }
    let (store, lanes, host) = (MemoryStore::new(), Lanes::new(), Still::new(NOW));
    let mut machine = Machine::new(Some("c".into()), |tx| increment(tx, "c", 1, true));
    let future = assert_send(drive(&mut machine, &store, &lanes, &host));
    assert_eq!(pollster::block_on(future), Ok(1));
    let mut boxed: Box<dyn Operation<Reply = Result<u64, Failure<No>>> + Send> =
        Box::new(Machine::new(None, |tx| increment(tx, "c", 1, true)));
    let future = assert_send(drive(&mut *boxed, &store, &lanes, &host));
    assert_eq!(pollster::block_on(future), Ok(2));
    drop(assert_send(lanes.enter("a")));
    drop(assert_send(store.read(&[])));
    assert!(lanes.is_empty());
}
