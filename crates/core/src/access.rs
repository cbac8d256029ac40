//! Access: what a person's roles let him do, what he may know of, what he may change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use db::{Read, Row};
use model::condition::Reading;
use model::role::{Act, FieldAccess, Role};
use model::{Base, Field, Id, Object, Record, Schema, Value};
use sea_query::{Expr, ExprTrait, Query};

use crate::identity::Scopes;
use crate::{Ctx, Error, Result};

/// Figures that tell what they are drawn from: who may not know the one may not know the other.
const DRAWN_FROM: [(&str, &str, &[&str]); 13] = [
    ("opportunity", "forecast_amount", &["amount", "win_rate"]),
    ("opportunity", "analysis_amount", &["amount", "win_rate", "closing_win_rate"]),
    ("opportunity", "closing_win_rate", &["win_rate"]),
    ("opportunity", "stage_type", &["stage"]),
    ("opportunity", "stage_entered_at", &["stage"]),
    ("opportunity", "stage_due_at", &["stage"]),
    ("opportunity", "process_version", &["sales_process", "stage"]),
    ("opportunity_line", "amount", &["price", "quantity", "discount"]),
    ("opportunity_line", "list_amount", &["list_price", "price", "quantity"]),
    ("quote_line", "amount", &["price", "quantity", "discount"]),
    ("quote_line", "list_amount", &["list_price", "price", "quantity"]),
    ("sales_order_line", "amount", &["price", "quantity", "discount"]),
    ("sales_order_line", "list_amount", &["list_price", "price", "quantity"]),
];

/// Every reckoned field with all that it is drawn from, both by object and key.
pub type Sources = BTreeMap<(String, String), BTreeSet<(String, String)>>;

/// True for a field that tells what one of these is.
pub(crate) fn draws_from(sources: &Sources, object: &str, field: &str, hidden: &[String]) -> bool {
    let reckoned = sources.get(&(object.to_owned(), field.to_owned())).into_iter().flatten();
    let drawn = DRAWN_FROM.iter().filter(|(of, figure, _)| *of == object && *figure == field).flat_map(|(_, _, from)| from.iter());
    reckoned
        .filter(|(of, _)| of == object)
        .map(|(_, from)| from.as_str())
        .chain(drawn.copied())
        .any(|from| hidden.iter().any(|key| key == from))
}

/// The rights of one person: his roles together, the highest right counts (D100).
#[derive(Clone, Debug, Default)]
pub struct Rights {
    pub administrator: bool,
    pub see_all: bool,
    /// Reads the trace of everything.
    pub reads_audit: bool,
    roles: Vec<Role>,
    everything: bool,
    /// What a token is limited to.
    scopes: Option<Arc<Scopes>>,
    /// Whoever may not know a field may not know what is reckoned from it.
    sources: Arc<Sources>,
    /// Figures that would tell what a pool hides, by object and key.
    untold: BTreeSet<(String, String)>,
}

impl Rights {
    /// The rights of these roles.
    pub fn of(roles: Vec<Role>, sources: Arc<Sources>) -> Rights {
        let (administrator, see_all) = (roles.iter().any(|r| r.administrator), roles.iter().any(|r| r.see_all));
        let reads_audit = roles.iter().any(|role| role.reads_audit);
        Rights { administrator, see_all, reads_audit, roles, sources, ..Rights::default() }
    }

    /// Every right: the product itself.
    pub fn everything() -> Rights {
        Rights { administrator: true, see_all: true, reads_audit: true, everything: true, ..Rights::default() }
    }

    /// As [`Rights::everything`], on behalf of somebody: what he is let off goes on by his own roles.
    #[must_use]
    pub(crate) fn on_behalf(&self) -> Rights {
        Rights { roles: self.roles.clone(), scopes: self.scopes.clone(), ..Rights::everything() }
    }

