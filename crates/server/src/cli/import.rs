//! `stagecraft import`.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value as Json;
use stagecraft_core::imports::{self, Keys, Mode, OnBlank, Options, Plan, Target};
use stagecraft_core::{Credential, House, Limits};

use super::open::{AT_THE_MACHINE, sentence};
use super::{Outcome, open, people, say};
use crate::config::Store;

pub(super) const EXAMPLES: &str = "\
Examples:
  stagecraft import accounts accounts.csv --map company=name --map city=city
  stagecraft import opportunities pipeline.xlsx --map title=name --map 'account name'=account --map value=amount \\
      --mode upsert --key external:deal_id --source oldcrm --dry-run
  stagecraft import --plan b2b-sales data/b2b-sales --value product:GTXPro='GTX Pro' --failed failed.csv

Columns that are called like a field need no --map; --map notes= leaves a column out. Nothing is guessed: values that cannot be placed are
named with line, column and reason, and near ones are offered, to be applied with --value. The same file again changes nothing.
The exit code is 0 when everything went in, 2 when rows or values stayed out, and 1 when nothing could be done.";

/// `stagecraft import`.
#[derive(Args, Debug)]
pub struct Import {
    /// What the rows are (opportunities, accounts, contacts …), then a CSV or XLSX file; with --plan the folder of its files
    #[arg(value_name = "OBJECT FILE", num_args = 1..=2, required = true)]
    pub what: Vec<PathBuf>,
    /// What the rows are, where the file alone is given
    #[arg(long, value_name = "KEY", conflicts_with = "plan")]
    pub object: Option<String>,
    /// Field of a column; may be repeated
    #[arg(long = "map", value_name = "COLUMN=FIELD", value_parser = pair)]
    pub maps: Vec<(String, String)>,
    /// What a column's text stands for; may be repeated
    #[arg(long = "value", value_name = "COLUMN:FROM=TO", value_parser = value)]
    pub values: Vec<(String, String, String)>,
    /// New records only, known ones only, or both
    #[arg(long, value_enum, default_value = "upsert", conflicts_with = "plan")]
    pub mode: HowMode,
    /// How rows find their records: a unique field, external:COLUMN for ids of another system, or id:COLUMN for our own
    #[arg(long, value_name = "KEY", conflicts_with = "plan")]
    pub key: Option<String>,
    /// Short for --key external:COLUMN
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["plan", "key"])]
    pub external_id: Option<String>,
    /// Name of the other system [default: the file's name]
    #[arg(long, value_name = "NAME", conflicts_with = "plan")]
    pub source: Option<String>,
    /// Rows carry their past: created_at, stage_entered_at and closed_at may be mapped
    #[arg(long, conflicts_with = "plan")]
    pub history: bool,
    /// A column of references whose unknown names are made into records; may be repeated
    #[arg(long, value_name = "COLUMN", conflicts_with = "plan")]
    pub create_missing: Vec<String>,
    /// Whom new records belong to whose row names no owner: a name, e-mail address or id
    #[arg(long, value_name = "PERSON", conflicts_with = "plan")]
    pub owner: Option<String>,
    /// A blank cell empties the field of a record that is there
    #[arg(long, conflicts_with = "plan")]
    pub clear_blanks: bool,
    /// The sheet of a spreadsheet [default: the first]
    #[arg(long, value_name = "NAME", conflicts_with = "plan")]
    pub sheet: Option<String>,
    /// A whole system: b2b-sales, or a plan of your own as a JSON file
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<String>,
    /// Import in the name of this person (e-mail), with this person's rights
    #[arg(long = "as", value_name = "EMAIL")]
    pub person: Option<String>,
    /// Write all problems to this CSV file
    #[arg(long, value_name = "FILE")]
    pub problems: Option<PathBuf>,
    /// Write the rows that stayed out to this CSV file, ready to be corrected and imported again
    #[arg(long, value_name = "FILE")]
    pub failed: Option<PathBuf>,
    /// Judge everything, store nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What becomes of rows by whether their record is there.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum HowMode {
    Insert,
    Update,
    Upsert,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (left, right) = text.split_once('=').ok_or("write COLUMN=FIELD, as company=name")?;
    Ok((left.to_owned(), right.to_owned()))
}

