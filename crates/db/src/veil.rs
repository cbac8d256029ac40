//! Fields that are blank to a person while a record lies in a pool without an owner. What he reads goes through [`Writer::from`], whose rows
//! have blanks in their place, so that no list, order, condition, sum or name tells what stands there.

use std::collections::{BTreeMap, BTreeSet};

use model::pool::FIELD;
use model::{Id, Object, Record};
use sea_query::{CaseStatement, Expr, ExprTrait, Query, SelectStatement};

use crate::columns::{HEAD, fields, of_field, table};
use crate::condition::Writer;
use crate::records::Scope;

/// The fields that are blank in one pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Veil {
    pub pool: Id,
    pub fields: BTreeSet<String>,
}

/// By object.
pub type Veils = BTreeMap<String, Vec<Veil>>;

impl<'a> Scope<'a> {
    /// What is blank to whoever reads records of an object.
    pub fn veils(&self, object: &str) -> &'a [Veil] {
        match self {
            Scope::Of(viewer) => viewer.veils.get(object).map_or(&[], Vec::as_slice),
            Scope::All(_) => &[],
        }
    }

    /// The fields of this record that are blank to whoever reads it.
    pub fn covered(&self, record: &Record) -> Option<&'a BTreeSet<String>> {
        let veils = self.veils(&record.object);
        if veils.is_empty() || record.owner().is_some() {
            return None;
        }
        let pool = record.get(FIELD).as_text()?.parse::<Id>().ok()?;
        veils.iter().find(|veil| veil.pool == pool).map(|veil| &veil.fields)
    }

    /// Blanks what is not to be read.
    pub fn cover(&self, records: &mut [Record]) {
        for record in records {
            if let Some(covered) = self.covered(record) {
                blank(record, covered);
            }
        }
    }
}

/// Blanks these fields of a record.
pub fn blank(record: &mut Record, fields: &BTreeSet<String>) {
    for field in fields {
        record.set(field, model::Value::Null);
        record.mains.remove(field);
    }
}

impl Writer<'_> {
    /// Rows of an object under a name: those of its table, or with blanks where something is covered to whoever reads.
    pub fn from(&self, select: &mut SelectStatement, object: &Object, alias: impl Into<String>) {
        match self.veiled(object) {
            Some(rows) => select.from_subquery(rows, alias.into()),
            None => select.from_as(table(&object.key), alias.into()),
        };
    }

    /// The rows with their blanks; none where nothing is covered.
    pub fn veiled(&self, object: &Object) -> Option<SelectStatement> {
        const INNER: &str = "v";
        let veils = self.scope.veils(&object.key);
        if veils.is_empty() {
            return None;
        }
        let mut rows = Query::select();
        for name in HEAD {
            rows.column((INNER, name));
        }
        for field in fields(object) {
            let pools: Vec<Id> = veils.iter().filter(|veil| veil.fields.contains(&field.key)).map(|veil| veil.pool).collect();
            for (name, _) in of_field(field) {
                if pools.is_empty() {
                    rows.column((INNER, name));
                } else {
                    let blank = CaseStatement::new().case(lies_in(&pools, INNER), Expr::cust("NULL"));
                    rows.expr_as(blank.finally(Expr::col((INNER, name.clone()))), name);
                }
            }
        }
        Some(rows.from_as(table(&object.key), INNER).to_owned())
    }

    /// Where a text that stands beside the row may be read: `field` names it.
    pub fn uncovered(&self, object: &Object, alias: &str, field: &Expr) -> Option<Expr> {
        let veils = self.scope.veils(&object.key).iter().filter(|veil| !veil.fields.is_empty());
        let open = |veil: &Veil| {
            let another = field.clone().is_not_in(veil.fields.iter().map(String::as_str));
            another.or(lies_in(&[veil.pool], alias).not())
        };
        veils.map(open).reduce(|a, b| a.and(b))
    }
}

/// True for rows without an owner in one of these pools, and false for all others.
fn lies_in(pools: &[Id], alias: &str) -> Expr {
    let column = |name: &'static str| Expr::col((alias.to_owned(), name));
    // Written into the statement, since the same expression stands in several places of it. An id is letters and digits.
    let among = pools.iter().map(|pool| Expr::cust(format!("'{pool}'")));
    column("owner").is_null().and(column(FIELD).is_not_null()).and(column(FIELD).is_in(among))
}
