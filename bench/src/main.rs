//! The benchmarks: one command, one table. Data come from a generator with a seed; both databases are measured in the same run.
//!
//! `bench` measures S (10,000 opportunities), M (100,000) and L (1,000,000) on SQLite and, where `STAGECRAFT_TEST_POSTGRES` names a server, on
//! PostgreSQL, and writes the tables to docs/benchmarks.md. `bench fill M URL` leaves a filled database. `bench S`, `bench M` and `bench L`
//! measure that alone and write nothing, `bench table` the first table alone; `bench scope` measures what lists and boards cost whom, at M and at L, and writes that; `bench analysis`
//! what analyses cost whom at S, M and L (or at the size that is named, and then nothing is written); `bench growth` what each act costs as
//! records become more, and people, with curves; `bench try`
//! what it costs to try a process on the moves that were made; `bench names` how many names of companies are
//! recognised; `bench holding` what a limit costs whoever is given something; `bench approvals` what waits
//! while 10,000 approvals run; `bench alike` what it costs to find
//! alike records among 300,000 accounts, `bench print` what it takes to print a quote, `bench import` what rules of duplicates and limits cost an import into 300,000 deals (or as many
//! as are named, and then nothing is written).

mod alike;
mod analysis;
mod approvals;
mod data;
mod engines;
mod files;
mod growth;
mod holding;
mod imports;
mod large;
mod names;
mod past;
mod printing;
mod program;
mod scope;
mod table;
mod trying;
mod work;

use std::process::ExitCode;

use data::Size;
use table::Table;