    /// The same rights, without these figures.
    #[must_use]
    pub(crate) fn without(self, untold: BTreeSet<(String, String)>) -> Rights {
        Rights { untold, ..self }
    }

    /// The same rights, as far as a token's scopes reach.
    #[must_use]
    pub fn within(self, scopes: Arc<Scopes>) -> Rights {
        let reads_audit = self.reads_audit && (scopes.read_all() || scopes.admin());
        Rights { administrator: self.administrator && scopes.admin(), reads_audit, scopes: Some(scopes), ..self }
    }

    /// True unless a token's scopes stand against the act.
    fn in_scope(&self, act: Act, object: &str) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.allow(act, object))
    }

    /// The roles themselves.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// True when a role allows the act on the object.
    pub fn may(&self, act: Act, object: &str) -> bool {
        let by_role = || self.roles.iter().filter_map(|role| role.rights(object)).any(|rights| rights.acts.contains(&act));
        // The product itself has no reason to go over a limit.
        (self.everything && act != Act::HoldingExempt) || (self.in_scope(act, object) && by_role())
    }

    /// Every act that a role allows on the object.
    pub fn acts(&self, object: &str) -> BTreeSet<Act> {
        let by_role = self.roles.iter().filter_map(|role| role.rights(object)).flat_map(|rights| rights.acts.iter().copied());
        by_role.filter(|act| self.in_scope(*act, object)).collect()
    }

    /// What one may know and do of a field.
    pub fn field(&self, object: &str, field: &Field) -> FieldAccess {
        if self.everything {
            return FieldAccess::Write;
        }
        // Nobody is shown what is still being reckoned for the first time.
        if !field.state.is_live() {
            return FieldAccess::Hidden;
        }
        if field.is_reckoned() {
            let figure = (object.to_owned(), field.key.clone());
            let untold = |source: &(String, String)| self.hides(&source.0, &source.1) || self.untold.contains(source);
            if self.untold.contains(&figure) || self.sources.get(&figure).is_some_and(|sources| sources.iter().any(untold)) {
                return FieldAccess::Hidden;
            }
        }
        self.by_roles(object, &field.key)
    }

    /// True where no role lets one know of the field.
    fn hides(&self, object: &str, field: &str) -> bool {
        field != "id" && self.by_roles(object, field) == FieldAccess::Hidden
    }

    fn by_roles(&self, object: &str, field: &str) -> FieldAccess {
        let drawn = DRAWN_FROM.iter().find(|(of, figure, _)| *of == object && *figure == field);
        let of_role = |role: &Role| match role.rights(object) {
            Some(rights) if rights.acts.contains(&Act::Read) => {
                let of = |key: &str| rights.fields.get(key).copied().unwrap_or(FieldAccess::Write);
                let sources = drawn.into_iter().flat_map(|(_, _, sources)| sources.iter());
                sources.map(|source| of(source)).fold(of(field), std::cmp::min)
            }
            _ => FieldAccess::Hidden,
        };
        let most = self.scopes.as_ref().map_or(FieldAccess::Write, |scopes| scopes.most(object));
        self.roles.iter().map(of_role).max().unwrap_or(FieldAccess::Hidden).min(most)
    }
}

impl Ctx {
    /// The object, if the caller's roles let him read it; else it is not there.
    pub fn object(&self, key: &str) -> Result<&Object> {
        let object = self.meta.schema.object(key).ok_or(Error::NotFound)?;
        if self.who.rights.may(Act::Read, key) { Ok(object) } else { Err(Error::NotFound) }
    }

    /// Refuses an act which no role allows.
    pub fn must_be_allowed(&self, act: Act, object: &str) -> Result<()> {
        if self.who.rights.may(act, object) {
            Ok(())
        } else {
            Err(Error::Forbidden { act: act.key().to_owned(), object: object.to_owned() })
        }
    }

