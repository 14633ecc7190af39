//! How often one address may ask.
//!
//! A fixed table of places, chosen by a keyed hash of the address: whoever calls from many addresses fills no memory, and
//! cannot choose whom to share a place with. Addresses that meet in one place share its rate. Of IPv6 the network of 64 bits
//! counts, which one caller has to itself.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use countersign::engine::callback::reach::Network;

use super::proxies;

/// In half a megabyte.
const PLACES: u16 = 65_535;

/// Options of rates.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Rates")]
pub(crate) struct RateOptions {
    /// Requests per second that one address may make in the long run; more are answered with 429. Default: any number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rate_limit: Option<u32>,

    /// Requests that one address may make at once, after a pause.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rate_burst: u32,

    /// Callers without a limit, such as the back ends, as address or network; may be repeated.
    #[arg(long, value_name = "NET", value_delimiter = ',', value_parser = proxies::network)]
    rate_exempt: Vec<Network>,
}

/// Who has asked how often.
#[derive(Debug)]
pub(crate) struct Rates {
    /// For each place, when all that was asked there would be paid off: nanoseconds since the start.
    places: Box<[AtomicU64]>,
    hasher: RandomState,
    started: Instant,
    /// What one request costs, in nanoseconds.
    cost: u64,
    /// What may be owed.
    credit: u64,
    exempt: Vec<Network>,
}

impl Rates {
    /// None when there is no limit.
    pub(crate) fn new(options: &RateOptions) -> Option<Self> {
        let cost = 1_000_000_000 / u64::from(options.rate_limit?);
        Some(Self {
            places: (0..PLACES).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::new(),
            started: Instant::now(),
            cost,
            credit: cost.saturating_mul(u64::from(options.rate_burst)),
            exempt: options.rate_exempt.clone(),
        })
    }

    /// Counts a request; when it is one too many, answers how long to wait.
    pub(crate) fn ask(&self, address: IpAddr) -> Result<(), Duration> {
        let now = u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.ask_at(address, now)
    }

    fn ask_at(&self, address: IpAddr, now: u64) -> Result<(), Duration> {
        if self.exempt.iter().any(|network| network.contains(address)) {
            return Ok(());
        }
        let Some(place) = self.places.get(self.place(address)) else {
            return Ok(());
        };
        let asked = place.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |paid_off| {
            let paid_off = paid_off.max(now).saturating_add(self.cost);
            (paid_off - now <= self.credit).then_some(paid_off)
        });
        asked.map(drop).map_err(|paid_off| {
            let owed = paid_off.saturating_sub(now).saturating_add(self.cost);
            Duration::from_nanos(owed.saturating_sub(self.credit))
        })
    }

    fn place(&self, address: IpAddr) -> usize {
        let hash = self.hasher.hash_one(proxies::customer(address));
        usize::try_from(hash % u64::from(PLACES)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn rates(limit: u32, burst: u32) -> Rates {
        let options = RateOptions {
            rate_limit: Some(limit),
            rate_burst: burst,
            rate_exempt: vec![proxies::network("10.0.0.0/8").unwrap()],
        };
        Rates::new(&options).unwrap()
    }

    fn taken(rates: &Rates, address: &str, now: u64, asked: usize) -> usize {
        let address: IpAddr = address.parse().unwrap();
        (0..asked).filter(|_| rates.ask_at(address, now).is_ok()).count()
    }

    #[test]
    fn a_burst_and_then_the_rate() {
        let rates = rates(10, 5);
        assert_eq!(taken(&rates, "192.0.2.1", 0, 50), 5);
        let wait = rates.ask_at("192.0.2.1".parse().unwrap(), 0).unwrap_err();
        assert_eq!(wait, Duration::from_millis(100));
        assert_eq!(taken(&rates, "192.0.2.1", SECOND / 10, 50), 1);
        let through: usize = (1..=100_u64)
            .map(|tick| taken(&rates, "192.0.2.1", SECOND / 10 + tick * SECOND / 50, 3))
            .sum();
        assert_eq!(through, 20);
        // After a pause a burst again, and no more than that.
        assert_eq!(taken(&rates, "192.0.2.1", 100 * SECOND, 50), 5);
        assert_eq!(taken(&rates, "10.9.9.9", 0, 50), 50);
    }

    #[test]
    fn networks_of_ipv6_count_as_one_caller() {
        let rates = rates(10, 5);
        assert_eq!(taken(&rates, "2001:db8::1", 0, 3), 3);
        assert_eq!(taken(&rates, "2001:db8::ffff:1", 0, 9), 2);
        let others = (0..20).filter(|n| taken(&rates, &format!("2001:db8:0:{n:x}1::1"), 0, 9) == 5);
        assert!(others.count() >= 18);
    }

    #[test]
    fn threads_get_no_more_together() {
        let rates = rates(1, 100);
        let address: IpAddr = "192.0.2.1".parse().unwrap();
        let taken: usize = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..1_000).filter(|_| rates.ask_at(address, 0).is_ok()).count()))
                .collect();
            callers.into_iter().map(|it| it.join().unwrap()).sum()
        });
        assert_eq!(taken, 100);
    }
}
