//! What stands in a column that names records or choices: every text, how often, and what it is taken for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use db::{Limits, Read};
use model::field::Kind;
use model::{Id, Value, Violation};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::begin::Opening;
use super::cells::{Cell, Reader};
use super::chunks::RowsIn;
use super::columns::Column;
use super::files;
use super::found::Found;
use super::lookup::{Lookup, Wanted};
use super::options::Options;
use crate::records::Refs;
use crate::{Credential, Ctx, Error, House, Result};

/// Different texts that are counted, and of those how many are told.
const COUNTED: usize = 50_000;
const TOLD: usize = 200;
/// Rows that are read at once.
const PAGE: usize = 2_000;

/// What `POST /imports/values` asks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValuesRequest {
    pub file: String,
    pub column: String,
    pub options: Options,
}

/// `{distinct, items: [{text, rows, to, near}], refs}`, the most frequent first. `to` is the key or the id that a text is taken for, null where it
/// names nothing; `near` then lists what it may mean.
///
/// Errors: those of a column or field that cannot be imported, `import.column_unknown`.
pub fn values(house: &House, credential: &Credential, limits: &Limits, wanted: &ValuesRequest) -> Result<Json> {
    let id: Id = wanted.file.parse().map_err(|_| Error::NotFound)?;
    let (found, index) = house.read(credential, limits.clone(), |cx, tx| {
        let found = files::load(cx, tx, id)?;
        Opening::of(cx, tx, &found, &wanted.options)?;
        let unknown = || Error::from(Violation::new("import.column_unknown", "column").with("column", wanted.column.as_str()));
        let index = found.column(&wanted.column).ok_or_else(unknown)?;
        Ok((found, index))
    })?;
    let counts = count(house, &found, index)?;
    let distinct = counts.len();
    let mut texts: Vec<(String, u64)> = counts.into_iter().collect();
    texts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    texts.truncate(TOLD);
    house.read(credential, limits.clone(), |cx, tx| {
        let opening = Opening::of(cx, tx, &found, &wanted.options)?;
        let column = opening.columns.mapped.iter().find(|column| column.index == index && names_something(column));
        let (items, refs) = told(cx, tx, &wanted.options, column, &texts)?;
        Ok(json!({"distinct": distinct, "items": items, "refs": refs}))
    })
}

fn count(house: &House, found: &Found, index: usize) -> Result<HashMap<String, u64>> {
    let mut counts: HashMap<String, u64> = HashMap::new();
    let mut rows = RowsIn::from(found.id, found.reading, found.first_row());
    loop {
        let lines = rows.take(house, PAGE)?;
        if lines.is_empty() {
            return Ok(counts);
        }
        for line in &lines {
            let text = line.text(index).trim();
            if let Some(count) = counts.get_mut(text) {
                *count += 1;
            } else if !text.is_empty() && counts.len() < COUNTED {
                counts.insert(text.to_owned(), 1);
            }
        }
    }
}

fn names_something(column: &Column) -> bool {
    let kind = &column.field.kind;
    kind.target().is_some() || kind.listed().is_some() || matches!(kind.kind(), Kind::Key | Kind::Keys | Kind::Ref)
}

fn told(cx: &Ctx, tx: &mut Read, options: &Options, column: Option<&Column>, texts: &[(String, u64)]) -> Result<(Vec<Json>, Json)> {
    let (mut lookup, mut refs) = (Lookup::default(), Refs::default());
    let target = column.and_then(|column| column.field.kind.target().or_else(|| column.field.kind.listed()));
    if let (Some(column), Some(target)) = (column, target) {
        let names: BTreeSet<String> = texts.iter().flat_map(|(text, _)| super::cells::parts(text)).map(str::to_owned).collect();
        let whole = texts.iter().map(|(text, _)| text.clone());
        let wanted = Wanted::from([((target.to_owned(), column.reference.by), names.into_iter().chain(whole).collect())]);
        lookup.extend(cx, tx, &wanted, options.keys.as_ref().and_then(|keys| keys.external_source.as_deref()))?;
    }
    let made = BTreeMap::new();
    let reader = Reader {
        meta: &cx.meta,
        lookup: &lookup,
        object: &options.object,
        currency: cx.meta.organisation.main_currency,
        later: false,
        create_values: &made,
        prepare: None,
    };
    let items = texts.iter().map(|(text, rows)| {
        let (to, near) = match column.map(|column| reader.read(column, text, None)) {
            Some(Cell::Value(value)) => (shown(cx, &value, target, &mut refs), None),
            Some(Cell::Unplaced(_, near)) => (None, near),
            _ => (None, None),
        };
        json!({"text": text, "rows": rows, "to": to, "near": near.into_iter().collect::<Vec<_>>()})
    });
    let items = items.collect();
    Ok((items, refs.names(cx, tx)?))
}

/// A value as it is told: keys and ids as they are, several divided by semicolons, a sales process by its name.
fn shown(cx: &Ctx, value: &Value, target: Option<&str>, refs: &mut Refs) -> Option<String> {
    if let Some(target) = target {
        value.as_id().into_iter().chain(value.ids()).for_each(|id| refs.note(target, id));
    }
    let process = value.as_id().filter(|_| target.is_none()).and_then(|id| cx.meta.processes.iter().find(|process| process.id == id));
    Some(match (process, value) {
        (Some(process), _) => process.name.clone(),
        (None, Value::Keys(keys)) => keys.join(";"),
        (None, value) => value.as_id().map(|id| id.to_string()).or_else(|| value.as_text().map(str::to_owned))?,
    })
}