    /// The schema with only the fields that the caller may know of.
    pub fn seen_schema(&self) -> Schema {
        if self.who.system.is_some() {
            return self.meta.schema.clone();
        }
        let rights = &self.who.rights;
        self.meta.schema.seen_through(|object, field| rights.field(&object.key, field) > FieldAccess::Hidden)
    }

    /// How a condition of this caller is read. `schema` is what he may know of, `subordinates` the people below him.
    pub fn reading<'a>(&'a self, schema: &'a Schema, subordinates: &'a [Id]) -> Reading<'a> {
        Reading {
            schema,
            me: self.who.system.is_none().then_some(self.who.id),
            my_department: self.who.department,
            subordinates,
            departments: &self.meta.departments,
            now: self.at,
            calendar: &self.meta.calendar,
            rates: &self.meta.rates,
        }
    }

    /// How the conditions of rules are read: unrestricted, and without a "me".
    pub fn system_reading(&self) -> Reading<'_> {
        Reading { me: None, my_department: None, ..self.reading(&self.meta.schema, &[]) }
    }
}

/// The people below the caller.
pub fn subordinates(cx: &Ctx, tx: &mut Read) -> Result<Vec<Id>> {
    let rows = tx.all(
        Query::select()
            .column("owner")
            .from("sees")
            .and_where(Expr::col("viewer").eq(cx.who.id.0))
            .and_where(Expr::col("owner").ne(cx.who.id.0)),
    )?;
    rows.iter().map(|row: &Row| row.get::<Id>("owner").map_err(Error::from)).collect()
}

/// Which of these records, all of one object and all visible to the caller, he may also change (spec/01, Access 2): those of his own and of
/// people below him, those given to him to write, and those whose parent he may change.
pub fn writable(cx: &Ctx, tx: &mut Read, object: &Object, records: &[&Record]) -> Result<BTreeSet<Id>> {
    writable_through(cx, tx, object, records, &mut Vec::new())
}

/// How far rights are taken from parents' parents, as sight is.
pub(crate) const DEPTH: usize = db::scope::DEPTH;

/// As [`writable`], for the parents of records; `path` are the objects on the way, as in the scope.
fn writable_through(cx: &Ctx, tx: &mut Read, object: &Object, records: &[&Record], path: &mut Vec<String>) -> Result<BTreeSet<Id>> {
    if records.is_empty() || path.contains(&object.key) {
        return Ok(BTreeSet::new());
    }
    // Records without an owner of their own that belong to nothing follow the role's acts alone (products, departments).
    let open = object.base == Base::PublicWrite || !object.owned && object.lender().is_none();
    if cx.who.system.is_some() || cx.who.rights.see_all || open {
        return Ok(records.iter().map(|r| r.id).collect());
    }
    let mut may = BTreeSet::new();
    if object.owned {
        own_or_below(cx, tx, records, &mut may)?;
        given_to_write(cx, tx, object, records, &mut may)?;
    }
    path.push(object.key.clone());
    if let Some(field) = object.lender().filter(|_| path.len() < DEPTH) {
        let rest: Vec<&Record> = records.iter().filter(|record| !may.contains(&record.id)).copied().collect();
        may.extend(through_parent(cx, tx, field, &rest, path)?);
    }
    path.pop();
    Ok(may)
}

/// Records that the caller owns, or somebody below him.
fn own_or_below(cx: &Ctx, tx: &mut Read, records: &[&Record], may: &mut BTreeSet<Id>) -> Result<()> {
    let me = cx.who.id;
    may.extend(records.iter().filter(|record| record.owner() == Some(me)).map(|record| record.id));
    let owners: BTreeSet<Id> = records.iter().filter_map(|record| record.owner()).filter(|owner| *owner != me).collect();
    if owners.is_empty() {
        return Ok(());
    }
    let below = Query::select()
        .column("owner")
        .from("sees")
        .and_where(Expr::col("viewer").eq(me.0))
        .and_where(Expr::col("owner").is_in(owners.iter().map(|id| id.0)))
        .to_owned();
    let below = ids(&tx.all(&below)?, "owner")?;
    may.extend(records.iter().filter(|record| record.owner().is_some_and(|owner| below.contains(&owner))).map(|record| record.id));
    Ok(())
}

