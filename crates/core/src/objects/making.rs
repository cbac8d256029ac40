//! The jobs behind Object Management: tables and columns are made before anybody is told of them, filled before anybody is shown them,
//! and dropped when nobody names them any more (core rule 16).

use std::time::Instant as Moment;

use db::{Limits, Write};
use model::field::{FieldType, Kind as FieldKind, State};
use model::{Field, Id, Object, Via};
use sea_query::{Expr, ExprTrait, Order, Query};

use super::change::Changing;
use crate::jobs::{self, Job, Kind, New, SLICE, Step, WORKER};
use crate::reckoning::filling;
use crate::{Ctx, Error, House, Result, meta, search};

/// One step of such a job.
pub(crate) fn step(house: &House, job: &Job, lease: Id) -> Result<Step> {
    let Some(object) = job.object.as_deref() else { return Ok(Step::Failed("which object?".into())) };
    match (job.kind, job.field.as_deref()) {
        (Kind::MakeObject, _) => make_object(house, job, lease, object),
        (Kind::MakeField, Some(field)) => make_field(house, job, lease, object, field),
        (Kind::DropField, Some(field)) => drop_field(house, job, lease, object, field),
        (Kind::DropObject, _) => drop_object(house, job, lease, object),
        _ => Ok(Step::Failed("which field?".into())),
    }
}

fn definition(house: &House, object: &str) -> Result<Option<Object>> {
    house.read(&WORKER, Limits::default(), |cx, _| Ok(cx.meta.definitions.iter().find(|one| one.key == object).cloned()))
}

/// Publishes what a job has made ready, unless the job was given up while it did: then whoever gave it up has the last word.
fn publish(house: &House, job: &Job, lease: Id, f: impl Fn(&Ctx, &mut Write) -> Result<()>) -> Result<bool> {
    house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
        let mine = jobs::is_mine(tx, job.id, lease)?;
        if mine {
            f(cx, tx)?;
        }
        Ok(mine)
    })
}

fn make_object(house: &House, job: &Job, lease: Id, key: &str) -> Result<Step> {
    let Some(object) = definition(house, key)? else { return Ok(Step::Done) };
    db::ddl::ensure(house.db(), &object)?;
    publish(house, job, lease, |cx, tx| {
        change_object(cx, tx, key, |object| {
            if object.state == State::Preparing {
                object.state = State::Live;
            }
        })
    })?;
    Ok(Step::Done)
}

fn make_field(house: &House, job: &Job, lease: Id, object: &str, key: &str) -> Result<Step> {
    let Some(definition) = definition(house, object)? else { return Ok(Step::Done) };
    let Some(field) = definition.field(key).cloned() else { return Ok(Step::Done) };
    let index = job.doc["index"] == true && !field.is_stored();
    match field.state {
        State::Preparing => {
            db::ddl::ensure(house.db(), &definition)?;
            let next = if field.is_reckoned() && field.is_stored() { State::Filling } else { State::Live };
            if !publish(house, job, lease, |cx, tx| change_field(cx, tx, object, key, |field| field.state = next))? {
                return Ok(Step::Done);
            }
            search_anew(house, &field)?;
            Ok(if next == State::Live { Step::Done } else { Step::More })
        }
        State::Live if index => {
            let mut wished = definition.clone();
            wished.fields.iter_mut().filter(|field| field.key == key).for_each(mark_indexed);
            db::ddl::ensure(house.db(), &wished)?;
            publish(house, job, lease, |cx, tx| {
                change_field(cx, tx, object, key, |field| {
                    mark_indexed(field);
                    field.state = State::Filling;
                })
            })?;
            Ok(Step::More)
        }
        State::Filling => match filling::fill(house, job, lease, object, key)? {
            Step::Done => {
                publish(house, job, lease, |cx, tx| {
                    change_field(cx, tx, object, key, |field| {
                        field.state = State::Live;
                        field.settling = false;
                    })
                })?;
                Ok(Step::Done)
            }
            other => Ok(other),
        },
        State::Live => {
            db::ddl::ensure(house.db(), &definition)?;
            db::ddl::prune_indexes(house.db(), &definition)?;
            search_anew(house, &field)?;
            Ok(Step::Done)
        }
        State::Disabled | State::Hidden => Ok(Step::Done),
    }
}

