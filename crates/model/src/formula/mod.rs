//! Formulas of calculated fields: `amount * win_rate / 100`, `if is_blank(next_step) { "none" } else { next_step }`.
//!
//! The grammar is rhai's (an expression alone, no statements); what the names and operators mean is settled here. A formula is
//! checked against a schema when it is saved, so that its shapes agree and every field is one that its author may know of.
//! What is left then is a small tree, worked out without a lookup by name: the same formula over the same data always gives the
//! same value, in bounded time, without a panic. docs/formulas.md is the language as administrators read it.

mod check;
mod days;
mod dependencies;
mod fault;
mod functions;
mod operand;
mod parse;
mod reckon;
mod settle;
mod shape;
mod tree;

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::condition::{Hop, World};
use crate::field::ResultType;
use crate::{Amount, Currency, Id, Instant, Record, Schema, Value, Violation, Violations};

pub use dependencies::{Dependencies, Node as DependencyNode};
pub use functions::{FunctionHelp, functions};
pub use parse::{MAX_DEPTH, MAX_LENGTH};

/// A formula that was checked. Made once for each version of the metadata; cheap to clone and to share.
#[derive(Clone, Debug)]
pub struct Formula(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    root: tree::Node,
    /// The fields that it reads, at the places which the tree knows them by.
    fields: Vec<(Path, shape::Shape)>,
    paths: BTreeSet<Path>,
    volatile: bool,
    result: ResultType,
}

/// A field that a formula reads, perhaps across references.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// At most three.
    pub hops: Vec<Hop>,
    /// The object that holds the field: that of the last hop, else the formula's own.
    pub object: String,
    /// Its key, or `id`.
    pub field: String,
}

/// What a formula may know beside the record.
#[derive(Clone, Debug)]
pub struct Moment {
    pub now: Instant,
    /// The organisation's time zone: days begin in it.
    pub zone: TimeZone,
    /// Who is looking; `None` where the product itself does.
    pub me: Option<Id>,
    /// The main currency: plain numbers that stand for money are amounts in it.
    pub main: Currency,
}

/// What a formula came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    pub value: Value,
    /// Of money: the amount in the main currency, for the companion that is kept beside it. Reckoned with the amounts of the
    /// fields that went in, so it follows their rates, the frozen ones of a closed deal too.
    pub main: Option<Amount>,
    /// Why the value is blank although nothing was missing: `formula.division_by_zero` …
    pub note: Option<Violation>,
}

impl Formula {
    /// Checks a formula for a field of `object`. Fields that `schema` does not hold are unknown.
    ///
    /// Errors, all with the path `formula` and mostly with the place (`from`, `to`: characters from 0): `formula.syntax`,
    /// `formula.unknown_field`, `formula.unknown_function`, `formula.arguments`, `formula.type`, `formula.result_type`,
    /// `formula.too_long`, `formula.too_deep`.
    pub fn compile(source: &str, object: &str, schema: &Schema, result: ResultType) -> Result<Formula, Violations> {
        let ast = parse::parsed(source).map_err(|violation| vec![violation])?;
        let mut check = check::Check::new(source, object, schema);
        let whole = match ast.statements() {
            [one] => check.statement(one)?,
            _ => return Err(vec![parse::syntax("this has no place in a formula")]),
        };
        let wanted = shape::Shape::of_result(result);
        if !whole.shape.goes_for(&wanted) {
            let violation = Violation::new("formula.result_type", "formula").with("expected", wanted.name());
            return Err(vec![violation.with("found", whole.shape.name()).with("from", whole.from).with("to", whole.to)]);
        }
        let paths = check.paths.iter().map(|(path, _)| path.clone()).collect();
        Ok(Formula(Arc::new(Inner { root: whole.node, fields: check.paths, paths, volatile: check.volatile, result })))
    }

    /// The fields that it reads. `id` is among them where it is asked for, though it never changes.
    pub fn paths(&self) -> &BTreeSet<Path> {
        &self.0.paths
    }

    /// True when its value changes without any record changing (`now`, `today`, `me`): such a field cannot be indexed.
    pub fn is_volatile(&self) -> bool {
        self.0.volatile
    }

    /// What its values are.
    pub fn result(&self) -> ResultType {
        self.0.result
    }

    /// Its value for one record. What lies behind references is looked for in `world`; what is not there reads as blank.
    /// Calculated fields that it reads must have been set in the records before: see [`Dependencies::order`].
    pub fn evaluate(&self, record: &Record, world: &World, moment: &Moment) -> Evaluated {
        let reckoning = reckon::Reckoning::new(record, world, &self.0.fields, moment);
        let settled = reckoning.value(&self.0.root).and_then(|value| settle::settled(value, self.0.result, moment.main));
        match settled {
            Ok((value, main)) => Evaluated { value, main, note: None },
            Err(fault) => Evaluated { value: Value::Null, main: None, note: Some(fault.note()) },
        }
    }
}
