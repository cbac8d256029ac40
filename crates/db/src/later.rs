//! Rows that can wait for the next round trip: inserts of which nobody needs the outcome go in together, into however many tables, in one
//! statement of PostgreSQL (core rule 14). They are there before any other statement runs, and before the transaction commits.

use crate::dialect;
use crate::param::Param;

/// Rows for one table.
#[derive(Clone, Debug)]
pub(crate) struct Later {
    pub table: String,
    pub columns: Vec<String>,
    /// Columns that are added to where the row is there already; none: it is not.
    pub added: Vec<String>,
    /// One array a column.
    pub arrays: Vec<Param>,
}

/// One statement for all of them, in their order, with its parameters.
pub(crate) fn together(parts: Vec<Later>) -> (String, Vec<Param>) {
    let (mut texts, mut params) = (Vec::with_capacity(parts.len()), Vec::new());
    for part in parts {
        texts.push(text(&part, params.len()));
        params.extend(part.arrays);
    }
    let last = texts.pop().unwrap_or_default();
    let first: Vec<String> = texts.iter().enumerate().map(|(at, text)| format!("w{at} AS ({text})")).collect();
    (if first.is_empty() { last } else { format!("WITH {} {last}", first.join(", ")) }, params)
}

/// `from`: how many parameters stand before its own.
fn text(part: &Later, from: usize) -> String {
    let columns: Vec<&str> = part.columns.iter().map(String::as_str).collect();
    let added: Vec<&str> = part.added.iter().map(String::as_str).collect();
    match added.is_empty() {
        true => dialect::insert_unnest(&part.table, &columns, &part.arrays, from),
        false => dialect::add_unnest(&part.table, &columns, &added, &part.arrays, from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_together_is_one_statement() {
        let part = |table: &str, added: &[&str]| Later {
            table: table.into(),
            columns: vec!["id".into(), "n".into()],
            added: added.iter().map(|column| (*column).to_owned()).collect(),
            arrays: vec![Param::Ids(vec![None]), Param::Ints(vec![Some(1)])],
        };
        let (sql, params) = together(vec![part("a", &[]), part("b", &["n"])]);
        assert_eq!(params.len(), 4);
        assert_eq!(
            sql,
            "WITH w0 AS (INSERT INTO \"a\" (\"id\", \"n\") SELECT \"id\", \"n\" FROM UNNEST($1::uuid[], $2::bigint[]) AS t(\"id\", \"n\")) \
             INSERT INTO \"b\" (\"id\", \"n\") SELECT \"id\", \"n\" FROM UNNEST($3::uuid[], $4::bigint[]) AS t(\"id\", \"n\") \
             ON CONFLICT (\"id\") DO UPDATE SET \"n\" = \"b\".\"n\" + excluded.\"n\""
        );
        assert!(!together(vec![part("a", &[])]).0.starts_with("WITH"));
    }
}