/// A field by which records are found from now on, or not any more: their words are entered anew where that is so.
fn search_anew(house: &House, field: &Field) -> Result<()> {
    if !matches!(field.kind.kind(), FieldKind::Text | FieldKind::Key) {
        return Ok(());
    }
    let meta = house.read(&WORKER, Limits::default(), |cx, _| Ok(cx.meta.clone()))?;
    search::fill(house.db(), &meta.schema)
}

fn mark_indexed(field: &mut Field) {
    if let FieldType::Calculated { indexed, .. } = &mut field.kind {
        *indexed = true;
    }
}

/// Changes a field as it stands now, whatever else was changed of it meanwhile.
pub(crate) fn change_field(cx: &Ctx, tx: &mut Write, object: &str, key: &str, change: impl Fn(&mut Field)) -> Result<()> {
    change_object(cx, tx, object, |object| object.fields.iter_mut().filter(|field| field.key == key).for_each(&change))
}

fn change_object(cx: &Ctx, tx: &mut Write, key: &str, change: impl Fn(&mut Object)) -> Result<()> {
    let mut changing = Changing::begin(cx, tx)?;
    let mut object = match changing.object(key) {
        Ok(object) => object.clone(),
        // It went away while this was on its way.
        Err(Error::NotFound) => return Ok(()),
        Err(other) => return Err(other),
    };
    change(&mut object);
    changing.put(cx, tx, object)
}

/// Where a job stands that has taken a definition away, and now what hung on it.
const GONE: &str = "gone";

fn drop_field(house: &House, job: &Job, lease: Id, object: &str, key: &str) -> Result<Step> {
    let Some(definition) = definition(house, object)? else { return Ok(Step::Done) };
    match definition.field(key) {
        // It was recovered at the last moment.
        Some(field) if field.state != State::Hidden => return Ok(Step::Done),
        Some(_) => {}
        None => {
            if let Step::More = sweep(house, job, lease, &["long_text", "file"], object, Some(key))? {
                return Ok(Step::More);
            }
            db::ddl::drop_field(house.db(), &definition, key)?;
            return Ok(Step::Done);
        }
    }
    jobs::slice(house, job, lease, &WORKER, Via::System, |cx, tx| {
        forget_in_roles(cx, tx, object, key)?;
        change_object(cx, tx, object, |object| {
            object.fields.retain(|field| field.key != key || field.state != State::Hidden);
            for section in object.layouts.iter_mut().flat_map(|layout| &mut layout.sections) {
                section.fields.retain(|field| field != key);
            }
            if object.field(key).is_none() && !object.retired.iter().any(|gone| gone == key) {
                object.retired.push(key.to_owned());
            }
        })?;
        Ok((Some(GONE.to_owned()), 0, Step::More))
    })
}

/// What roles say of a field goes with it; under `*` with the last field of that key.
fn forget_in_roles(cx: &Ctx, tx: &mut Write, object: &str, key: &str) -> Result<()> {
    let elsewhere = cx.meta.definitions.iter().any(|one| one.key != object && one.field(key).is_some());
    for role in &cx.meta.roles {
        let mut next = role.clone();
        for (of, rights) in &mut next.objects {
            if of == object || of == "*" && !elsewhere {
                rights.fields.remove(key);
            }
        }
        if next != *role {
            next.version += 1;
            meta::put_role(tx, &next)?;
        }
    }
    Ok(())
}

