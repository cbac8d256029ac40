//! How far down a list in the order of time one has come.

use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Value};

/// What comes next, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound<K = Id> {
    /// Before an instant.
    Before(Instant),
    /// At it too.
    UpTo(Instant),
    /// Before it, and at it behind this one.
    Behind(Instant, K),
}

/// What tells apart what happened at one instant.
pub trait Key {
    /// As it is compared.
    fn compared(self) -> Value;
}

impl Key for Id {
    fn compared(self) -> Value {
        self.0.into()
    }
}

/// A revision.
impl Key for i64 {
    fn compared(self) -> Value {
        self.into()
    }
}

impl<K: Key> Bound<K> {
    /// True for rows with this instant and key.
    pub fn met(self, at: Expr, key: Expr) -> Expr {
        match self {
            Bound::Before(instant) => at.lt(instant.0),
            Bound::UpTo(instant) => at.lte(instant.0),
            Bound::Behind(instant, other) => Expr::tuple([at, key]).lt(Expr::tuple([Expr::val(instant.0), Expr::val(other.compared())])),
        }
    }
}
