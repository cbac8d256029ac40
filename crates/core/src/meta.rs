//! The metadata as of one version: objects, processes, roles, settings, rates, the department tree.
//!
//! Every transaction learns the version in its first round trip and loads the metadata again when it differs, so a new rule
//! holds for the next save on every server at once (core rule 5).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use db::{Db, Read, Row, Write};
use model::approval::Flow;
use model::condition::Reading;
use model::field::{Choice, FieldType, State};
use model::money::Rates;
use model::objects::lines::CURRENCY;
use model::organisation::Organisation;
use model::pool::Pool;
use model::process::{Earlier, Process};
use model::role::{ADMINISTRATOR, Role};
use model::time::Calendar;
use model::{Id, Label, Object, Schema};
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::access::Sources;
use crate::holding::Holding;
use crate::identity::settings::{self, SignIn};
use crate::people::{Group, Tree};
use crate::reckoning::Plan;
use crate::{Ctx, Error, Result, approvals, calendars, duplicates, leads, mail, pools, processes, sharing};

/// What all requests of one version share.
pub struct Meta {
    pub version: i64,
    /// The objects and fields in use: live ones, and those being filled, which are kept and shown to nobody.
    pub schema: Schema,
    /// Every definition, put aside or not, in the order of navigation.
    pub definitions: Vec<Object>,
    /// What is reckoned from what.
    pub plan: Plan,
    /// Every reckoned field with what it is drawn from.
    pub sources: Arc<Sources>,
    /// Object keys in the order of navigation.
    pub order: Vec<String>,
    pub organisation: Organisation,
    /// How one signs in.
    pub sign_in: SignIn,
    /// How e-mail leaves the house; none: none is sent.
    pub mail: Option<mail::Way>,
    /// How the organisation counts its days.
    pub calendar: Calendar,
    /// When it works: business calendars, the organisation's first.
    pub calendars: Vec<calendars::Kept>,
    pub rates: Rates,
    /// Sales processes by precedence.
    pub processes: Vec<Process>,
    /// Their earlier versions, as far as deals still obey them.
    pub earlier: BTreeMap<Id, Earlier>,
    pub roles: Vec<Role>,
    /// Sharing rules in force, by object.
    pub sharing: BTreeMap<String, Vec<sharing::Live>>,
    /// Who gets leads that nobody has: the rules in force, in their order.
    pub(crate) lead_rules: Vec<leads::rules::Live>,
    /// When a record counts as one that there is already: the rules in force.
    pub(crate) duplicate_rules: Vec<duplicates::Live>,
    /// Each department's parent; those in the recycle bin too, since closed deals stay in them.
    pub departments: BTreeMap<Id, Option<Id>>,
    /// Departments in the recycle bin.
    pub voided_departments: BTreeSet<Id>,
    /// User groups that are not in the recycle bin.
    pub groups: Vec<Group>,
    /// Who must agree to what: every flow, topmost first.
    pub(crate) flows: Vec<Arc<Flow>>,
    /// Objects whose records were to be given to somebody by approvals that ran when this version began: by flows that may be gone since.
    pub(crate) given_before: BTreeSet<String>,
    /// Every pool, active or not, by name.
    pub pools: Vec<Pool>,
    /// Who may have how much.
    pub holding: Holding,
    /// What follows in the database itself from every write of a record.
    pub followed: Arc<db::followed::Followed>,
}

