//! What happens to nodes, clocks, disk and network.

use super::*;

/// The weather of one history.
#[derive(Clone, Copy, Debug)]
pub struct Climate {
    pub faults: Faults,
    /// How far the clocks of the nodes may be off, in milliseconds.
    pub skew: u64,
    /// How often a node crashes before a step, in cases out of 1,000.
    pub node_crash: u16,
    /// How often hours pass, in cases out of 1,000 requests. Clocks that are off by more than a minute
    /// and a purge in between are more than replay protection stands.
    pub night: u16,
    /// How often a request or an answer gets lost, comes late or comes twice, each in cases out of 1,000.
    pub network: u16,
    /// How often something happens to the disk, in cases out of 1,000 steps.
    pub disk: u16,
}

/// The disk under the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disk {
    Well,
    /// Nothing can be written.
    Full,
    /// Nothing can be read or written.
    Broken,
    /// Nothing is read, and what is written may be there when it is back.
    Silent,
}

impl Climate {
    /// Nothing fails.
    pub const CALM: Self = Self {
        faults: Faults::none(),
        skew: 0,
        node_crash: 0,
        night: 10,
        network: 0,
        disk: 0,
    };

    /// One of several.
    pub(super) fn of(chance: &mut Chance) -> Self {
        let mild = Self {
            faults: Faults {
                failed_entropy: 3,
                ..Faults::rough()
            },
            skew: 20_000,
            node_crash: 5,
            night: 20,
            network: 25,
            disk: 3,
        };
        match chance.below(8) {
            0 => Self::CALM,
            1 | 2 => Self {
                skew: 1_800_000,
                node_crash: 15,
                night: 0,
                ..mild
            },
            _ => mild,
        }
    }

    /// Whether every request must be served.
    pub fn is_calm(&self) -> bool {
        self.faults == Faults::none() && self.node_crash == 0 && self.disk == 0
    }
}

impl World<'_> {
    /// Hours later: what may vanish does.
    pub fn night(&mut self) {
        self.tally.count(Count::Nights);
        self.pass(10_800_000);
        let dropped = self.store.purge_now(self.true_time, u32::MAX);
        self.note(&("purged", dropped));
    }

    /// Everything works from now on, and all clocks are right.
    pub fn heal(&mut self) {
        self.climate = Climate::CALM;
        self.disk = (Disk::Well, 0);
        for node in &mut self.nodes {
            node.offset = 0;
        }
    }

    pub(super) fn weather(&mut self) {
        if self.chance.hit(self.climate.faults.clock_jump) {
            let offset = self.some_offset();
            let node = self.chance.index(self.nodes.len());
            self.nodes[node].offset = offset;
            self.tally.count(Count::ClockJumps);
            self.note(&("clock of node", node, offset));
        }
        if self.true_time >= self.disk.1 && self.disk.0 != Disk::Well {
            self.disk.0 = Disk::Well;
            self.note(&"the disk is well");
        }
        if self.chance.hit(self.climate.disk) {
            let what = [Disk::Full, Disk::Broken, Disk::Silent][self.chance.index(3)];
            self.disk = (what, self.true_time + 50 + self.chance.below(600));
            self.note(&("the disk is", what));
        }
    }

    /// Whether the disk fails this call, and how.
    pub(super) fn disk_fails(&mut self, writes: bool) -> Option<StoreError> {
        let failed = || StoreError::NotApplied("simulated disk".into());
        let (what, error) = match self.disk.0 {
            Disk::Full if writes => (Count::DiskFull, failed()),
            Disk::Broken => (Count::DiskBroken, failed()),
            Disk::Silent if writes => (Count::DiskSilent, StoreError::Unknown("simulated disk".into())),
            Disk::Silent => (Count::DiskSilent, failed()),
            Disk::Well | Disk::Full => return None,
        };
        self.tally.count(what);
        self.note(&what);
        Some(error)
    }

    /// A node vanishes with all that it was doing, and comes back with the other key ring.
    pub(super) fn crash(&mut self, node: usize) {
        self.tally.count(Count::Crashes);
        let lost: Vec<usize> = self.moving.clone();
        for number in lost {
            if self.tasks[number].node != node {
                continue;
            }
            if let Some(State::Sent(batch)) = self.tasks[number].state.take()
                && self.chance.hit(500)
            {
                self.late.push((number, batch));
            }
            self.leave(number);
        }
        let number = usize::from(Arc::ptr_eq(&self.nodes[node].api, &self.apis()[0]));
        self.nodes[node] = self.node(number);
        self.note(&("crash of node", node));
    }
}
