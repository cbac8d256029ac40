//! Conditions as SQL: the second reader of [`model::condition::Resolved`], proven equal to the first by a property test.
//!
//! SQL knows a third truth, and `NOT` keeps it. So negation is pushed down to the tests, and each is written in a form that is never unknown
//! where it matters: a positive test of a blank value is not true, a negated one is.

use std::cell::Cell;

use model::condition::{Check, ExistsTest, Resolved, Test};
use model::field::Kind;
use model::objects::lifecycle;
use model::{Id, Object, Schema, Value};
use sea_query::{Expr, ExprTrait, Query, SelectStatement};

use crate::columns::{compared, constant, table};
use crate::records::{ROOT, Scope};
use crate::scope::Sight;
use crate::{Engine, dialect};

/// How a page's rows are come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Approach {
    /// As the engine plans it.
    Planned,
    /// Rows are gone through in the order of the page, and of each it is asked whether it may be seen: for those who see many.
    InOrder,
    /// All that may be seen is fetched by owners and ids, and put in order then: for those who see few.
    Gathered,
}

/// Writes conditions and scopes for one caller.
pub(crate) struct Writer<'a> {
    pub engine: Engine,
    pub schema: &'a Schema,
    pub scope: &'a Scope<'a>,
    /// How rows that may be seen are come by.
    pub approach: Approach,
    /// Every record of the object is gone through, so what references lead to is looked for once and not for each.
    through_all: bool,
    aliases: Cell<u32>,
}

