//! The benchmarks: one command, one table. Data come from a generator with a seed; both databases are measured in the same run.
//!
//! `bench` measures S (10,000 opportunities) and M (100,000) on SQLite and, where `STAGECRAFT_TEST_POSTGRES` names a server, on PostgreSQL,
//! and writes the table to docs/benchmarks.md. `bench S` and `bench M` measure that alone and write nothing.

mod data;
mod engines;
mod files;
mod program;
mod table;
mod work;

use std::process::ExitCode;

use data::Size;
use table::Table;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let only = [Size::S, Size::M].into_iter().find(|size| std::env::args().nth(1).as_deref() == Some(size.name()));
    match measure(only) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("bench: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn measure(only: Option<Size>) -> Fallible<()> {
    let mut table = Table::default();
    for size in [Size::S, Size::M] {
        if only.is_some_and(|only| only != size) {
            continue;
        }
        for place in engines::all()? {
            let title = format!("{} {}", place.engine, size.name());
            eprintln!("{title}: loading {} opportunities", size.opportunities());
            work::measure(&place, size, &mut table.column(&title))?;
        }
    }
    program::measure(&mut table)?;
    let text = table.text();
    let mut out = std::io::stdout();
    std::io::Write::write_all(&mut out, text.as_bytes())?;
    if only.is_none() {
        table::publish(&text)?;
    }
    Ok(())
}
