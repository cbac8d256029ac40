//! What somebody owns: per object, opportunities that are open and closed apart.

use std::collections::BTreeMap;
use std::sync::Arc;

use db::Read;
use db::records::{Bin, Grouping, Query, Scope, Sort};
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::role::{Act, FieldAccess};
use model::{Id, Object, Value};
use serde_json::{Value as Json, json};

use crate::records::Refs;
use crate::{Ctx, Result, approvals, processes};

/// Records read in one statement.
const PAGE: u32 = 5_000;

/// Some of an object's records: those that are open, those that are closed, or all where nothing closes.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub object: Arc<Object>,
    pub part: &'static str,
}

impl Part {
    /// Every object whose records have owners who go on working with them, in the order of navigation.
    pub fn all(cx: &Ctx) -> Vec<Part> {
        let owned = cx.meta.order.iter().filter_map(|key| cx.meta.schema.object(key)).filter(|object| object.owned);
        // What somebody has done stays what he has done.
        let owned = owned.filter(|object| object.key != model::objects::activity::KEY);
        owned
            .flat_map(|object| {
                let parts: &[&str] = if processes::concerns(object) { &["open", "closed"] } else { &["all"] };
                parts.iter().map(|part| Part { object: object.clone(), part })
            })
            .collect()
    }

    /// Those of these owners.
    fn of(&self, owners: &[Id]) -> Resolved {
        let test = |field: &str, kind: Kind, check: Check| {
            Resolved::Test(Test { hops: Vec::new(), field: field.to_owned(), kind, folded: false, check })
        };
        let owners = test("owner", Kind::Ref, Check::In(owners.iter().copied().map(Value::Ref).collect()));
        match self.part {
            "open" => Resolved::All(vec![owners, test("closed_at", Kind::Instant, Check::Empty)]),
            "closed" => Resolved::All(vec![owners, test("closed_at", Kind::Instant, Check::NotEmpty)]),
            _ => owners,
        }
    }

    /// Their ids, the oldest first, one more than `most` at most; the recycle bin's are not among them.
    pub fn ids(&self, cx: &Ctx, tx: &mut Read, owner: Id, scope: &Scope<'_>, most: usize) -> Result<Vec<Id>> {
        let (condition, mut ids, mut cursor) = (self.of(&[owner]), Vec::new(), None);
        loop {
            let sort = Sort { field: "id".into(), descending: false };
            let query = Query { condition: Some(&condition), words: None, sort, cursor, limit: PAGE, bin: Bin::Out };
            let (page, next) = db::records::ids(tx, &cx.meta.schema, &self.object, scope, &query)?;
            ids.extend(page);
            cursor = next;
            if cursor.is_none() || ids.len() > most {
                return Ok(ids);
            }
        }
    }

    /// How many of them an owner has.
    pub fn count(&self, cx: &Ctx, tx: &mut Read, owner: Id, scope: &Scope<'_>) -> Result<i64> {
        Ok(db::records::count(tx, &cx.meta.schema, &self.object, scope, Some(&self.of(&[owner])), None, Bin::Out)?)
    }

    /// How many of them each of these people has.
    pub fn counts(&self, cx: &Ctx, tx: &mut Read, owners: &[Id], scope: &Scope<'_>) -> Result<BTreeMap<Id, i64>> {
        if owners.is_empty() {
            return Ok(BTreeMap::new());
        }
        let grouping = Grouping { field: "owner", amounts: &[], numbers: &[], limit: 10_000 };
        let groups = db::records::groups(tx, &cx.meta.schema, &self.object, scope, Some(&self.of(owners)), None, &grouping)?;
        Ok(groups.into_iter().filter_map(|group| Some((group.value.as_id()?, group.count))).collect())
    }

    /// Whether its owner may be somebody who no longer works here: what is closed is done.
    pub fn may_stay(&self) -> bool {
        self.part == "closed"
    }
}

/// `GET /people/{id}`: where a person stands and what he owns, as far as the caller may see it.
pub fn person(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let employee = cx.object("employee")?.clone();
    let person = crate::records::load(cx, tx, &employee, id)?;
    let knows = |object: &str, key: &str| {
        let object = cx.meta.schema.object(object).filter(|object| cx.who.rights.may(Act::Read, &object.key));
        object
            .and_then(|object| object.field(key).map(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden))
            .unwrap_or(false)
    };
    let mut refs = Refs::default();
    let mut owns = Vec::new();
    for part in
        Part::all(cx).iter().filter(|part| knows(&part.object.key, "owner") && (part.part == "all" || knows(&part.object.key, "closed_at")))
    {
        let count = part.count(cx, tx, id, &cx.scope())?;
        owns.push(json!({"object": part.object.key, "part": part.part, "count": count}));
    }
    let reports = if knows("employee", "manager") { super::reports(cx, tx, id, &cx.scope())? } else { Vec::new() };
    let shown = |ids: &[Id]| ids.iter().map(Id::to_string).collect::<Vec<_>>();
    reports.iter().for_each(|report| refs.note("employee", *report));
    let principals = crate::people::belongs_to(cx.meta.tree(), &cx.meta.groups, &person);
    let groups: Vec<Id> = cx.meta.groups.iter().map(|group| group.id).filter(|group| principals.contains(group)).collect();
    let groups = if knows("user_group", "members") { groups } else { Vec::new() };
    groups.iter().for_each(|group| refs.note("user_group", *group));
    let (heads, assists) = if knows("department", "head") { super::leads(cx, tx, id)? } else { Default::default() };
    heads.iter().chain(&assists).for_each(|department| refs.note("department", *department));
    refs.note_record(cx, &employee, &person);
    // Who they name is their administrators' to know.
    let flows = if cx.is_administrator() { approvals::uses::told(approvals::uses::of_person(&cx.meta.flows, id)) } else { Vec::new() };
    Ok(json!({
        "person": id.to_string(), "owns": owns, "reports": shown(&reports), "groups": shown(&groups), "heads": shown(&heads),
        "assists": shown(&assists), "approval_flows": flows, "refs": refs.names(cx, tx)?,
    }))
}