fn value(text: &str) -> Result<(String, String, String), String> {
    let how = "write COLUMN:FROM=TO, as product:GTXPro='GTX Pro'";
    let (column, rest) = text.split_once(':').ok_or(how)?;
    let (from, to) = rest.split_once('=').ok_or(how)?;
    Ok((column.to_owned(), from.to_owned(), to.to_owned()))
}

/// Imports and tells what it came to; whether rows or values stayed out.
pub fn run(store: &Store, asked: &Import) -> Result<bool, String> {
    let house = open::house(store, false)?;
    let credential = match &asked.person {
        Some(email) => Credential::Person(people::find(&house, email)?.ok_or_else(|| format!("nobody has the e-mail {email}"))?),
        None => AT_THE_MACHINE,
    };
    let mut values: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (column, from, to) in &asked.values {
        values.entry(column.clone()).or_default().insert(from.clone(), to.clone());
    }
    let done = match &asked.plan {
        Some(name) => by_plan(&house, &credential, asked, name, &values)?,
        None => one(&house, &credential, asked, values)?,
    };
    tell(&done)?;
    let id = done["id"].as_str().and_then(|id| id.parse().ok()).ok_or("the import has no id")?;
    let fault = |error| sentence(&house, error, "opportunity");
    if let Some(path) = &asked.problems {
        imports::problems_csv(&house, &credential, &Limits::default(), id, create(path)?).map_err(fault)?;
        say(&format!("All problems are in {}.", path.display()))?;
    }
    if let Some(path) = &asked.failed {
        imports::failed_csv(&house, &credential, &Limits::default(), id, None, create(path)?).map_err(fault)?;
        say(&format!("The rows that stayed out are in {}.", path.display()))?;
    }
    if done["state"] != "done" {
        return Err(format!("the import has failed: {}", done["error"].as_str().unwrap_or("it was ended")));
    }
    Ok(done["problem_count"].as_u64().unwrap_or(0) > 0)
}

fn create(path: &Path) -> Result<std::io::BufWriter<std::fs::File>, String> {
    let file = std::fs::File::create(path).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    Ok(std::io::BufWriter::new(file))
}

/// The object that a word means: its key, or its name in one or many.
fn object_of(house: &House, word: &str) -> Result<String, String> {
    let meta = house.meta();
    let plain = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
    let called = |object: &model::Object| {
        let names = object.label.0.values().chain(object.plural.0.values()).map(String::as_str).chain([object.key.as_str()]);
        names.into_iter().any(|name| plain(name) == plain(word))
    };
    let mut known = meta.order.iter().filter_map(|key| meta.schema.object(key));
    let names = || meta.order.join(", ");
    known
        .find(|object| called(object))
        .map(|object| object.key.clone())
        .ok_or_else(|| format!("there is no object `{word}`; there is: {}", names()))
}

fn one(house: &House, credential: &Credential, asked: &Import, values: BTreeMap<String, BTreeMap<String, String>>) -> Result<Json, String> {
    let word = || asked.what.first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
    let (object, path) = match (&asked.what[..], &asked.object) {
        ([_, path], None) => (word(), path),
        ([path], Some(object)) => (object.clone(), path),
        _ => return Err("say what the rows are and which file: stagecraft import opportunities pipeline.csv".into()),
    };
    let object = object_of(house, &object)?;
    let name = path.file_name().map_or_else(|| "file.csv".to_owned(), |name| name.to_string_lossy().into_owned());
    let mut mapping: BTreeMap<String, Option<Target>> = BTreeMap::new();
    for (column, field) in &asked.maps {
        mapping.insert(column.clone(), (!field.is_empty()).then(|| Target::One(field.clone())));
    }
    let source = asked.source.clone().unwrap_or_else(|| name.clone());
    let options = Options {
        object: object.clone(),
        mapping,
        mode: match asked.mode {
            HowMode::Insert => Mode::Insert,
            HowMode::Update => Mode::Update,
            HowMode::Upsert => Mode::Upsert,
        },
        keys: keys(asked, source),
        values,
        history: asked.history,
        dry_run: asked.dry_run,
        create_missing: asked.create_missing.clone(),
        default_owner: asked.owner.clone(),
        on_blank: if asked.clear_blanks { OnBlank::Clear } else { OnBlank::Keep },
        sheet: asked.sheet.clone(),
        ..Options::default()
    };
    let bytes = read(path)?;
    let mut progress = Progress::new();
    let origin = model::Via::Import.into();
    imports::run_from(house, credential, &origin, &options, &name, &bytes, |import| progress.show(import))
        .map_err(|error| sentence(house, error, &object))
}

