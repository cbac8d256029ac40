//! The rules in force, as of one version of the metadata.

use db::Read;
use model::condition::{Reading, Resolved};
use model::duplicate::DuplicateRule;
use model::{Id, Schema};
use sea_query::{Expr, ExprTrait, Query};

use crate::{Error, Result, meta};

/// A rule in force.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub rule: DuplicateRule,
    /// Which records it judges.
    pub when: Resolved,
    /// Which records of its own object it compares with.
    pub scope: Resolved,
    /// Seals the tokens of what it finds.
    pub secret: String,
}

impl Live {
    /// The rule with its conditions resolved; nothing for one that judges nothing.
    pub(super) fn of(rule: DuplicateRule, secret: String, reading: &Reading<'_>) -> Option<Live> {
        if !rule.active || reading.schema.object(&rule.object).is_none() {
            return None;
        }
        let resolve = |condition: &Option<model::Condition>| match condition {
            None => Some(Resolved::Always(true)),
            Some(condition) => condition
                .resolve(&rule.object, reading)
                .inspect_err(|found| tracing::error!("the duplicate rule {} cannot be read: {found:?}", rule.id))
                .ok(),
        };
        let (when, scope) = (resolve(&rule.when)?, resolve(&rule.scope.condition)?);
        Some(Live { rule, when, scope, secret })
    }
}

/// Every rule with what seals its tokens, by object and name.
pub(super) fn all(tx: &mut Read) -> Result<Vec<(DuplicateRule, String)>> {
    let select = Query::select().columns(["doc", "secret"]).from("duplicate_rule").to_owned();
    let read = |row: &db::Row| -> Result<(DuplicateRule, String)> { Ok((meta::doc(row)?, row.get("secret")?)) };
    let mut rules = tx.all(&select)?.iter().map(read).collect::<Result<Vec<_>>>()?;
    rules.sort_by(|(a, _), (b, _)| (&a.object, model::text::fold(&a.name), a.id).cmp(&(&b.object, model::text::fold(&b.name), b.id)));
    Ok(rules)
}

/// The rules in force.
pub(crate) fn load(tx: &mut Read, reading: &Reading<'_>) -> Result<Vec<Live>> {
    Ok(all(tx)?.into_iter().filter_map(|(rule, secret)| Live::of(rule, secret, reading)).collect())
}

/// The rule of an id. Error: not there.
pub(super) fn find(tx: &mut Read, id: Id) -> Result<DuplicateRule> {
    let select = Query::select().column("doc").from("duplicate_rule").and_where(Expr::col("id").eq(id.0)).to_owned();
    tx.optional(&select)?.as_ref().map(meta::doc).transpose()?.ok_or(Error::NotFound)
}

/// Every rule, in force or not, that names a field, with where it does.
pub(crate) fn uses(tx: &mut Read, schema: &Schema, object: &str, field: &str) -> Result<Vec<(DuplicateRule, String)>> {
    let mut found = Vec::new();
    for (rule, _) in all(tx)? {
        found.extend(place(&rule, schema, object, field).map(|path| (rule, path)));
    }
    Ok(found)
}

/// Every rule that judges records of an object, or compares others with them.
pub(crate) fn uses_of_object(tx: &mut Read, object: &str) -> Result<Vec<(DuplicateRule, String)>> {
    let names = |rule: &DuplicateRule| {
        let group = rule.groups.iter().position(|group| group.object == object).map(|at| format!("groups/{at}/object"));
        if rule.object == object { Some("object".to_owned()) } else { group }
    };
    Ok(all(tx)?.into_iter().filter_map(|(rule, _)| names(&rule).map(|path| (rule, path))).collect())
}

fn place(rule: &DuplicateRule, schema: &Schema, object: &str, field: &str) -> Option<String> {
    let meant = (object.to_owned(), field.to_owned());
    for (condition, path) in [(&rule.when, "when"), (&rule.scope.condition, "scope/condition")] {
        if condition.as_ref().is_some_and(|condition| condition.mentions(&rule.object, schema).contains(&meant)) {
            return Some(path.to_owned());
        }
    }
    for (g, group) in rule.groups.iter().enumerate() {
        for (r, row) in group.rows.iter().enumerate() {
            if (rule.object == object && row.field == field) || (group.object == object && row.other == field) {
                return Some(format!("groups/{g}/rows/{r}"));
            }
        }
    }
    let shown = |shown: &model::duplicate::Shown| shown.object == object && shown.fields.iter().any(|key| key == field);
    rule.shows.iter().position(shown).map(|at| format!("shows/{at}"))
}
