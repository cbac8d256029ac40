//! Views for programs that report: a view an object with its own fields, in the units that people use, with names beside what is referred to.
//!
//! In a schema of their own on PostgreSQL, by a prefix on SQLite. They hold nothing and are made anew, all at once, whenever a definition
//! changes. They show every record to whoever may read them: rights of people do not reach here.

use std::collections::BTreeSet;

use model::field::{FieldType, Kind};
use model::{Field, Object, search};
use sha2::{Digest, Sha256};

use crate::columns::{fields, table};
use crate::connection::{Connection, Shape};
use crate::{Db, Engine, Error, dialect};

/// Where the views are on PostgreSQL, and what they begin with on SQLite.
pub const PLACE: &str = "reporting";
/// The role that may read them on PostgreSQL, where an operator has made it.
pub const ROLE: &str = "stagecraft_reporting";
/// The view that tells from which definitions the others were made.
const ABOUT: &str = "about";

struct View {
    name: String,
    select: String,
}

/// Makes the views anew where they are not those of these definitions; true where it did. `objects` are those whose tables are there.
pub fn keep_up(db: &Db, objects: &[Object], language: &str) -> Result<bool, Error> {
    let engine = db.engine();
    let mut views: Vec<View> = objects.iter().map(|object| of_object(engine, object, objects, language)).collect();
    views.extend(beside(engine, objects, language));
    let mut hash = Sha256::new();
    for view in &views {
        hash.update(&view.name);
        hash.update(&view.select);
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    views.push(View { name: ABOUT.into(), select: format!("SELECT '{digest}' AS made_from, '{}' AS version", env!("CARGO_PKG_VERSION")) });
    db.bare(|c| {
        if made_from(c, engine)?.as_deref() == Some(digest.as_str()) {
            let_read(c, engine)?;
            return Ok(false);
        }
        c.batch(dialect::begin_views(engine))?;
        // Another server may have been quicker.
        if made_from(c, engine)?.as_deref() == Some(digest.as_str()) {
            c.batch("COMMIT")?;
            return Ok(false);
        }
        drop_all(c, engine)?;
        if engine == Engine::Postgres {
            c.batch(&format!("CREATE SCHEMA IF NOT EXISTS {PLACE}"))?;
        }
        for view in &views {
            c.batch(&dialect::create_view(engine, PLACE, &view.name, &view.select))?;
        }
        let_read(c, engine)?;
        c.batch("COMMIT")?;
        Ok(true)
    })
}

/// Gives the role the right to read them where it lacks it: it may have been made after they were.
fn let_read(c: &mut Connection, engine: Engine) -> Result<(), Error> {
    let about = format!("{PLACE}.{ABOUT}");
    if engine == Engine::Postgres
        && !c.query(dialect::MAY_NOT_READ, &[ROLE.into(), about.as_str().into(), PLACE.into()], Shape::Once)?.is_empty()
    {
        c.batch(&format!("GRANT USAGE ON SCHEMA {PLACE} TO {ROLE}; GRANT SELECT ON ALL TABLES IN SCHEMA {PLACE} TO {ROLE}"))?;
    }
    Ok(())
}

/// Drops the views before something is dropped that they may name; they come back with the next [`keep_up`].
pub(crate) fn drop_all(c: &mut Connection, engine: Engine) -> Result<(), Error> {
    let prefix = format!("{PLACE}_");
    let names: Vec<String> = c
        .query(dialect::views(engine), &[if engine == Engine::Sqlite { prefix.as_str() } else { PLACE }.into()], Shape::Once)?
        .iter()
        .map(|row| row.get(0))
        .collect::<Result<_, _>>()?;
    for name in names {
        c.batch(&dialect::drop_view(engine, PLACE, &name))?;
    }
    Ok(())
}

fn made_from(c: &mut Connection, engine: Engine) -> Result<Option<String>, Error> {
    let name = if engine == Engine::Sqlite { format!("{PLACE}_{ABOUT}") } else { format!("{PLACE}.{ABOUT}") };
    if c.query(dialect::is_view(engine), &[name.as_str().into()], Shape::Once)?.is_empty() {
        return Ok(None);
    }
    c.query(&format!("SELECT made_from FROM {name}"), &[], Shape::Once)?.first().map(|row| row.get(0)).transpose()
}

/// Columns of a view, each under a name that no other has and that both engines take whole.
#[derive(Default)]
struct Columns {
    taken: BTreeSet<String>,
    text: Vec<String>,
}

impl Columns {
    fn add(&mut self, name: &str, expression: &str) {
        if name.len() <= 63 && self.taken.insert(name.to_owned()) {
            self.text.push(format!("{expression} AS {}", dialect::quoted(name)));
        }
    }

    fn from(&self, from: &str) -> String {
        format!("SELECT {} FROM {from}", self.text.join(", "))
    }
}

fn of_object(engine: Engine, object: &Object, objects: &[Object], language: &str) -> View {
    let mut columns = Columns::default();
    let at = |column: &str| format!("t.{}", dialect::quoted(column));
    columns.add("id", &dialect::shown_id(engine, &at("id")));
    let shown: Vec<&Field> = fields(object).filter(|field| field.state.is_live()).collect();
    // What a field is called comes before what is told beside another.
    for field in &shown {
        let column = at(&field.key);
        let value = match field.kind.kind() {
            Kind::Text | Kind::Key => column.clone(),
            Kind::Keys => dialect::shown_list(engine, &column),
            Kind::Date => dialect::shown_date(engine, &column),
            Kind::Number => dialect::shown_number(engine, &column, 6),
            Kind::Money => dialect::shown_number(engine, &column, 4),
            Kind::Bool => dialect::shown_truth(engine, &column),
            Kind::Instant => dialect::shown_instant(engine, &column),
            Kind::Ref | Kind::Regarding => dialect::shown_id(engine, &column),
            Kind::LongText => continue,
        };
        columns.add(&field.key, &value);
    }
    for field in &shown {
        let (key, column) = (&field.key, at(&field.key));
        match &field.kind {
            FieldType::Select { options } => {
                let labels = options.iter().map(|option| (option.key.as_str(), option.label.in_language(language)));
                columns.add(&format!("{key}_label"), &dialect::labelled(&column, labels));
            }
            FieldType::Process => columns.add(&format!("{key}_name"), &dialect::name_of_process(engine, &column, language)),
            kind => {
                if let Some(name) = kind.target().and_then(|of| name_of(objects, of, &column)) {
                    columns.add(&format!("{key}_name"), &name);
                }
            }
        }
        match field.kind.kind() {
            Kind::Money => {
                columns.add(&format!("{key}_currency"), &at(&format!("{key}_currency")));
                columns.add(&format!("{key}_main"), &dialect::shown_number(engine, &at(&format!("{key}_main")), 4));
            }
            Kind::Regarding => columns.add(&format!("{key}_object"), &at(&format!("{key}_object"))),
            _ => {}
        }
    }
    for field in object.fields.iter().filter(|field| field.kind.kind() == Kind::LongText && field.state.is_live()) {
        let value = format!(
            "(SELECT l.value FROM long_text AS l WHERE l.object = '{}' AND l.record = t.id AND l.field = '{}')",
            object.key, field.key
        );
        columns.add(&field.key, &value);
    }
    let mut select = columns.from(&format!("{} AS t", dialect::quoted(&table(&object.key))));
    if object.field("lifecycle_status").is_some() {
        select.push_str(" WHERE t.lifecycle_status IS NULL OR t.lifecycle_status <> 'voided'");
    }
    View { name: object.key.clone(), select }
}

/// What a record is called to which a column refers.
fn name_of(objects: &[Object], of: &str, column: &str) -> Option<String> {
    let object = objects.iter().find(|object| object.key == of)?;
    let name = search::name_field(object)?;
    Some(format!("(SELECT n.{} FROM {} AS n WHERE n.id = {column})", dialect::quoted(&name.key), dialect::quoted(&table(of))))
}

/// Stays in stages, and history.
fn beside(engine: Engine, objects: &[Object], language: &str) -> Vec<View> {
    let mut stays = Columns::default();
    let (id, instant) = (|column: &str| dialect::shown_id(engine, column), |column: &str| dialect::shown_instant(engine, column));
    stays.add("id", &id("t.id"));
    stays.add("opportunity", &id("t.opportunity"));
    stays.add("opportunity_name", &name_of(objects, "opportunity", "t.opportunity").unwrap_or_else(|| "NULL".into()));
    stays.add("process", &id("t.process"));
    stays.add("process_name", &dialect::name_of_process_by_id(engine, "t.process", language));
    stays.add("process_version", "t.process_version");
    stays.add("stage", "t.stage");
    let stages = objects.iter().find(|object| object.key == "opportunity").and_then(|object| object.field("stage"));
    if let Some(FieldType::Select { options }) = stages.map(|field| &field.kind) {
        let labels = options.iter().map(|option| (option.key.as_str(), option.label.in_language(language)));
        stays.add("stage_label", &dialect::labelled("t.stage", labels));
    }
    stays.add("run", "t.run");
    stays.add("entered_at", &instant("t.entered_at"));
    stays.add("left_at", &instant("t.left_at"));
    stays.add("seconds", &dialect::shown_number(engine, "(t.left_at - t.entered_at)", 6));
    stays.add("to_stage", "t.to_stage");
    for who in ["entered_by", "left_by"] {
        stays.add(who, &id(&format!("t.{who}")));
        stays.add(&format!("{who}_name"), &name_of(objects, "employee", &format!("t.{who}")).unwrap_or_else(|| "NULL".into()));
    }
    stays.add("how", "t.how");
    stays.add("reason", "t.reason");

    let mut history = Columns::default();
    history.add("object", "t.object");
    history.add("record", &id("t.record"));
    history.add("revision", "t.revision");
    history.add("at", &instant("t.at"));
    history.add("by", &id("t.by_id"));
    history.add("by_name", &name_of(objects, "employee", "t.by_id").unwrap_or_else(|| "NULL".into()));
    history.add("via", "t.via");
    history.add("act", "t.act");
    history.add("reason", "t.reason");
    for column in ["field", "old_text", "old_int", "new_text", "new_int"] {
        history.add(column, &format!("c.{column}"));
    }
    let from = "history AS t LEFT JOIN history_change AS c ON c.object = t.object AND c.record = t.record AND c.revision = t.revision";
    vec![
        View { name: "stage_stay".into(), select: stays.from("stage_stay AS t") },
        View { name: "history".into(), select: history.from(from) },
    ]
}
