//! What it takes to print a quote.

use std::time::Instant;

use model::Currency;
use print::{Language, Letterhead, sample};

use crate::Fallible;
use crate::table::Table;

/// Runs of each; the middle one counts.
const RUNS: usize = 9;

/// One column for each language, one row for each length.
pub fn measure(table: &mut Table) -> Fallible<()> {
    for (title, language, currency) in [("English", Language::English, "EUR"), ("Chinese", Language::Chinese, "CNY")] {
        let currency: Currency = currency.parse().map_err(|()| "no currency")?;
        let letterhead = Letterhead { name: "Northwind Pumps GmbH".to_owned(), ..Letterhead::default() };
        let mut column = table.column(title);
        for lines in [1, 30, 500] {
            let paper = sample::quote(letterhead.clone(), language, currency, lines);
            let mut bytes = 0;
            let mut taken = Vec::with_capacity(RUNS);
            for _ in 0..RUNS {
                let begun = Instant::now();
                bytes = print::pdf(&paper)?.len();
                taken.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
            taken.sort_by(f64::total_cmp);
            column.put(&format!("a quote of {lines} lines"), format!("{:.0} ms, {} kB", taken[RUNS / 2], bytes.div_ceil(1000)));
        }
    }
    Ok(())
}
