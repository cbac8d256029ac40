//! Which views a field is used in, before it goes away.

use db::Read;
use model::{Id, Schema};

use super::{document::Scope, store};
use crate::Result;

/// A view that names a field.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewUse {
    pub id: Id,
    pub name: String,
    /// The object whose records it lists.
    pub object: String,
    pub owner: Id,
    pub private: bool,
    /// `filter`, `sort`, `group` or `columns`: the first of them that names the field; `sharing` of a role.
    pub path: &'static str,
}

/// The views, of anybody, that name `field` of `object`, in whichever place and across references too.
pub fn uses_of(tx: &mut Read, schema: &Schema, object: &str, field: &str) -> Result<Vec<ViewUse>> {
    let meant = (object.to_owned(), field.to_owned());
    let mut uses = Vec::new();
    for view in store::all(tx)? {
        let document = &view.document;
        let own = document.object == object;
        let path = if own && document.sort.as_deref().is_some_and(|sort| sort.strip_prefix('-').unwrap_or(sort) == field) {
            "sort"
        } else if own && document.group.as_deref() == Some(field) {
            "group"
        } else if view.chooses_by(schema).contains(&meant) {
            "filter"
        } else if own && document.columns.iter().any(|column| column == field) {
            "columns"
        } else {
            continue;
        };
        uses.push(ViewUse {
            id: view.id,
            name: document.name.clone(),
            object: document.object.clone(),
            owner: view.owner,
            private: document.sharing.scope == Scope::Private,
            path,
        });
    }
    Ok(uses)
}

/// The views that are shared with a role, or with which it begins.
pub fn of_role(tx: &mut Read, role: &str) -> Result<Vec<ViewUse>> {
    let begins = store::defaults(tx, None)?;
    let concerned = |view: &store::View| {
        let shared = view.document.sharing.roles.iter().any(|key| key == role);
        shared || begins.get(&view.id).is_some_and(|roles| roles.iter().any(|key| key == role))
    };
    let views = store::all(tx)?.into_iter().filter(concerned);
    Ok(views
        .map(|view| ViewUse {
            id: view.id,
            name: view.document.name,
            object: view.document.object,
            owner: view.owner,
            private: false,
            path: "sharing",
        })
        .collect())
}