fn keys(asked: &Import, source: String) -> Option<Keys> {
    let external =
        |column: &str| Keys { external_source: Some(source.clone()), external_column: Some(column.to_owned()), ..Keys::default() };
    match (asked.external_id.as_deref(), asked.key.as_deref().map(|key| (key, key.split_once(':')))) {
        (Some(column), _) | (None, Some((_, Some(("external", column))))) => Some(external(column)),
        (None, Some((_, Some(("id", column))))) => Some(Keys { id_column: Some(column.to_owned()), ..Keys::default() }),
        (None, Some((field, _))) => Some(Keys { field: Some(field.to_owned()), ..Keys::default() }),
        (None, None) => None,
    }
}

fn by_plan(
    house: &House,
    credential: &Credential,
    asked: &Import,
    name: &str,
    values: &BTreeMap<String, BTreeMap<String, String>>,
) -> Result<Json, String> {
    let [folder] = &asked.what[..] else { return Err("with --plan say the folder of its files".into()) };
    let plan = if Path::new(name).extension().is_some_and(|end| end == "json") {
        Plan::from_json(&String::from_utf8_lossy(&read(Path::new(name))?)).map_err(|error| error.to_string())?
    } else {
        let known = || format!("there is no plan `{name}`; there is: {}", Plan::shipped().collect::<Vec<_>>().join(", "));
        Plan::named(name).map_err(|_| known())?
    };
    let mut files = BTreeMap::new();
    for file in plan.files() {
        files.insert(file.to_owned(), read(&folder.join(file))?);
    }
    let mut progress = Progress::new();
    imports::run_plan(house, credential, &plan, &files, values, asked.dry_run, |import| progress.show(import))
        .map_err(|error| sentence(house, error, "opportunity"))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// A line that tells how far it is, on a terminal; elsewhere nothing.
struct Progress {
    terminal: bool,
    began: std::time::Instant,
}

impl Progress {
    fn new() -> Progress {
        Progress { terminal: std::io::stderr().is_terminal(), began: std::time::Instant::now() }
    }

    fn show(&mut self, import: &Json) {
        if !self.terminal {
            return;
        }
        let n = |key: &str| import[key].as_u64().unwrap_or(0);
        let (rows, done) = (n("rows").max(1), n("done"));
        let seconds = self.began.elapsed().as_secs_f64().max(0.001);
        let bar = "#".repeat((done * 30 / rows) as usize);
        let _ = write!(
            std::io::stderr(),
            "\r[{bar:<30}] {done} of {rows} rows, {} problems, {:.0} rows/s ",
            n("problem_count"),
            done as f64 / seconds
        );
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.terminal {
            let _ = write!(std::io::stderr(), "\r{:80}\r", "");
        }
    }
}

fn tell(import: &Json) -> Outcome {
    let text = |json: &Json| json.as_str().unwrap_or("").to_owned();
    for step in import["steps"].as_array().into_iter().flatten() {
        let n = |key: &str| step[key].as_u64().unwrap_or(0);
        say(&format!(
            "{} ({}): {} rows, {} created, {} updated, {} unchanged, {} skipped, {} failed",
            text(&step["file_name"]),
            text(&step["object"]),
            n("done"),
            n("created"),
            n("updated"),
            n("unchanged"),
            n("skipped"),
            n("failed")
        ))?;
    }
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for problem in import["problems"].as_array().into_iter().flatten() {
        let sort = format!("{} {}", text(&problem["column"]), text(&problem["code"]));
        let count = seen.entry(sort).or_default();
        *count += 1;
        // A few of each sort show what it is about; the file of problems has them all.
        if *count <= 3 {
            say(&format!("  line {}: {} {}", problem["line"], text(&problem["column"]), text(&problem["message"])))?;
        }
    }
    if seen.values().any(|count| *count > 3) {
        say("  … and more of the same; --problems FILE writes them all")?;
    }
    for offer in import["offered_values"].as_array().into_iter().flatten() {
        let (column, from, to) = (text(&offer["column"]), text(&offer["from"]), text(&offer["to"]));
        say(&format!(
            "  {} rows say “{from}” in {column}. If that means “{to}”, import again with --value {column}:{from}='{to}'",
            offer["rows"]
        ))?;
    }
    Ok(())
}