impl Meta {
    /// Loads everything in the given transaction.
    pub fn load(tx: &mut Read) -> Result<Meta> {
        let organisation = organisation(tx)?;
        let sign_in = settings::load(tx)?;
        let mut objects: Vec<Object> = Vec::new();
        for row in tx.all(Query::select().column("doc").from("object_def").order_by("position", Order::Asc).order_by("key", Order::Asc))? {
            objects.push(doc(&row)?);
        }
        let mut roles = tx.all(Query::select().column("doc").from("role"))?.iter().map(doc).collect::<Result<Vec<Role>>>()?;
        model::role::shown(&mut roles);
        offer_roles(&mut objects, &roles);
        let pools = pools::load(tx)?;
        offer_pools(&mut objects, &pools);
        let mut rates = Rates::new(organisation.main_currency);
        for row in tx.all(Query::select().columns(["currency", "day", "rate"]).from("currency_rate"))? {
            let currency = row.get::<String>("currency")?.parse().map_err(|()| Error::Internal("a rate of an unknown currency".into()))?;
            let day = row.get::<String>("day")?.parse().map_err(|_| Error::Internal("a rate of an unreadable day".into()))?;
            rates.set(currency, day, model::Number(row.get::<i64>("rate")?));
        }
        offer_currencies(&mut objects, &organisation, &rates);
        let schema = in_use(&objects);
        let order = objects.iter().filter(|o| schema.object(&o.key).is_some()).map(|o| o.key.clone()).collect();
        let departments = match schema.object("department") {
            Some(department) => db::records::all_references(tx, department, "parent")?.into_iter().collect(),
            None => BTreeMap::new(),
        };
        let voided_departments = match schema.object("department") {
            Some(department) => db::records::all_in_bin(tx, department)?.into_iter().collect(),
            None => BTreeSet::new(),
        };
        let groups = Group::load(tx, &schema)?;
        let in_order = tx
            .all(Query::select().column("doc").from("process").order_by("precedence", Order::Asc).order_by("id", Order::Asc))?
            .iter()
            .map(doc)
            .collect::<Result<Vec<Process>>>()?;
        let calendar = organisation.calendar();
        let reading = Reading {
            schema: &schema,
            me: None,
            my_department: None,
            subordinates: &[],
            departments: &departments,
            now: tx.now(),
            calendar: &calendar,
            rates: &rates,
        };
        let sharing = sharing::load(tx, &reading)?;
        let lead_rules = leads::rules::load(tx, &reading)?;
        let duplicate_rules = duplicates::load(tx, &reading)?;
        let parts = duplicates::index::load(tx, &schema)?;
        let holding = Holding::load(tx, &reading)?;
        let followed = db::followed::Followed { parts, country: organisation.country.clone(), counted: holding.counted() };
        let (plan, found) = Plan::of(&schema, &reading);
        for fault in found {
            tracing::error!("a stored definition does not hold together: {} {:?}", fault.code, fault.params);
        }
        Ok(Meta {
            version: tx.meta_version(),
            sources: Arc::new(plan.sources()),
            plan,
            schema,
            definitions: objects,
            order,
            calendar,
            calendars: calendars::load(tx)?,
            organisation,
            sign_in,
            mail: mail::load(tx)?,
            rates,
            processes: in_order,
            earlier: processes::in_force::load(tx)?,
            roles,
            sharing,
            lead_rules,
            duplicate_rules,
            departments,
            voided_departments,
            groups,
            flows: approvals::load(tx)?,
            given_before: approvals::given(tx)?,
            pools,
            holding,
            followed: Arc::new(followed),
        })
    }

    /// The sales process of an id.
    pub fn process(&self, id: &str) -> Option<&Process> {
        self.processes.iter().find(|p| p.id.to_string() == id)
    }

    /// The departments as people stand in them.
    pub fn tree(&self) -> Tree<'_> {
        Tree { parents: &self.departments, voided: &self.voided_departments }
    }

    /// The role of a key.
    pub fn role(&self, key: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.key == key)
    }
}

/// What a person may be given are the roles that there are.
fn offer_roles(objects: &mut [Object], roles: &[Role]) {
    let field = objects.iter_mut().filter(|object| object.key == "employee").flat_map(|object| &mut object.fields);
    for field in field.filter(|field| field.key == "roles") {
        if let FieldType::MultiSelect { options } = &mut field.kind {
            *options = roles.iter().map(|role| Choice::new(&role.key, role.name.clone())).collect();
        }
    }
}

/// Where a record may lie are the pools that there are of its object.
fn offer_pools(objects: &mut [Object], pools: &[Pool]) {
    for object in objects {
        let of = pools.iter().filter(|pool| pool.object == object.key);
        let offered: Vec<Choice> = of
            .map(|pool| Choice { active: pool.active, ..Choice::new(&pool.id.to_string(), Label::new(&pool.name, &pool.name)) })
            .collect();
        for field in object.fields.iter_mut().filter(|field| field.key == model::pool::FIELD) {
            if let FieldType::Select { options } = &mut field.kind {
                options.clone_from(&offered);
            }
        }
    }
}

/// Prices may be in the currencies that can be converted; those in which nothing new is entered stay where they are.
fn offer_currencies(objects: &mut [Object], organisation: &Organisation, rates: &Rates) {
    let offered: Vec<Choice> = rates
        .currencies()
        .map(|currency| Choice {
            active: organisation.is_active(currency),
            ..Choice::new(currency.code(), Label::new(currency.code(), currency.code()))
        })
        .collect();
    let fields = objects.iter_mut().filter(|object| object.preset).flat_map(|object| &mut object.fields);
    for field in fields.filter(|field| field.key == CURRENCY) {
        if let FieldType::Select { options } = &mut field.kind {
            options.clone_from(&offered);
        }
    }
}

