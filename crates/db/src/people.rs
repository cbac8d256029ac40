//! Who reports to whom, and who leads what: for sums along the chain of managers and the tree of departments. What one may see of it is asked
//! elsewhere.

use model::Id;
use model::field::Kind;
use sea_query::{Expr, ExprTrait, Query};

use crate::columns::{decode_value, table};
use crate::{Error, Read, Row, dialect};

/// A person as he stands among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: Id,
    pub name: String,
    pub manager: Option<Id>,
    /// His primary department.
    pub department: Option<Id>,
    /// He works here, and is not in the recycle bin.
    pub active: bool,
}

/// A department with those who lead it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    pub id: Id,
    pub name: String,
    pub parent: Option<Id>,
    pub head: Option<Id>,
    pub assistants: Vec<Id>,
    pub voided: bool,
}

/// Which people are asked for.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    Everybody,
    These(&'a [Id]),
    /// Those whose manager is one of these.
    ReportingTo(&'a [Id]),
    /// Those whose primary department is one of these.
    In(&'a [Id]),
}

/// People, by their ids.
pub fn people(tx: &mut Read, which: Which<'_>) -> Result<Vec<Person>, Error> {
    let (column, ids) = match which {
        Which::Everybody => ("id", None),
        Which::These(ids) => ("id", Some(ids)),
        Which::ReportingTo(ids) => ("manager", Some(ids)),
        Which::In(ids) => ("department", Some(ids)),
    };
    let mut select = Query::select();
    select.columns(["id", "name", "manager", "department", "active", "lifecycle_status"]).from(table("employee"));
    let mut found = Vec::new();
    match ids {
        None => tx.all(&select)?.iter().try_for_each(|row| read(row).map(|person| found.push(person)))?,
        Some(ids) => {
            for chunk in ids.chunks(512) {
                let mut select = select.clone();
                select.and_where(Expr::col(column).is_in(dialect::padded(chunk).into_iter().map(|id| id.0)));
                tx.all(&select)?.iter().try_for_each(|row| read(row).map(|person| found.push(person)))?;
            }
        }
    }
    found.sort_unstable_by_key(|person| person.id);
    Ok(found)
}

fn read(row: &Row) -> Result<Person, Error> {
    let works = decode_value(Kind::Bool, row, 4).is_some_and(|value| value.is_true());
    Ok(Person {
        id: row.get(0)?,
        name: row.get::<Option<String>>(1)?.unwrap_or_default(),
        manager: row.get(2)?,
        department: row.get(3)?,
        active: works && row.get::<Option<String>>(5)?.as_deref() != Some("voided"),
    })
}

/// Every department.
pub fn departments(tx: &mut Read) -> Result<Vec<Department>, Error> {
    let mut select = Query::select();
    select.columns(["id", "name", "parent", "head", "assistants", "lifecycle_status"]).from(table("department"));
    let read = |row: &Row| {
        Ok(Department {
            id: row.get(0)?,
            name: row.get::<Option<String>>(1)?.unwrap_or_default(),
            parent: row.get(2)?,
            head: row.get(3)?,
            assistants: decode_value(Kind::Keys, row, 4).map_or_else(Vec::new, |value| value.ids()),
            voided: row.get::<Option<String>>(5)?.as_deref() == Some("voided"),
        })
    };
    tx.all(&select)?.iter().map(read).collect()
}
