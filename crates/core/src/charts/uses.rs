//! Which charts a field or a role is used in, before it goes away.

use db::Read;
use model::{Id, Schema};

use super::store::{self, Kept};
use crate::Result;
use crate::views::Scope;

/// A chart that names something.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartUse {
    pub id: Id,
    pub name: String,
    /// The object whose records it draws.
    pub object: String,
    pub owner: Id,
    pub private: bool,
    /// `measure`, `group`, `series` or `filter`: the first of them that names the field; `sharing` of a role.
    pub path: &'static str,
}

impl ChartUse {
    fn of(chart: Kept, path: &'static str) -> ChartUse {
        ChartUse {
            id: chart.id,
            private: chart.document.sharing.scope == Scope::Private,
            object: chart.document.chart.object,
            name: chart.document.name,
            owner: chart.owner,
            path,
        }
    }
}

/// The charts, of anybody, that name `field` of `object`, across references too.
pub fn uses_of(tx: &mut Read, schema: &Schema, object: &str, field: &str) -> Result<Vec<ChartUse>> {
    let meant = (object.to_owned(), field.to_owned());
    let path = |chart: &Kept| {
        let drawn = &chart.document.chart;
        let own = drawn.named().find(|(_, named)| drawn.object == object && *named == field);
        own.map(|(place, _)| place).or_else(|| chart.names(schema).contains(&meant).then_some("filter"))
    };
    Ok(store::all(tx)?.into_iter().filter_map(|chart| path(&chart).map(|path| ChartUse::of(chart, path))).collect())
}

/// The charts that are shared with a role.
pub fn of_role(tx: &mut Read, role: &str) -> Result<Vec<ChartUse>> {
    let shared = |chart: &Kept| chart.document.sharing.roles.iter().any(|key| key == role);
    Ok(store::all(tx)?.into_iter().filter(shared).map(|chart| ChartUse::of(chart, "sharing")).collect())
}
