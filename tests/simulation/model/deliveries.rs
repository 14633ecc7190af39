//! Callbacks: leased, delivered, failed, given back.

use super::*;

impl Model {
    pub(super) fn lease(&mut self, url: &str, now: u64, drawn: &Drawn) -> Effect {
        let mut effect = Effect::said(Said {
            status: 200,
            ..Said::default()
        });
        for id in drawn.events.keys() {
            let Some(event) = self.events.get_mut(id) else {
                continue;
            };
            if event.state != EventState::Pending || event.due > now || event.url != url {
                continue;
            }
            effect.writes = true;
            if event.attempts < DELIVERIES {
                event.attempts += 1;
                event.due = now + LEASE;
                effect.said.events.push(id.clone());
            } else {
                event.state = EventState::Dead;
            }
        }
        effect
    }

    pub(super) fn delivered(&mut self, event: &str) -> Effect {
        let event = self.events.get_mut(event);
        let news = event.is_some_and(|event| {
            std::mem::replace(&mut event.state, EventState::Delivered) != EventState::Delivered
        });
        Effect::news(news)
    }

    pub(super) fn failed(&mut self, id: &str, until: u64, now: u64, drawn: &Drawn) -> Effect {
        let event = self.events.get_mut(id);
        let Some(event) = event.filter(|it| it.is_leased(until)) else {
            return Effect::news(false);
        };
        if event.attempts < DELIVERIES {
            // Up to a quarter longer, by chance.
            let pause = (2_000 << (event.attempts - 1)).min(3_600_000);
            let due = drawn.events.get(id).copied().unwrap_or_default();
            event.due = due.clamp(now + pause, now + pause + pause / 4);
        } else {
            event.state = EventState::Dead;
        }
        Effect::news(true)
    }

    pub(super) fn released(&mut self, events: &[String], until: u64, now: u64) -> Effect {
        let mut count = 0;
        for id in events {
            if let Some(event) = self.events.get_mut(id).filter(|it| it.is_leased(until)) {
                event.attempts -= 1;
                event.due = now.min(until - 1);
                count += 1;
            }
        }
        Effect {
            writes: count > 0,
            said: Said {
                status: 200,
                count: Some(count),
                ..Said::default()
            },
            ..Effect::default()
        }
    }
}

impl Event {
    pub(super) fn is_leased(&self, until: u64) -> bool {
        self.state == EventState::Pending && self.due == until
    }
}