/// The server's, as it takes its memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    let words: Vec<String> = std::env::args().skip(1).collect();
    let size = |word: Option<&String>| [Size::S, Size::M, Size::L].into_iter().find(|size| word.is_some_and(|word| word == size.name()));
    let done = match words.first().map(String::as_str) {
        Some("fill") => fill(size(words.get(1)), words.get(2).map(String::as_str)),
        Some("scope") => scope(&[Size::M, Size::L], true),
        Some("analysis") => match size(words.get(1)) {
            Some(size) => analyses(&[size], false),
            None => analyses(&[Size::S, Size::M, Size::L], true),
        },
        Some("growth") => growing(words.get(1).map(String::as_str)),
        Some("try") => trying(),
        Some("names") => names(),
        Some("holding") => limits(),
        Some("approvals") => running(),
        Some("alike") => alike(words.get(1).and_then(|many| many.parse().ok())),
        Some("import") => imports(words.get(1).and_then(|many| many.parse().ok())),
        Some("print") => printing(),
        Some("L") => scope(&[Size::L], false),
        Some("table") => measure(None),
        only => match size(words.first()) {
            None if only.is_some() => {
                Err("S, M, L, table, scope, analysis, growth, try, names, holding, approvals, alike, import, print, or fill SIZE URL"
                    .into())
            }
            None => measure(None)
                .and_then(|()| names())
                .and_then(|()| trying())
                .and_then(|()| limits())
                .and_then(|()| running())
                .and_then(|()| alike(None))
                .and_then(|()| imports(None))
                .and_then(|()| printing())
                .and_then(|()| scope(&[Size::M, Size::L], true))
                .and_then(|()| analyses(&[Size::S, Size::M, Size::L], true))
                .and_then(|()| growing(None)),
            one => measure(one),
        },
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("bench: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Fills an empty database and leaves it: for what is measured from outside.
fn fill(size: Option<Size>, url: Option<&str>) -> Fallible<()> {
    let (Some(size), Some(url)) = (size, url) else { return Err("fill S|M sqlite:/path/to/file or postgres://…".into()) };
    let house = stagecraft_core::House::open(db::Db::open(url, db::Options::default())?)?;
    match size {
        Size::L => large::fill_or_find(&house, size)?,
        _ => data::fill(&house, size)?,
    };
    Ok(())
}

/// What lists and boards cost whom.
fn scope(sizes: &[Size], publish: bool) -> Fallible<()> {
    let mut table = Table::default();
    for size in sizes {
        for place in if *size == Size::L { engines::kept()? } else { engines::all()? } {
            let title = format!("{} {}", place.engine, size.name());
            eprintln!("{title}: {} opportunities", size.opportunities());
            let house = place.open()?;
            let data = large::fill_or_find(&house, *size)?;
            scope::measure(&house, &data, &mut table.column(&title))?;
        }
    }
    let text = table.text();
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
    if publish { table::publish("scope", &text) } else { Ok(()) }
}

/// What analyses cost whom.
fn analyses(sizes: &[Size], publish: bool) -> Fallible<()> {
    let mut table = Table::default();
    for size in sizes {
        for place in if *size == Size::L { engines::kept()? } else { engines::all()? } {
            let title = format!("{} {}", place.engine, size.name());
            eprintln!("{title}: {} opportunities", size.opportunities());
            let house = place.open()?;
            let data = large::fill_or_find(&house, *size)?;
            let mut column = table.column(&title);
            analysis::measure(&house, &data, &mut column)?;
            past::measure(&house, &data, &mut column)?;
        }
    }
    let text = table.text();
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
    if publish { table::publish("analysis", &text) } else { Ok(()) }
}

/// What each act costs as records become more, and people; of one of the two alone where it is named, and then nothing is published.
fn growing(only: Option<&str>) -> Fallible<()> {
    let mut text = String::new();
    for along in growth::Along::ALL.into_iter().filter(|along| only.is_none_or(|only| only == along.key())) {
        let table = growth::measure(along, only.is_none())?;
        let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{}\n", table.text()));
    }
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
    if only.is_none() { table::publish("growth", text.trim_end()) } else { Ok(()) }
}

/// What it costs to try a process before it is published.
fn trying() -> Fallible<()> {
    let mut table = Table::default();
    for place in engines::all()? {
        eprintln!("{}: making moves", place.engine);
        trying::measure(&place.open()?, &mut table.column(place.engine))?;
    }
    let text = table.text();
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
    table::publish("try", &text)
}

/// How many names of companies are recognised, and what it takes.
fn names() -> Fallible<()> {
    let (mut found, mut cost) = (Table::default(), Table::default());
    names::measure(&mut found)?;
    names::cost(&mut cost)?;
    let text = format!("{}\n{}", found.text(), cost.text());
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
    table::publish("names", &text)
}

/// What it costs to give somebody something under a limit.
fn limits() -> Fallible<()> {
    let mut table = Table::default();
    for place in engines::all()? {
        let mut column = table.column(place.engine);
        eprintln!("{}: giving deals", place.engine);
        holding::measure(&place, &mut column)?;
        eprintln!("{}: giving two hundred thousand to twenty people", place.engine);
        holding::much(&place, &mut column)?;
    }
    let text = table.text();
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
    table::publish("holding", &text)
}

/// What waits while many approvals run, and what answering many at once costs.
fn running() -> Fallible<()> {
    let mut table = Table::default();
    for place in engines::all()? {
        eprintln!("{}: asking for approvals", place.engine);
        approvals::measure(&place, &mut table.column(place.engine))?;
    }
    let text = table.text();
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
    table::publish("approvals", &text)
}

/// What it costs to find alike records, and how many are found.
fn alike(only: Option<usize>) -> Fallible<()> {
    let mut table = Table::default();
    for place in engines::all()? {
        eprintln!("{}: entering accounts", place.engine);
        alike::measure(&place.open()?, only.unwrap_or(300_000), &mut table.column(place.engine))?;
    }
    let text = table.text();
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
    if only.is_some() { Ok(()) } else { table::publish("alike", &text) }
}

/// What rules cost an import.
fn imports(only: Option<usize>) -> Fallible<()> {
    let mut table = Table::default();
    for place in engines::all()? {
        eprintln!("{}: entering deals", place.engine);
        imports::measure(&place.open()?, only, &mut table.column(place.engine))?;
    }
    let text = table.text();
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
    if only.is_some() { Ok(()) } else { table::publish("import", &text) }
}

/// What it takes to print a quote.
fn printing() -> Fallible<()> {
    let mut table = Table::default();
    printing::measure(&mut table)?;
    let text = table.text();
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
    table::publish("print", &text)
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
        table::publish("table", &text)?;
    }
    Ok(())
}