/// Of the others, those given to the caller, his departments or groups, to write.
fn given_to_write(cx: &Ctx, tx: &mut Read, object: &Object, records: &[&Record], may: &mut BTreeSet<Id>) -> Result<()> {
    let rest: Vec<Id> = records.iter().filter(|record| !may.contains(&record.id)).map(|record| record.id).collect();
    if rest.is_empty() {
        return Ok(());
    }
    let granted = Query::select()
        .distinct()
        .column("record")
        .from("grant_to")
        .and_where(Expr::col("object").eq(object.key.as_str()))
        .and_where(Expr::col("record").is_in(rest.iter().map(|id| id.0)))
        .and_where(Expr::col("level").eq("read_write"))
        .and_where(Expr::col("principal").is_in(cx.who.viewer.principals.iter().map(|id| id.0)))
        .to_owned();
    may.extend(ids(&tx.all(&granted)?, "record")?);
    Ok(())
}

fn through_parent(cx: &Ctx, tx: &mut Read, field: &Field, records: &[&Record], path: &mut Vec<String>) -> Result<BTreeSet<Id>> {
    let parents = parents(cx, tx, field, records.iter().filter_map(|record| parent(field, record)))?;
    let mut writable = BTreeSet::new();
    for (object, parents) in parents {
        writable.extend(writable_through(cx, tx, &object, &parents.iter().collect::<Vec<_>>(), path)?);
    }
    Ok(records.iter().filter(|r| parent(field, r).is_some_and(|(_, p)| writable.contains(&p))).map(|r| r.id).collect())
}

/// What a record belongs to by this field: a reference to one object, or to any.
pub(crate) fn parent(field: &Field, record: &Record) -> Option<(String, Id)> {
    parent_in(field, record.get(&field.key))
}

/// As [`parent`], of a value.
pub(crate) fn parent_in(field: &Field, value: &Value) -> Option<(String, Id)> {
    match (value, field.kind.target()) {
        (Value::Ref(id), Some(target)) => Some((target.to_owned(), *id)),
        (Value::Regarding { object, id }, _) => Some((object.clone(), *id)),
        _ => None,
    }
}

/// The records of these that the caller sees, with their objects.
pub(crate) fn parents(
    cx: &Ctx,
    tx: &mut Read,
    field: &Field,
    wanted: impl Iterator<Item = (String, Id)>,
) -> Result<Vec<(Arc<Object>, Vec<Record>)>> {
    let mut by_object: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    for (object, id) in wanted {
        by_object.entry(object).or_default().insert(id);
    }
    let mut found = Vec::with_capacity(by_object.len());
    for (key, ids) in by_object {
        let Some(object) = cx.meta.schema.object(&key).cloned() else {
            // What any record may be need not be there any more.
            if field.kind.target().is_some() {
                return Err(Error::NotFound);
            }
            continue;
        };
        let records = db::records::load(tx, &cx.meta.schema, &object, &cx.scope(), &ids.into_iter().collect::<Vec<_>>())?;
        found.push((object, records));
    }
    Ok(found)
}

fn ids(rows: &[Row], column: &str) -> Result<BTreeSet<Id>> {
    rows.iter().map(|row| row.get::<Id>(column).map_err(Error::from)).collect()
}

/// Department ids from `id` up to the root, `id` first.
pub fn department_chain(parents: &BTreeMap<Id, Option<Id>>, id: Option<Id>) -> Vec<Id> {
    let mut chain = Vec::new();
    let mut at = id;
    while let Some(here) = at {
        if chain.contains(&here) {
            break;
        }
        chain.push(here);
        at = parents.get(&here).copied().flatten();
    }
    chain
}
