//! Amounts in the main currency, set anew when a rate changes.

use model::{Amount, Currency, Id, Object};
use sea_query::{CaseStatement, Expr, ExprTrait, Order, Query};

use crate::columns::table;
use crate::{Error, Read, Write};

/// A page of the amounts of `field` in `currency`, by id: (record, amount, amount in the main currency as it stands).
/// `only` narrows it to records with a key in another field: the open deals.
pub fn amounts_in(
    tx: &mut Read,
    object: &Object,
    field: &str,
    currency: Currency,
    only: Option<(&str, &str)>,
    after: Option<Id>,
    limit: u32,
) -> Result<Vec<(Id, Amount, Option<Amount>)>, Error> {
    let mut select = Query::select();
    select
        .columns(["id".to_owned(), field.to_owned(), format!("{field}_main")])
        .from(table(&object.key))
        .and_where(Expr::col(format!("{field}_currency")).eq(currency.code()))
        .and_where(Expr::col(field.to_owned()).is_not_null())
        .order_by("id", Order::Asc)
        .limit(u64::from(limit));
    if let Some((column, key)) = only {
        select.and_where(Expr::col(column.to_owned()).eq(key));
    }
    if let Some(id) = after {
        select.and_where(Expr::col("id").gt(id.0));
    }
    tx.all(&select)?.iter().map(|row| Ok((row.get(0)?, Amount(row.get(1)?), row.get::<Option<i64>>(2)?.map(Amount)))).collect()
}

/// Sets amounts in the main currency, nothing else: neither version nor revision tells of it, since nobody changed the record.
pub fn set_mains(tx: &mut Write, object: &Object, field: &str, mains: &[(Id, Amount)]) -> Result<(), Error> {
    if mains.is_empty() {
        return Ok(());
    }
    let column = format!("{field}_main");
    let mut by_id = CaseStatement::new();
    for (id, main) in mains {
        by_id = by_id.case(Expr::col("id").eq(id.0), Expr::val(main.0));
    }
    tx.execute(
        Query::update()
            .table(table(&object.key))
            .value(column.clone(), by_id.finally(Expr::col(column)))
            .and_where(Expr::col("id").is_in(mains.iter().map(|(id, _)| id.0))),
    )?;
    Ok(())
}
