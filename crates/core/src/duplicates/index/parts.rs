//! Which parts there are, and which there should be.

use std::collections::BTreeSet;

use db::followed::Part;
use db::{Read, Row};
use model::duplicate::matching::{KeyKind, Side, Surroundings, keys};
use model::duplicate::rule::DuplicateRule;
use model::{Field, Id, Object, Record, Schema};
use sea_query::{Expr, ExprTrait, Order, Query};

use super::way;
use crate::{Error, Result, meta};

/// What a part is made of: object, field and kind of keys.
pub type Made = (String, String, KeyKind);

/// The parts by which these rules find: one for each group, by the row that the fewest records share, so that what is entered with every save
/// stays little.
pub fn needed<'a>(schema: &Schema, rules: impl IntoIterator<Item = &'a DuplicateRule>) -> BTreeSet<Made> {
    let groups = rules.into_iter().filter(|rule| rule.active).flat_map(|rule| &rule.groups);
    groups
        .filter_map(|group| {
            let way = way(schema, group)?;
            Some((group.object.clone(), way.other.key.clone(), way.kind?))
        })
        .collect()
}

/// A part as it is stored.
pub(super) struct Stored {
    pub part: Part,
    pub state: String,
    pub made_with: String,
    pub position: Option<Id>,
}

/// Every part that is kept or being taken out.
pub(super) fn all(tx: &mut Read) -> Result<Vec<Stored>> {
    let select = Query::select()
        .columns(["id", "object", "field", "kind", "state", "made_with", "position"])
        .from("match_part")
        .order_by("id", Order::Asc)
        .to_owned();
    tx.all(&select)?.iter().map(read).collect()
}

/// One of them.
pub(super) fn one(tx: &mut Read, id: i64) -> Result<Option<Stored>> {
    Ok(all(tx)?.into_iter().find(|stored| stored.part.id == id))
}

fn read(row: &Row) -> Result<Stored> {
    let kind: String = row.get("kind")?;
    let kind = KeyKind::of(&kind).ok_or_else(|| Error::Internal(format!("a part of the index of an unknown kind: {kind}")))?;
    let state: String = row.get("state")?;
    let ready = state == READY;
    let part = Part { id: row.get("id")?, object: row.get("object")?, field: row.get("field")?, kind, ready };
    Ok(Stored { part, state, made_with: row.get("made_with")?, position: row.get("position")? })
}

pub(super) const FILLING: &str = "filling";
pub(super) const READY: &str = "ready";
pub(super) const DROPPING: &str = "dropping";

/// The parts that every write keeps.
pub(crate) fn load(tx: &mut Read, schema: &Schema) -> Result<Vec<Part>> {
    let mut parts = all(tx)?;
    parts.retain(|stored| stored.state != DROPPING);
    parts.retain(|stored| schema.object(&stored.part.object).is_some_and(|object| object.field(&stored.part.field).is_some()));
    Ok(parts.into_iter().map(|stored| stored.part).collect())
}

/// The rules as they are stored now.
pub(super) fn rules(tx: &mut Read) -> Result<Vec<DuplicateRule>> {
    tx.all(Query::select().column("doc").from("duplicate_rule").and_where(Expr::col("id").is_not_null()))?.iter().map(meta::doc).collect()
}

/// Values whose keys tell apart the ways in which keys may be drawn.
const SAMPLES: [&str; 16] = [
    "Müller & Söhne Maschinenbau GmbH & Co. KG",
    "ACME Industries, Inc. (Holding)",
    "The North-West Trading Company Ltd. 2",
    "Société Générale d'Électricité S.A.R.L.",
    "深圳市腾讯计算机系统有限公司",
    "北京字节跳动科技股份有限公司上海分公司",
    "第一汽车集团公司 3 厂",
    "ＡＢＣ　Ｔｅｃｈ　１２３",
    "Int'l Business Machines Corp",
    "Dr. Anna-Maria O'Brien",
    "Ada.Lind+news@Mail.Example.com",
    "https://www.example.co.uk/path?x=1",
    "+49 (0)421 555-0199 ext. 7",
    "0421 5550199",
    "138 0013 8000",
    "00 1 415 555 2671",
];

/// What keys of a part are drawn with, told by the keys themselves: another version of the product that draws them otherwise, another country
/// of the organisation by which phones are read, and another type of the field make another part.
pub(super) fn made_with(country: &str, object: &Object, field: &Field, kind: KeyKind) -> String {
    let mut record = Record::new(&object.key, Id::SYSTEM);
    let drawn: Vec<String> = SAMPLES
        .iter()
        .flat_map(|sample| {
            record.set(&field.key, *sample);
            keys(kind, Side { object, field, record: &record }, Surroundings { country })
        })
        .map(|key| key.to_string())
        .collect();
    format!("{:x}", model::duplicate::matching::hashed(&drawn.join(" ")))
}