/// Waits until every other write has ended, keeps them out until this one has, and gives the version that it publishes with the metadata
/// as it stood: newer than what the request began with where somebody published meanwhile (core rule 5).
pub(crate) fn publish(cx: &Ctx, tx: &mut Write) -> Result<(i64, Arc<Meta>)> {
    let version = tx.publish_meta()?;
    let meta = if version == cx.meta.version + 1 { cx.meta.clone() } else { Arc::new(Meta::load(tx)?) };
    Ok((version, meta))
}

pub(crate) fn doc<T: DeserializeOwned>(row: &Row) -> Result<T> {
    let text = row.get::<String>("doc")?;
    serde_json::from_str(&text).map_err(|e| Error::Internal(format!("a stored definition cannot be read: {e}")))
}

/// A definition as it is stored.
pub(crate) fn text(definition: &impl Serialize) -> Result<String> {
    serde_json::to_string(definition).map_err(|e| Error::Internal(e.to_string()))
}

fn organisation(tx: &mut Read) -> Result<Organisation> {
    match tx.optional(Query::select().column("doc").from("organisation"))? {
        Some(row) => doc(&row),
        None => Ok(Organisation::default()),
    }
}

/// Installs what the product ships into a new database, and adds new preset objects and fields to an old one. What an
/// administrator has changed (labels, options, order) stays.
pub fn install(db: &Db) -> Result<()> {
    let stored = db.read::<Vec<Object>, Error>(|tx| tx.all(Query::select().column("doc").from("object_def"))?.iter().map(doc).collect())?;
    let wanted: Vec<(usize, Object)> = model::objects::preset()
        .into_iter()
        .enumerate()
        .map(|(position, shipped)| {
            let merged = stored.iter().find(|o| o.key == shipped.key).map_or(shipped.clone(), |old| merge(old, &shipped));
            (position, merged)
        })
        .chain(stored.iter().filter(|object| !object.preset).map(|own| (0, with_standard_fields(own))))
        .filter(|(_, object)| !stored.contains(object))
        .collect();
    let first = stored.is_empty();
    if !first {
        read_the_trace(db)?;
    }
    let new: Vec<&str> =
        wanted.iter().map(|(_, object)| object.key.as_str()).filter(|key| stored.iter().all(|old| old.key != *key)).collect();
    let roles = if first { model::role::shipped() } else { roles_to_mend(db, &new)? };
    if wanted.is_empty() && roles.is_empty() {
        return Ok(());
    }
    for (_, object) in &wanted {
        db::ddl::ensure(db, object)?;
    }
    db.write::<_, Error>(|tx| {
        for (_, object) in &wanted {
            take_over(tx, stored.iter().find(|old| old.key == object.key))?;
        }
        for (position, object) in &wanted {
            put_object(tx, *position as i64, object)?;
        }
        for role in &roles {
            put_role(tx, role)?;
        }
        if first {
            let process = model::process::shipped();
            crate::processes::definition::put(tx, &process, model::Instant(0), Id::SYSTEM)?;
        }
        tx.publish_meta()?;
        Ok(())
    })?;
    // Indexes that the product does not ask for any more only cost.
    for (_, object) in wanted.iter().filter(|_| !first) {
        db::ddl::prune_indexes(db, object)?;
    }
    Ok(())
}

/// Shipped roles that were stored before there was a trace to read: those that read all or shape the product read it too.
fn read_the_trace(db: &Db) -> Result<()> {
    let shipped = model::role::shipped();
    let older = |row: &Row| -> Result<Option<Role>> {
        let stored: serde_json::Value = doc(row)?;
        let reads = shipped.iter().any(|role| role.reads_audit && stored["key"] == role.key.as_str());
        let knows = stored.get("reads_audit").is_some();
        Ok(if reads && !knows { Some(Role { reads_audit: true, ..doc(row)? }) } else { None })
    };
    let roles = |tx: &mut Read| -> Result<Vec<Role>> {
        let rows = tx.all(Query::select().column("doc").from("role"))?;
        rows.iter().filter_map(|row| older(row).transpose()).collect()
    };
    if db.read(roles)?.is_empty() {
        return Ok(());
    }
    db.write::<_, Error>(|tx| {
        for role in roles(tx)? {
            tx.execute(Query::update().table("role").value("doc", text(&role)?).and_where(Expr::col("key").eq(role.key.as_str())))?;
        }
        tx.publish_meta()?;
        Ok(())
    })
}