fn drop_object(house: &House, job: &Job, lease: Id, key: &str) -> Result<Step> {
    let Some(object) = definition(house, key)? else {
        // The key is not given again before this is done.
        if let Step::More =
            sweep(house, job, lease, &["long_text", "external_id", "grant_to", "file", "search_word", "comment"], key, None)?
        {
            return Ok(Step::More);
        }
        db::ddl::drop_table(house.db(), key)?;
        return Ok(Step::Done);
    };
    if object.state != State::Hidden || object.preset {
        return Ok(Step::Done);
    }
    jobs::slice(house, job, lease, &WORKER, Via::System, |cx, tx| {
        let mut changing = Changing::begin(cx, tx)?;
        changing.remove(cx, tx, key)?;
        for role in changing.meta.roles.iter().filter(|role| role.objects.contains_key(key)) {
            let mut role = role.clone();
            role.objects.remove(key);
            role.version += 1;
            meta::put_role(tx, &role)?;
        }
        for table in ["view_default", "view", "recent", "sharing_rule"] {
            tx.execute(Query::delete().from_table(table).and_where(Expr::col("object").eq(key)))?;
        }
        Ok((Some(GONE.to_owned()), 0, Step::More))
    })
}

/// One slice of removing the rows of an object, or of one of its fields, from these tables, record by record: done when none is left.
fn sweep(house: &House, job: &Job, lease: Id, tables: &[&'static str], object: &str, field: Option<&str>) -> Result<Step> {
    let mut position = job.position.as_deref().unwrap_or_default().split(':').skip(1);
    let first = position.next().and_then(|at| at.parse().ok()).unwrap_or(0);
    let begun: Option<Id> = position.next().and_then(|id| id.parse().ok());
    jobs::slice(house, job, lease, &WORKER, Via::System, |_, tx| {
        let began = Moment::now();
        let (mut at, mut after) = (first, begun);
        while let Some(table) = tables.get(at) {
            // A file may be large.
            let many = if *table == "file" { 4 } else { 200 };
            let mut select = Query::select();
            select.distinct().column("record").from(*table).and_where(Expr::col("object").eq(object));
            let mut delete = Query::delete();
            delete.from_table(*table).and_where(Expr::col("object").eq(object));
            if let Some(field) = field {
                select.and_where(Expr::col("field").eq(field));
                delete.and_where(Expr::col("field").eq(field));
            }
            if let Some(after) = after {
                select.and_where(Expr::col("record").gt(after.0));
            }
            select.order_by("record", Order::Asc).limit(many);
            let ids = tx.all(&select)?.iter().map(|row| Ok(row.get(0)?)).collect::<Result<Vec<Id>>>()?;
            let Some(last) = ids.last() else {
                (at, after) = (at + 1, None);
                continue;
            };
            after = Some(*last);
            delete.and_where(Expr::col("record").is_in(ids.iter().map(|id| id.0)));
            tx.execute(&delete)?;
            if began.elapsed() >= SLICE {
                return Ok((Some(format!("{GONE}:{at}:{last}")), 0, Step::More));
            }
        }
        Ok((Some(format!("{GONE}:{at}:")), 0, Step::Done))
    })
}

/// Drops the columns of fields that are gone for good, and lets their keys be used again: while nobody else uses the database. Gives
/// what was dropped, as `object.column`.
pub fn compact(house: &House) -> Result<Vec<String>> {
    let definitions = house.read(&WORKER, Limits::default(), |cx, _| Ok(cx.meta.definitions.clone()))?;
    let mut dropped = Vec::new();
    for object in &definitions {
        let columns = db::ddl::compact(house.db(), object)?;
        dropped.extend(columns.into_iter().map(|column| format!("{}.{column}", object.key)));
        if !object.retired.is_empty() {
            house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
                change_object(cx, tx, &object.key, |object| object.retired.clear())
            })?;
        }
    }
    Ok(dropped)
}

/// Asks for the work that fields wait for and nobody does: those that a new version ships and reckons.
pub(crate) fn resume(house: &House) -> Result<()> {
    let on_its_way = |field: &&Field| matches!(field.state, State::Preparing | State::Filling);
    if !house.meta().definitions.iter().any(|object| object.fields.iter().any(|field| on_its_way(&field))) {
        return Ok(());
    }
    house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
        for object in &cx.meta.definitions {
            let open = jobs::open_of(tx, &object.key)?;
            for field in object.fields.iter().filter(on_its_way) {
                if !open.iter().any(|job| job.kind == Kind::MakeField && job.field.as_deref() == Some(&field.key)) {
                    jobs::enqueue(cx, tx, New::on(Kind::MakeField, &object.key, Some(&field.key)))?;
                }
            }
        }
        Ok(())
    })
}
