//! Which requests are traced: those whose caller says so in `traceparent` (W3C Trace Context), and some of the others.

use std::time::{Duration, SystemTime};

use axum::http::HeaderMap;
use tokio::sync::mpsc;

const TRACEPARENT: &str = "traceparent";

/// What is to be known about a request while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    pub(super) trace: [u8; 16],
    pub(super) parent: Option<[u8; 8]>,
    pub(super) span: [u8; 8],
}

/// A request that was answered.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(super) context: Context,
    pub(super) endpoint: &'static str,
    pub(super) method: &'static str,
    pub(super) status: u16,
    pub(super) started: SystemTime,
    pub(super) took: Duration,
}

/// Takes spans, and never waits.
pub(crate) struct Traces {
    sender: mpsc::Sender<Span>,
    percent: u8,
}

impl Traces {
    pub(super) fn new(sender: mpsc::Sender<Span>, percent: u8) -> Self {
        Self { sender, percent }
    }

    /// A request begins; none when it is not traced.
    pub(crate) fn begin(&self, headers: &HeaderMap) -> Option<Context> {
        let mut random = [0; 25];
        getrandom::fill(&mut random).ok()?;
        self.decide(headers.get(TRACEPARENT).and_then(|it| it.to_str().ok()), random)
    }

    fn decide(&self, traceparent: Option<&str>, random: [u8; 25]) -> Option<Context> {
        let (trace, rest) = random.split_first_chunk::<16>()?;
        let (span, rest) = rest.split_first_chunk::<8>()?;
        match traceparent.and_then(read) {
            Some((trace, parent, sampled)) => sampled.then_some(Context {
                trace,
                parent: Some(parent),
                span: *span,
            }),
            None => {
                let chosen = u32::from(*rest.first()?) * 100 < u32::from(self.percent) * 256;
                chosen.then_some(Context {
                    trace: *trace,
                    parent: None,
                    span: *span,
                })
            }
        }
    }

    /// A traced request was answered; answers whether that will be told.
    pub(crate) fn end(
        &self,
        context: Context,
        (endpoint, method, status): (&'static str, &'static str, u16),
        took: Duration,
    ) -> bool {
        let now = SystemTime::now();
        let span = Span {
            context,
            endpoint,
            method,
            status,
            started: now.checked_sub(took).unwrap_or(now),
            took,
        };
        self.sender.try_send(span).is_ok()
    }
}

/// Trace, parent, and whether it is sampled. Later versions begin in the same way.
fn read(text: &str) -> Option<([u8; 16], [u8; 8], bool)> {
    let mut parts = text.split('-');
    let version = bytes::<1>(parts.next()?)?;
    let trace = bytes::<16>(parts.next()?)?;
    let parent = bytes::<8>(parts.next()?)?;
    let [flags] = bytes::<1>(parts.next()?)?;
    let known = version == [0] && parts.next().is_none() || version != [0] && version != [0xff];
    let named = trace != [0; 16] && parent != [0; 8];
    (known && named).then_some((trace, parent, flags & 1 == 1))
}

/// Exactly `N` bytes from lower-case hexadecimal digits.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    if text.len() != 2 * N {
        return None;
    }
    let mut found = [0; N];
    for (byte, pair) in found.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn the_caller_decides_if_it_does() {
        let (sender, _receiver) = mpsc::channel(1);
        let random = |last: u8| {
            let mut random = [7; 25];
            random[24] = last;
            random
        };
        let traces = Traces::new(sender, 50);
        let sampled = format!("00-{TRACE}-00f067aa0ba902b7-01");
        let context = traces.decide(Some(&sampled), random(255)).unwrap();
        assert_eq!((context.trace[0], context.trace[15]), (0x4b, 0x36));
        assert_eq!(
            context.parent,
            Some([0, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7])
        );
        assert_eq!(context.span, [7; 8]);
        let not = format!("00-{TRACE}-00f067aa0ba902b7-00");
        assert_eq!(traces.decide(Some(&not), random(0)), None);
        let later = format!("01-{TRACE}-00f067aa0ba902b7-01-more");
        assert!(traces.decide(Some(&later), random(255)).is_some());
        // What is none is as if it were not there.
        for wrong in [
            "",
            "00",
            &format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            &format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            &format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            &format!("00-{TRACE}-0000000000000000-01"),
            &format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            &format!("00-{TRACE}-00f067aa0ba902b-01"),
        ] {
            assert_eq!(traces.decide(Some(wrong), random(128)), None, "{wrong}");
            let own = traces.decide(Some(wrong), random(127)).unwrap();
            assert_eq!((own.trace, own.parent), ([7; 16], None), "{wrong}");
        }
    }

    #[test]
    fn the_share_is_kept_and_nothing_waits() {
        let (sender, mut receiver) = mpsc::channel(3);
        for (percent, expected) in [(0, 0), (50, 128), (100, 256)] {
            let traces = Traces::new(sender.clone(), percent);
            let chosen = (0..=255).filter(|last| {
                let mut random = [1; 25];
                random[24] = *last;
                traces.decide(None, random).is_some()
            });
            assert_eq!(chosen.count(), expected, "{percent}");
        }
        let traces = Traces::new(sender, 100);
        let told = (0..5).filter(|_| {
            let context = traces.begin(&HeaderMap::new()).unwrap();
            traces.end(context, ("verify", "POST", 200), Duration::from_millis(3))
        });
        assert_eq!(told.count(), 3);
        assert_eq!(receiver.try_recv().unwrap().status, 200);
    }
}
