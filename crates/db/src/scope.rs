//! Who may see a record, as SQL (spec/01, Access 2). There is no way to records around it.

use model::field::Kind;
use model::{Base, Field, Id, Object};
use sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType};

use crate::columns::table;
use crate::condition::{Approach, Writer};
use crate::dialect;
use crate::records::{ROOT, Scope, Viewer};

/// How far visibility is taken from parents' parents.
pub const DEPTH: usize = 4;
/// Up to so many people whose records one sees, these are fetched by their index; beyond, rows are walked in the order asked for
/// and each is looked up.
const FEW: u32 = 50;

/// How a caller comes to see an object's records, for those who ask sets of them at once.
pub(crate) enum Sight {
    /// He sees every one.
    Every,
    /// Those of the owners whom he sees, and those that are given to him.
    ByOwner { owners: Box<SelectStatement>, given: Box<SelectStatement> },
    /// In other ways besides.
    Otherwise,
}

impl Writer<'_> {
    /// How the caller comes to see records of the object.
    pub fn sight(&self, object: &Object) -> Sight {
        let Scope::Of(viewer) = self.scope else { return Sight::Every };
        if self.visible(object, "sight").is_none() {
            return Sight::Every;
        }
        if object.base != Base::Private || object.field("owner").is_none() || object.lender().is_some() {
            return Sight::Otherwise;
        }
        Sight::ByOwner { owners: Box::new(owners_seen_by(viewer.id)), given: Box::new(given_to(viewer, &object.key)) }
    }

    /// True for one who sees the records of few people.
    pub fn sees_few_people(&self) -> bool {
        matches!(self.scope, Scope::Of(viewer) if viewer.people <= FEW)
    }

    /// True for rows of `alias` that the caller may see; `None` when that is every row.
    ///
    /// Seen is a record when the object is public, the viewer's role sees all, he sees the owner's records, the record is given to him,
    /// his department or group, or its parent is seen.
    pub fn visible(&self, object: &Object, alias: &str) -> Option<Expr> {
        match self.scope {
            Scope::All(_) => None,
            Scope::Of(viewer) if viewer.sees_all => None,
            Scope::Of(viewer) => self.seen_by(viewer, object, alias, &mut Vec::new()),
        }
    }

    fn seen_by(&self, viewer: &Viewer, object: &Object, alias: &str, path: &mut Vec<String>) -> Option<Expr> {
        if matches!(object.base, Base::PublicRead | Base::PublicWrite) {
            return None;
        }
        // Where all that may be seen is fetched, its ids are put together first: neither engine knows how few of an OR of both are left, and where
        // each of few people has many records, both would look through the whole table.
        if self.approach == Approach::Gathered && alias == ROOT && object.field("owner").is_some() && object.lender().is_none() {
            let own = self.alias();
            let mut ids = Query::select();
            let owner = dialect::among_few(self.engine, Expr::col((own.clone(), "owner")), owners_seen_by(viewer.id));
            ids.column((own.clone(), "id")).from_as(table(&object.key), own).and_where(owner);
            ids.union(UnionType::Distinct, given_to(viewer, &object.key));
            return Some(dialect::among_few(self.engine, Expr::col((alias.to_owned(), "id")), ids));
        }
        let among = |column: &str, ids: SelectStatement| {
            let column = Expr::col((alias.to_owned(), column.to_owned()));
            match self.approach {
                Approach::InOrder => dialect::among_looked_up(self.engine, column, ids),
                Approach::Gathered => dialect::among_few(self.engine, column, ids),
                Approach::Planned if viewer.people <= FEW => dialect::among_few(self.engine, column, ids),
                Approach::Planned => column.in_subquery(ids),
            }
        };
        let mut seen = among("id", given_to(viewer, &object.key));
        if object.field("owner").is_some() {
            seen = among("owner", owners_seen_by(viewer.id)).or(seen);
        }
        path.push(object.key.clone());
        if let Some(parent) = object.lender()
            && path.len() < DEPTH
        {
            for arm in self.through(viewer, parent, alias, path) {
                seen = seen.or(arm);
            }
        }
        path.pop();
        Some(seen)
    }

    /// The arms by which the record in the field `parent` lends its visibility.
    fn through(&self, viewer: &Viewer, field: &Field, alias: &str, path: &mut Vec<String>) -> Vec<Expr> {
        if field.kind.kind() == Kind::Regarding {
            return self.through_any(viewer, &field.key, alias, path);
        }
        let refers = || Expr::col((alias.to_owned(), field.key.clone()));
        let target = field.kind.target().and_then(|target| self.schema.object(target)).filter(|target| !path.contains(&target.key));
        let Some(target) = target else { return Vec::new() };
        let above = self.alias();
        vec![match self.seen_by(viewer, target, &above, path) {
            None => refers().is_not_null(),
            Some(seen) => refers()
                .in_subquery(Query::select().column((above.clone(), "id")).from_as(table(&target.key), above).and_where(seen).to_owned()),
        }]
    }

    /// As [`Writer::through`], where a record of any object may stand in the field: each row asks for its own one, so that what this costs
    /// does not grow with how much the viewer sees of all those objects.
    fn through_any(&self, viewer: &Viewer, field: &str, alias: &str, path: &mut Vec<String>) -> Vec<Expr> {
        let object = || Expr::col((alias.to_owned(), format!("{field}_object")));
        let (mut arms, mut open) = (Vec::new(), Vec::new());
        for target in self.schema.objects() {
            // What hangs on others is itself hung on by nothing.
            if path.contains(&target.key) || target.hangs_by().is_some() {
                continue;
            }
            let above = self.alias();
            let Some(seen) = self.seen_by(viewer, target, &above, path) else {
                open.push(target.key.as_str());
                continue;
            };
            let mut one = Query::select();
            one.expr(Expr::cust("1"))
                .from_as(table(&target.key), above.clone())
                .and_where(Expr::col((above, "id")).equals((alias.to_owned(), field.to_owned())))
                .and_where(seen);
            dialect::first_of_all(self.engine, &mut one);
            arms.push(object().eq(target.key.as_str()).and(Expr::exists(one)));
        }
        if !open.is_empty() {
            arms.insert(0, object().is_in(open));
        }
        arms
    }
}

fn owners_seen_by(viewer: Id) -> SelectStatement {
    Query::select().column("owner").from("sees").and_where(Expr::col("viewer").eq(viewer.0)).to_owned()
}

fn given_to(viewer: &Viewer, object: &str) -> SelectStatement {
    let principals = dialect::padded(&viewer.principals);
    let mut select = Query::select();
    select.column("record").from("grant_to").and_where(Expr::col("object").eq(object));
    match principals.as_slice() {
        [] => select.and_where(dialect::never()),
        principals => select.and_where(Expr::col("principal").is_in(principals.iter().map(|id| id.0))),
    };
    select.to_owned()
}
