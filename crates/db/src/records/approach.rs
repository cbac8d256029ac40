//! How the rows of a page are come by: in the order asked for, or by whose they are. What one costs grows with how rare it is that a row may be
//! seen, what the other costs with how many may be; neither engine knows which.

use model::Object;
use model::condition::{Check, Resolved};
use sea_query::{Expr, ExprTrait, Query as Sql, SelectStatement};

use super::kept::{Kept, added, kept_part, must_hold};
use super::{Query, Scope};
use crate::columns::table;
use crate::condition::{Approach, Writer};
use crate::scope::Sight;
use crate::{Error, Read, dialect};

/// Rows that are counted to learn whether few may be seen.
const COUNTED: u64 = 5_000;
/// So few are always gathered.
const VERY_FEW: u64 = 200;

/// Entries of an index that are passed by in the time of looking up a row.
const INDEX_ALONE: u128 = 8;

/// About how many records a caller sees: of those that may meet the condition, and of all.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub meeting: u64,
    pub of_all: u64,
}

/// Chooses. `known` is how many are seen, where that has been asked before.
pub(super) fn approach(
    tx: &mut Read,
    writer: &Writer<'_>,
    object: &Object,
    query: &Query<'_>,
    known: Option<Seen>,
) -> Result<Approach, Error> {
    // Words choose rows of their own, and so does an owner.
    if query.words.is_some() || query.condition.is_some_and(|condition| asks_for_own(writer, condition)) {
        return Ok(Approach::Planned);
    }
    let asked = known.map_or_else(|| seen(tx, writer, object, query), |seen| Ok(Some(seen)))?;
    let Some(seen) = asked else { return Ok(Approach::Planned) };
    // Owner by owner, few of them may stand behind everybody else's rows.
    if seen.meeting <= VERY_FEW || query.sort.field == "owner" && writer.sees_few_people() {
        return Ok(Approach::Gathered);
    }
    let (sql, params) = dialect::about_how_many(tx.engine(), &table(&object.key));
    let all = tx.all_sql(&sql, &params)?.first().map_or(Ok(0), |row| row.get::<i64>(0))?.unsigned_abs();
    // An index that begins with what the condition asks for has the others out of the way; where it tells the owner, rows of others are
    // passed by without being looked up.
    let (among, cheaper) = match own_order(object, query) {
        Some(keys) if keys.iter().any(|key| key == "owner") => (seen.of_all, INDEX_ALONE),
        Some(_) => (seen.of_all, 1),
        None => (seen.meeting, 1),
    };
    let gone_through = u128::from(query.limit + 1) * u128::from(all) / u128::from(among.clamp(1, u64::MAX)) / cheaper;
    // Whatever is seen is fetched before the condition is asked.
    Ok(if gone_through < u128::from(seen.of_all) { Approach::InOrder } else { Approach::Gathered })
}

/// `None` where it is not by owners and by what is given that records are seen.
pub(super) fn seen(tx: &mut Read, writer: &Writer<'_>, object: &Object, query: &Query<'_>) -> Result<Option<Seen>, Error> {
    let Sight::ByOwner { owners, mut given } = writer.sight(object) else { return Ok(None) };
    let part = kept_part(query.condition);
    let (meeting, of_all) = match Kept::of(tx, writer, object, Some(&part)) {
        Some(kept) => {
            // What meets the condition, and all that is seen, in one go.
            let mut select = kept.rows_of_owners(writer);
            let meets = sea_query::CaseStatement::new().case(writer.condition(&part, object, super::list::ROOT), Expr::col("records"));
            select.expr(Expr::from(sea_query::Func::coalesce([
                Expr::from(sea_query::Func::sum(meets.finally(Expr::cust("0")))).cast_as("BIGINT"),
                Expr::cust("0"),
            ])));
            select.expr(added("records"));
            let row = tx.all_once(&select)?.into_iter().next().ok_or(Error::NoRow)?;
            (row.get::<i64>(0)?.unsigned_abs(), row.get::<i64>(1)?.unsigned_abs())
        }
        None => {
            let within = Sql::select()
                .expr(Expr::cust("1"))
                .from(table(&object.key))
                .and_where(dialect::among_few(tx.engine(), Expr::col("owner"), *owners))
                .to_owned();
            let many = up_to(tx, within)?;
            (many, many)
        }
    };
    let given = up_to(tx, given.expr(Expr::cust("1")).to_owned())?;
    Ok(Some(Seen { meeting: meeting + given, of_all: of_all + given }))
}

/// True where nothing but the caller's own records meet a condition: these he sees, whatever else he may, so nothing need be asked about it.
pub(super) fn asks_for_own(writer: &Writer<'_>, condition: &Resolved) -> bool {
    let Scope::Of(viewer) = writer.scope else { return false };
    let mut own = false;
    must_hold(Some(condition), &mut |part| {
        if let Resolved::Test(test) = part
            && test.hops.is_empty()
            && test.field == "owner"
        {
            own |= match &test.check {
                Check::Equal(owner) => owner.as_id() == Some(viewer.id),
                Check::In(owners) => !owners.is_empty() && owners.iter().all(|owner| owner.as_id() == Some(viewer.id)),
                _ => false,
            };
        }
    });
    own
}

/// How many rows there are, counted no further than [`COUNTED`].
fn up_to(tx: &mut Read, mut rows: SelectStatement) -> Result<u64, Error> {
    let count = Sql::select().expr(Expr::cust("COUNT(1)")).from_subquery(rows.limit(COUNTED).to_owned(), "few").to_owned();
    Ok(tx.one(&count)?.get::<i64>(0)?.unsigned_abs())
}

/// The index of the object that has the order asked for behind fields of which the condition asks for one value.
fn own_order<'a>(object: &'a Object, query: &Query<'_>) -> Option<&'a [String]> {
    let mut equal = Vec::new();
    must_hold(query.condition, &mut |part| {
        if let Resolved::Test(test) = part
            && test.hops.is_empty()
            && matches!(test.check, Check::Equal(_))
        {
            equal.push(test.field.as_str());
        }
    });
    let fits = |keys: &[String]| {
        let place = keys.iter().position(|key| *key == query.sort.field);
        place.is_some_and(|place| place > 0 && keys[..place].iter().all(|key| equal.contains(&key.as_str())))
    };
    object.indexes.iter().map(Vec::as_slice).find(|keys| fits(keys))
}
