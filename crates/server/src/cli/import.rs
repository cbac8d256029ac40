//! `stagecraft import`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value as Json, json};
use stagecraft_core::imports::{self, Keys, Options, Plan, Target};
use stagecraft_core::{Credential, House, Limits};

use super::open::{AT_THE_MACHINE, sentence};
use super::{Outcome, open, people, say};
use crate::config::Store;

pub(super) const EXAMPLES: &str = "\
Examples:
  stagecraft import accounts.csv --object account --map company=name --map city=city
  stagecraft import deals.csv --object opportunity --map title=name --map 'account name'=account --map value=amount \\
      --external-id deal_id --source oldcrm --dry-run
  stagecraft import --plan b2b-sales data/b2b-sales --value product:GTXPro='GTX Pro' --problems problems.csv

Columns that are called like a field need no --map; --map notes= leaves a column out. Nothing is guessed: values that cannot be placed are
named with line, column and reason, and near ones are offered, to be applied with --value. The same file again changes nothing.";

/// `stagecraft import`.
#[derive(Args, Debug)]
pub struct Import {
    /// A CSV file; with --plan the folder of its files
    #[arg(value_name = "FILE")]
    pub path: PathBuf,
    /// What the rows are: opportunity, account, contact, product, employee …
    #[arg(long, value_name = "KEY", required_unless_present = "plan", conflicts_with = "plan")]
    pub object: Option<String>,
    /// Field of a column; may be repeated
    #[arg(long = "map", value_name = "COLUMN=FIELD", value_parser = pair)]
    pub maps: Vec<(String, String)>,
    /// What a column's text stands for; may be repeated
    #[arg(long = "value", value_name = "COLUMN:FROM=TO", value_parser = value)]
    pub values: Vec<(String, String, String)>,
    /// Column with the ids of the other system: rows find their records again by it
    #[arg(long, value_name = "COLUMN", conflicts_with = "plan")]
    pub external_id: Option<String>,
    /// Name of the other system [default: the file's name]
    #[arg(long, value_name = "NAME", requires = "external_id")]
    pub source: Option<String>,
    /// Rows carry their past: created_at, stage_entered_at and closed_at may be mapped
    #[arg(long, conflicts_with = "plan")]
    pub history: bool,
    /// A column of references whose unknown names are made into records; may be repeated
    #[arg(long, value_name = "COLUMN", conflicts_with = "plan")]
    pub create_missing: Vec<String>,
    /// A whole system: b2b-sales, or a plan of your own as a JSON file
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<String>,
    /// Import in the name of this person (e-mail), with this person's rights
    #[arg(long = "as", value_name = "EMAIL")]
    pub person: Option<String>,
    /// Write all problems to this CSV file
    #[arg(long, value_name = "FILE")]
    pub problems: Option<PathBuf>,
    /// Judge everything, store nothing
    #[arg(long, conflicts_with = "plan")]
    pub dry_run: bool,
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

/// Imports and tells what it came to.
pub fn run(store: &Store, asked: &Import) -> Outcome {
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
        Some(name) => by_plan(&house, &credential, name, &asked.path, &values)?,
        None => json!({"imports": [one(&house, &credential, asked, values)?]}),
    };
    for import in done["imports"].as_array().into_iter().flatten() {
        tell(import)?;
    }
    if let Some(path) = &asked.problems {
        let ids = imports::import_ids(&done);
        let text = house
            .read(&credential, Limits::default(), |cx, tx| imports::problems_csv_of(cx, tx, &ids))
            .map_err(|error| sentence(&house, error, "opportunity"))?;
        std::fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
        say(&format!("All problems are in {}.", path.display()))?;
    }
    Ok(())
}

fn one(house: &House, credential: &Credential, asked: &Import, values: BTreeMap<String, BTreeMap<String, String>>) -> Result<Json, String> {
    let object = asked.object.clone().unwrap_or_default();
    let name = asked.path.file_name().map_or_else(|| "file.csv".to_owned(), |name| name.to_string_lossy().into_owned());
    let mut mapping: BTreeMap<String, Option<Target>> = BTreeMap::new();
    for (column, field) in &asked.maps {
        mapping.insert(column.clone(), (!field.is_empty()).then(|| Target::One(field.clone())));
    }
    let source = asked.source.clone().unwrap_or_else(|| name.clone());
    let options = Options {
        object: object.clone(),
        mapping,
        keys: asked.external_id.clone().map(|column| Keys { external_source: Some(source), external_column: Some(column), field: None }),
        values,
        history: asked.history,
        dry_run: asked.dry_run,
        create_missing: asked.create_missing.clone(),
        ..Options::default()
    };
    let bytes = read(&asked.path)?;
    imports::run(house, credential, Limits::default(), &options, &name, &bytes).map_err(|error| sentence(house, error, &object))
}

fn by_plan(
    house: &House,
    credential: &Credential,
    name: &str,
    folder: &Path,
    values: &BTreeMap<String, BTreeMap<String, String>>,
) -> Result<Json, String> {
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
    imports::run_plan(house, credential, Limits::default(), &plan, &files, values).map_err(|error| sentence(house, error, "opportunity"))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn tell(import: &Json) -> Outcome {
    let n = |key: &str| import[key].as_u64().unwrap_or(0);
    let text = |json: &Json| json.as_str().unwrap_or("").to_owned();
    say(&format!(
        "{} ({}): {} rows, {} created, {} updated, {} unchanged, {} failed",
        text(&import["file"]),
        text(&import["object"]),
        n("rows"),
        n("created"),
        n("updated"),
        n("unchanged"),
        n("failed")
    ))?;
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
