//! Calculated and statistical fields: what the product reckons from what people have entered.
//!
//! A calculated field follows from its own record and those that it refers to, a statistical one from the records that refer to it. Both
//! are settled in the transaction that changes what they follow from ([`after`]), so lists, rules and totals never see an old value;
//! only what follows for more than a thousand records is left to a job, as is reckoning older records when a definition changes
//! ([`filling`]). What is reckoned from what is the [`Plan`], made once for each version of the metadata. Everything that will be
//! touched is locked beforehand in one order ([`locks`]).

pub(crate) mod filling;
pub(crate) mod follow_ups;
mod formulas;
mod later;
pub(crate) mod locks;
mod plan;
pub(crate) mod rollups;
mod waves;

pub use filling::repair;
pub use follow_ups::repair_follow_ups;
pub use plan::{Calculated, Group, Item, Plan};

pub(crate) use formulas::{evaluate_all, moment, on_read, on_save, world};
pub(crate) use later::settle_formulas;
pub(crate) use waves::{after, bring_along, follows_amounts, people_moved, revalued};

/// What the product does to a record that nobody edited, as the history tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    RollUp,
    Recalculate,
}

impl Act {
    fn key(self) -> &'static str {
        match self {
            Act::RollUp => "roll_up",
            Act::Recalculate => "recalculate",
        }
    }
}
