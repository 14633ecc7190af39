//! Whether two classes of input take different times: the test of Reparaz, Balasch and Verbauwhede ("Dude, is my code
//! constant time?", 2017). Long measurements say more about the machine than about the code, so that the test is repeated
//! over those below each of a hundred percentiles.

use std::hint::black_box;
use std::time::Instant;

use countersign::store::simulated::Chance;

const CROPS: usize = 100;
/// Measurements that only say where the percentiles are.
const FIRST: usize = 10_000;
/// Inputs that are made at once.
const BATCH: usize = 512;
/// Measurements of a class below which a cropped test says nothing.
const ENOUGH: f64 = 500.0;

/// Mean and spread of one class (Welford).
#[derive(Clone, Copy, Default)]
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn push(&mut self, value: f64) {
        self.count += 1.0;
        let before = value - self.mean;
        self.mean += before / self.count;
        self.squares += before * (value - self.mean);
    }

    /// Variance of the mean.
    fn error(&self) -> f64 {
        self.squares / (self.count - 1.0) / self.count
    }
}

/// Welch's t-test between two classes.
#[derive(Clone, Copy, Default)]
pub struct Welch([Moments; 2]);

impl Welch {
    pub fn push(&mut self, class: usize, value: f64) {
        self.0[class].push(value);
    }

    /// |t|; none for too few measurements, or when all are the same.
    pub fn t(&self) -> Option<f64> {
        let [one, other] = self.0;
        let error = one.error() + other.error();
        let usable = one.count >= ENOUGH && other.count >= ENOUGH && error > 0.0;
        usable.then(|| ((one.mean - other.mean) / error.sqrt()).abs())
    }
}

/// What is measured: inputs of two classes as bytes of one length; what is made of those bytes before the time is taken; and
/// the call itself, which is repeated when it is shorter than the clock's step.
pub struct Subject<'a, I> {
    pub classes: &'a mut dyn FnMut(&mut Chance) -> [Vec<u8>; 2],
    pub build: &'a dyn Fn(&[u8]) -> I,
    pub repeats: u32,
}

impl<I> Subject<'_, I> {
    /// The largest |t| of all tests over `samples` measurements.
    pub fn measure<O>(mut self, samples: usize, seed: u64, call: impl Fn(&I) -> O) -> f64 {
        let mut dice = Chance::new(seed);
        let mut first = Vec::with_capacity(FIRST);
        self.times(FIRST, &mut dice, &call, |_, time| first.push(time));
        first.sort_by(f64::total_cmp);
        let percentile = |crop: usize| {
            let part = 1.0 - 0.5_f64.powf(10.0 * (crop + 1) as f64 / CROPS as f64);
            first[(part * (FIRST - 1) as f64) as usize]
        };
        let limits: Vec<f64> = (0..CROPS).map(percentile).collect();
        let mut whole = Welch::default();
        let mut cropped = vec![Welch::default(); CROPS];
        self.times(samples, &mut dice, &call, |class, time| {
            whole.push(class, time);
            for (test, limit) in cropped.iter_mut().zip(&limits) {
                if time < *limit {
                    test.push(class, time);
                }
            }
        });
        let all = cropped.iter().chain([&whole]).filter_map(Welch::t);
        all.fold(0.0, f64::max)
    }

    /// `samples` measurements in nanoseconds, each of a class drawn for it. Inputs are made long before they are measured,
    /// and lie one behind the other: how one of a class is made must not show in its time.
    fn times<O>(
        &mut self,
        samples: usize,
        dice: &mut Chance,
        call: &impl Fn(&I) -> O,
        mut each: impl FnMut(usize, f64),
    ) {
        let (mut inputs, mut drawn) = (Vec::new(), Vec::new());
        let mut left = samples;
        while left > 0 {
            inputs.clear();
            drawn.clear();
            for _ in 0..left.min(BATCH) {
                let class = (dice.draw() & 1) as usize;
                let made = (self.classes)(dice);
                assert_eq!(made[0].len(), made[1].len());
                inputs.extend_from_slice(&made[class]);
                drawn.push(class);
            }
            let length = inputs.len() / drawn.len();
            for (class, bytes) in drawn.iter().zip(inputs.chunks_exact(length)) {
                let input = (self.build)(bytes);
                let began = Instant::now();
                for _ in 0..self.repeats {
                    black_box(call(black_box(&input)));
                }
                each(*class, began.elapsed().as_nanos() as f64);
            }
            left -= drawn.len();
        }
    }
}