/// Carries the values of fields that others replace over to those.
fn take_over(tx: &mut Write, old: Option<&Object>) -> Result<()> {
    for (object, from, to) in model::objects::TAKEN_OVER {
        let replaced = |object: &&Object| object.field(from).is_some_and(|field| field.state.is_live());
        if let Some(old) = old.filter(|old| old.key == object).filter(replaced) {
            db::records::take_over(tx, old, from, to)?;
        }
    }
    Ok(())
}

/// The administrator's role, where a new version knows of acts that the stored one does not have; other shipped roles, where objects are
/// new, with the rights over those that they ship with.
fn roles_to_mend(db: &Db, new: &[&str]) -> Result<Vec<Role>> {
    let stored = db.read::<Vec<Role>, Error>(|tx| tx.all(Query::select().column("doc").from("role"))?.iter().map(doc).collect())?;
    let mended = |shipped: Role| match stored.iter().find(|role| role.key == shipped.key) {
        Some(stored) if shipped.key == ADMINISTRATOR => {
            let mended = Role { name: stored.name.clone(), description: stored.description.clone(), version: stored.version, ..shipped };
            (mended != *stored).then_some(mended)
        }
        Some(stored) => {
            let mut mended = stored.clone();
            for (key, rights) in shipped.objects.into_iter().filter(|(key, _)| new.contains(&key.as_str())) {
                mended.objects.entry(key).or_insert(rights);
            }
            (mended != *stored).then_some(mended)
        }
        // An organisation may have deleted the others.
        None => (shipped.key == ADMINISTRATOR).then_some(shipped),
    };
    Ok(model::role::shipped().into_iter().filter_map(mended).collect())
}

/// An object of an administrator's own with the fields that every object has.
fn with_standard_fields(own: &Object) -> Object {
    let mut object = own.clone();
    let lacking = model::objects::standard_fields(own.owned).into_iter().filter(|field| own.field(&field.key).is_none());
    object.fields.extend(lacking);
    object
}

/// The stored object with the shipped fields that it lacks.
fn merge(stored: &Object, shipped: &Object) -> Object {
    let mut merged = stored.clone();
    for field in &shipped.fields {
        if merged.field(&field.key).is_none() {
            let mut field = field.clone();
            // Older records do not have it yet: a job fills it once the house is open.
            if field.is_reckoned() && field.is_stored() {
                field.state = State::Filling;
            }
            merged.fields.push(field);
        }
    }
    // A field that another has replaced is put aside with its data.
    for field in merged.fields.iter_mut() {
        if model::objects::TAKEN_OVER.iter().any(|(object, from, _)| *object == stored.key && *from == field.key) {
            field.state = State::Disabled;
        }
    }
    // What the product keeps itself follows the product: a figure may come to be reckoned in another way.
    for field in merged.fields.iter_mut().filter(|field| field.read_only) {
        if let Some(shipped) = shipped.field(&field.key).filter(|shipped| shipped.is_reckoned()) {
            field.kind.clone_from(&shipped.kind);
        }
    }
    merged.ownerless = shipped.ownerless;
    merged.rank = shipped.rank;
    merged.indexes.clone_from(&shipped.indexes);
    merged
}

/// The objects and fields of these definitions that are in use.
pub(crate) fn in_use(definitions: &[Object]) -> Schema {
    Schema::new(definitions.iter().filter(|object| object.state.is_kept()).map(|object| {
        let mut object = object.clone();
        object.fields.retain(|field| field.state.is_kept());
        object
    }))
}

/// Forgets an object's definition.
pub(crate) fn remove_object(tx: &mut Write, key: &str) -> Result<()> {
    tx.execute(Query::delete().from_table("object_def").and_where(Expr::col("key").eq(key)))?;
    Ok(())
}

/// Stores a role.
pub(crate) fn put_role(tx: &mut Write, role: &Role) -> Result<()> {
    tx.execute(
        Query::insert()
            .into_table("role")
            .columns(["key", "doc"])
            .values_panic([role.key.as_str().into(), text(role)?.into()])
            .on_conflict(OnConflict::column("key").update_column("doc").to_owned()),
    )?;
    Ok(())
}

/// Stores an object's definition.
pub(crate) fn put_object(tx: &mut Write, position: i64, object: &Object) -> Result<()> {
    tx.execute(
        Query::insert()
            .into_table("object_def")
            .columns(["key", "doc", "preset", "position"])
            .values_panic([object.key.as_str().into(), text(object)?.into(), i64::from(object.preset).into(), position.into()])
            .on_conflict(OnConflict::column("key").update_columns(["doc"]).to_owned()),
    )?;
    Ok(())
}