impl<'a> Writer<'a> {
    pub fn new(engine: Engine, schema: &'a Schema, scope: &'a Scope<'a>) -> Writer<'a> {
        Writer { engine, schema, scope, approach: Approach::Planned, through_all: false, aliases: Cell::new(0) }
    }

    /// For statements that go through all records of an object that may be seen, and not only until a page is full.
    pub fn of_every(engine: Engine, schema: &'a Schema, scope: &'a Scope<'a>, object: &Object) -> Writer<'a> {
        let mut writer = Writer::new(engine, schema, scope);
        writer.through_all = matches!(writer.sight(object), Sight::Every);
        writer
    }

    /// A name for a table that no other has in this statement.
    pub fn alias(&self) -> String {
        self.aliases.set(self.aliases.get() + 1);
        format!("t{}", self.aliases.get())
    }

    /// True for rows of `alias` that meet the condition.
    pub fn condition(&self, condition: &Resolved, object: &Object, alias: &str) -> Expr {
        self.signed(condition, object, alias, true)
    }

    fn signed(&self, condition: &Resolved, object: &Object, alias: &str, wanted: bool) -> Expr {
        match condition {
            Resolved::Always(truth) if *truth == wanted => dialect::always(),
            Resolved::Always(_) => dialect::never(),
            Resolved::Not(inner) => self.signed(inner, object, alias, !wanted),
            Resolved::All(list) => self.joined(list, object, alias, wanted, wanted),
            Resolved::Any(list) => self.joined(list, object, alias, wanted, !wanted),
            Resolved::Test(test) => self.test(test, object, alias, wanted),
            Resolved::Exists(exists) => self.exists(exists, alias, wanted),
            // Stored rows do not change; a condition for them is not resolved to this.
            Resolved::Changed(_) => {
                if wanted {
                    dialect::never()
                } else {
                    dialect::always()
                }
            }
        }
    }

    /// The parts joined by AND where `all`, else by OR.
    fn joined(&self, list: &[Resolved], object: &Object, alias: &str, wanted: bool, all: bool) -> Expr {
        let parts = list.iter().map(|part| self.signed(part, object, alias, wanted));
        let joined = if all { parts.reduce(|a, b| a.and(b)) } else { parts.reduce(|a, b| a.or(b)) };
        joined.unwrap_or_else(|| if all { dialect::always() } else { dialect::never() })
    }

    fn test(&self, test: &Test, object: &Object, alias: &str, wanted: bool) -> Expr {
        // Tests that are true of blank are the negations of ones that are false of it.
        let (check, wanted) = match opposite(&test.check) {
            Some(positive) => (positive, !wanted),
            None => (test.check.clone(), wanted),
        };
        if test.hops.is_empty() {
            return self.here(test, &check, object, alias, wanted);
        }
        // Across references: is there a visible record at the end of the path that passes? What is out of sight is blank.
        let mut select = Query::select();
        let mut from = alias.to_owned();
        let mut last = object;
        let once = self.through_all && wanted && alias == ROOT;
        for (n, hop) in test.hops.iter().enumerate() {
            let Some(target) = self.schema.object(&hop.object) else { return if wanted { dialect::never() } else { dialect::always() } };
            let to = self.alias();
            let joins = Expr::col((to.clone(), "id")).equals((from.clone(), hop.field.clone()));
            if n == 0 {
                if once {
                    select.column((to.clone(), "id"));
                } else {
                    select.expr(Expr::cust("1")).and_where(joins);
                }
                self.from(&mut select, target, to.clone());
            } else if let Some(rows) = self.veiled(target) {
                select.join_subquery(sea_query::JoinType::InnerJoin, rows, to.clone(), joins);
            } else {
                select.join_as(sea_query::JoinType::InnerJoin, table(&target.key), to.clone(), joins);
            }
            if let Some(visible) = self.visible(target, &to) {
                select.and_where(visible);
            }
            from = to;
            last = target;
        }
        select.and_where(self.here(test, &check, last, &from, true));
        match test.hops.first().filter(|_| once) {
            Some(hop) => dialect::among_looked_up(self.engine, Expr::col((alias.to_owned(), hop.field.clone())), select),
            None => exists_or_not(select, wanted),
        }
    }

    /// A check of a column of `alias`; `check` is false of blank.
    fn here(&self, test: &Test, check: &Check, object: &Object, alias: &str, wanted: bool) -> Expr {
        if test.kind == Kind::LongText {
            return self.long_text(test, check, object, alias, wanted);
        }
        let name = if test.field == "id" { "id".to_owned() } else { compared(&test.field, test.kind) };
        let column = || Expr::col((alias.to_owned(), name.clone()));
        let positive = self.positive(check, column());
        match (wanted, check) {
            (true, _) => positive,
            (false, Check::NotEmpty) => column().is_null(),
            (false, Check::Equal(value)) => match constant(value) {
                Some(value) => column().ne(Expr::val(value)).or(column().is_null()),
                None => dialect::always(),
            },
            // NULL counts as "not".
            (false, _) => positive.not().or(column().is_null()),
        }
    }

    /// A check that is false of blank.
    fn positive(&self, check: &Check, column: Expr) -> Expr {
        let compare = |value: &Value, build: fn(Expr, Expr) -> Expr| match constant(value) {
            Some(value) => build(column.clone(), Expr::val(value)),
            None => dialect::never(),
        };
        match check {
            Check::NotEmpty => column.is_not_null(),
            Check::Equal(v) => compare(v, |a, b| a.eq(b)),
            Check::Less(v) => compare(v, |a, b| a.lt(b)),
            Check::LessOrEqual(v) => compare(v, |a, b| a.lte(b)),
            Check::Greater(v) => compare(v, |a, b| a.gt(b)),
            Check::GreaterOrEqual(v) => compare(v, |a, b| a.gte(b)),
            Check::Between(low, high) => compare(low, |a, b| a.gte(b)).and(compare(high, |a, b| a.lte(b))),
            Check::In(list) => self.one_of(list, column),
            Check::Contains(part) => dialect::has_part(self.engine, column, part),
            Check::StartsWith(part) => dialect::begins_with(column, part),
            Check::EndsWith(part) => dialect::ends_with(column, part),
            Check::HasAny(keys) => keys
                .iter()
                .map(|key| dialect::has_part(self.engine, column.clone(), &format!("|{key}|")))
                .reduce(|a, b| a.or(b))
                .unwrap_or_else(dialect::never),
            // Turned into their opposites before.
            Check::Empty | Check::NotEqual(_) | Check::NotIn(_) | Check::NotContains(_) | Check::HasNone(_) => dialect::never(),
        }
    }

    fn one_of(&self, list: &[Value], column: Expr) -> Expr {
        let ids: Vec<Id> = list.iter().filter_map(Value::as_id).collect();
        let mut texts = Vec::new();
        let mut numbers = Vec::new();
        for value in list {
            match constant(value) {
                Some(sea_query::Value::String(Some(text))) => texts.push(text),
                Some(sea_query::Value::BigInt(Some(n))) => numbers.push(n),
                _ => {}
            }
        }
        if !ids.is_empty() {
            dialect::id_in(self.engine, column, &ids)
        } else if !texts.is_empty() {
            dialect::text_in(self.engine, column, &texts)
        } else {
            dialect::int_in(self.engine, column, &numbers)
        }
    }

    fn long_text(&self, test: &Test, check: &Check, object: &Object, alias: &str, wanted: bool) -> Expr {
        let side = self.alias();
        let mut select = Query::select();
        select
            .expr(Expr::cust("1"))
            .from_as("long_text", side.clone())
            .and_where(Expr::col((side.clone(), "object")).eq(object.key.as_str()))
            .and_where(Expr::col((side.clone(), "record")).equals((alias.to_owned(), "id")))
            .and_where(Expr::col((side.clone(), "field")).eq(test.field.as_str()));
        select.and_where_option(self.uncovered(object, alias, &Expr::col((side.clone(), "field"))));
        if *check != Check::NotEmpty {
            select.and_where(self.positive(check, Expr::col((side, "fold"))));
        }
        exists_or_not(select, wanted)
    }

    fn exists(&self, test: &ExistsTest, alias: &str, wanted: bool) -> Expr {
        let Some(child) = self.schema.object(&test.object) else { return if wanted { dialect::never() } else { dialect::always() } };
        let own = self.alias();
        let mut select = Query::select();
        select
            .expr(Expr::cust("1"))
            .and_where(Expr::col((own.clone(), test.via.clone())).equals((alias.to_owned(), "id")))
            .and_where(self.condition(&test.filter, child, &own));
        self.from(&mut select, child, own.clone());
        if let Some(visible) = self.visible(child, &own) {
            select.and_where(visible);
        }
        if let Some(kept) = not_voided(child, &own) {
            select.and_where(kept);
        }
        if test.at_least <= 1 {
            return exists_or_not(select, wanted);
        }
        select.limit(u64::from(test.at_least));
        let counted = self.alias();
        let count = Query::select().expr(Expr::cust("COUNT(1)")).from_subquery(select, counted).to_owned();
        let number = Expr::from(sea_query::SubQueryStatement::SelectStatement(count));
        let least = Expr::val(i64::from(test.at_least));
        if wanted { number.gte(least) } else { number.lt(least) }
    }
}

/// True for records that are not in the recycle bin; `None` for objects without one.
pub(crate) fn not_voided(object: &Object, alias: &str) -> Option<Expr> {
    object.field("lifecycle_status")?;
    let column = || Expr::col((alias.to_owned(), "lifecycle_status"));
    Some(column().ne("voided").or(column().is_null()))
}

/// True for records that count: neither in the recycle bin, nor set aside or waiting for their creation to be approved; `None` for objects that
/// have nothing of the kind.
pub(crate) fn counting(object: &Object, alias: &str) -> Option<Expr> {
    object.field("lifecycle_status")?;
    let column = || Expr::col((alias.to_owned(), "lifecycle_status"));
    let out = [lifecycle::VOIDED, lifecycle::UNDER_REVIEW, lifecycle::INEFFECTIVE];
    Some(column().is_not_in(out).or(column().is_null()))
}

/// True for records in the recycle bin: for none of an object without one.
pub(crate) fn voided(object: &Object, alias: &str) -> Expr {
    match object.field("lifecycle_status") {
        Some(_) => Expr::col((alias.to_owned(), "lifecycle_status")).eq("voided"),
        None => Expr::val(1).eq(0),
    }
}

fn exists_or_not(select: SelectStatement, wanted: bool) -> Expr {
    if wanted { Expr::exists(select) } else { Expr::not_exists(select) }
}

/// For a check that is true of blank, the one whose negation it is.
fn opposite(check: &Check) -> Option<Check> {
    Some(match check {
        Check::Empty => Check::NotEmpty,
        Check::NotEqual(v) => Check::Equal(v.clone()),
        Check::NotIn(list) => Check::In(list.clone()),
        Check::NotContains(part) => Check::Contains(part.clone()),
        Check::HasNone(keys) => Check::HasAny(keys.clone()),
        _ => return None,
    })
}
