//! The visits of all deals, each a few bytes: one for each deal and stage, those of a deal side by side.

use std::ops::Range;

/// Leads nowhere.
const NOWHERE: u16 = u16::MAX;
/// Stands beside the number of a stage while the deal is there.
const OPEN: u16 = 1 << 15;
/// Slots that nobody uses any more are kept until they are this share of all.
const SPARE: usize = 4;

/// All visits of a deal to one stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Visit {
    /// The number of the stage.
    pub stage: u32,
    /// Microseconds of those that are over.
    pub micros: i64,
    /// One is still going on.
    pub open: bool,
    /// Where it went when it left the last time.
    pub to: Option<u32>,
}

/// Where a deal's visits stand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slots {
    first: u32,
    count: u16,
}

impl Slots {
    pub(super) fn is_empty(self) -> bool {
        self.count == 0
    }

    pub(super) fn range(self) -> Range<usize> {
        self.first as usize..self.first as usize + usize::from(self.count)
    }

    pub(super) fn len(self) -> usize {
        usize::from(self.count)
    }
}

#[derive(Debug, Default)]
pub(super) struct Visits {
    stage: Vec<u16>,
    to: Vec<u16>,
    micros: Vec<i64>,
    unused: usize,
}

impl Visits {
    /// What they take in memory.
    pub(super) fn bytes(&self) -> usize {
        self.stage.capacity() * size_of::<u16>() + self.to.capacity() * size_of::<u16>() + self.micros.capacity() * size_of::<i64>()
    }

    pub(super) fn get(&self, slot: usize) -> Visit {
        let (stage, to) = (self.stage[slot], self.to[slot]);
        Visit {
            stage: u32::from(stage & !OPEN),
            micros: self.micros[slot],
            open: stage & OPEN != 0,
            to: (to != NOWHERE).then_some(u32::from(to)),
        }
    }

    /// Writes a deal's visits in the place of those that it had; where they stand now.
    pub(super) fn put(&mut self, mut slots: Slots, visits: &[Visit]) -> Slots {
        let known = slots.len();
        if known < visits.len() {
            // Behind all others, where there is room for more.
            self.unused += known;
            slots.first = self.stage.len() as u32;
            let all = self.stage.len() + visits.len();
            self.stage.resize(all, 0);
            self.to.resize(all, NOWHERE);
            self.micros.resize(all, 0);
        } else {
            self.unused += known - visits.len();
        }
        slots.count = visits.len() as u16;
        for (slot, visit) in slots.range().zip(visits) {
            self.stage[slot] = visit.stage as u16 | if visit.open { OPEN } else { 0 };
            self.to[slot] = visit.to.map_or(NOWHERE, |to| to as u16);
            self.micros[slot] = visit.micros;
        }
        slots
    }

    /// Forgets a deal's visits.
    pub(super) fn remove(&mut self, slots: &mut Slots) {
        self.unused += slots.len();
        slots.count = 0;
    }

    /// True where moving the visits together is worth its while.
    pub(super) fn has_gaps(&self) -> bool {
        self.unused > 1024 && self.unused > self.stage.len() / SPARE
    }

    /// Moves the visits together.
    pub(super) fn close_gaps(&mut self, all: &mut [Slots]) {
        let order: Vec<usize> = all.iter().flat_map(|slots| slots.range()).collect();
        let mut next = 0;
        for slots in all {
            slots.first = next;
            next += u32::from(slots.count);
        }
        fn taken<T: Copy>(column: &[T], order: &[usize]) -> Vec<T> {
            order.iter().map(|slot| column[*slot]).collect()
        }
        self.stage = taken(&self.stage, &order);
        self.to = taken(&self.to, &order);
        self.micros = taken(&self.micros, &order);
        self.unused = 0;
    }

    /// Slots in all.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.stage.len()
    }
}
