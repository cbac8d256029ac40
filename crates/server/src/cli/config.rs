//! `stagecraft config`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use model::{Via, Violation, Violations};
use serde_json::Value as Json;
use stagecraft_core::config_files::{self, Change, Failure, Fault, How, Kind, Sort, Tests, Tried};
use stagecraft_core::{Credential, Limits, Meta};

use super::open::{AT_THE_MACHINE, sentence};
use super::{Outcome, open, people, say};
use crate::config::Store;
use crate::edge::Network;
use crate::messages::{self, Language};
use crate::outside::Outside;

pub(super) const EXAMPLES: &str = "\
Examples:
  stagecraft config export configuration --data-dir /var/lib/stagecraft
  stagecraft config diff configuration --database-url postgres://…
  stagecraft config apply configuration --dry-run
  stagecraft config apply configuration --expect 4f1c09…       refuses where the installation is not as diff has shown it
  stagecraft config test configuration                         tries its scenarios on a scratch copy

A folder has one YAML file a definition, in folders by kind, with people by their e-mail and everything else by its name, so that it fits any
installation and stands well under version control. The server may be running: a change waits for writes as it does on screen.";

/// Definitions as files
#[derive(Debug, Subcommand)]
pub enum Config {
    /// Write every definition into a folder
    #[command(
        after_help = "Example:\n  stagecraft config export configuration\n\nFiles of definitions that there are no more are removed; scenarios in tests/ stay."
    )]
    Export(Folder),
    /// Tell what applying a folder would change; ends with 0 where nothing would, 1 where something would, 2 where it cannot be told
    #[command(after_help = "Example:\n  stagecraft config diff configuration --prune")]
    Diff(Diff),
    /// Make the installation what a folder says: all of it or nothing
    #[command(after_help = APPLY)]
    Apply(Apply),
    /// Try the scenarios of a folder on an empty scratch copy with its configuration; ends with 1 where one does not hold
    #[command(after_help = TEST)]
    Test(Test),
}

const TEST: &str = "\
Examples:
  stagecraft config test configuration
  stagecraft config test configuration --only tender
  stagecraft config test configuration --junit report.xml

Scenarios are in tests/*.yaml. No installation is looked at and none is changed.";

const APPLY: &str = "\
Examples:
  stagecraft config apply configuration --dry-run
  stagecraft config apply configuration --expect 4f1c09… --note 'Bids are approved from 50,000 on'
  stagecraft config apply configuration --move-deals 'Standard process:demo=proposal'
  stagecraft config apply configuration --deals stay

Everything that stands against any file is told at once, with the file and the place in it. Refused is what the screens refuse.";

#[derive(Debug, Args)]
pub struct Folder {
    /// The folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

#[derive(Debug, Args)]
pub struct Diff {
    /// The folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Definitions that no file says any more go, of the kinds of which there are files
    #[arg(long)]
    prune: bool,
    /// Networks that webhooks may be sent to though they are private, as the server has them; may be repeated
    #[arg(long, env = "STAGECRAFT_WEBHOOK_ALLOW", value_name = "NETWORK", value_delimiter = ',')]
    webhook_allow: Vec<Network>,
}

#[derive(Debug, Args)]
pub struct Apply {
    #[command(flatten)]
    diff: Diff,
    /// Judge everything and change nothing
    #[arg(long)]
    dry_run: bool,
    /// The fingerprint that diff has shown: where a definition was changed since, nothing is applied
    #[arg(long, value_name = "FINGERPRINT")]
    expect: Option<String>,
    /// What becomes of running deals where a process changes
    #[arg(long, value_enum, default_value = "follow")]
    deals: Deals,
    /// Where deals go whose stage is given up; may be repeated
    #[arg(long = "move-deals", value_name = "PROCESS:STAGE=STAGE", value_parser = moves)]
    move_deals: Vec<(String, String, String)>,
    /// What is said of new versions of processes
    #[arg(long)]
    note: Option<String>,
    /// In whose name, by his e-mail: an administrator, whose eyes webhooks then see with [default: the product itself]
    #[arg(long = "as", value_name = "EMAIL")]
    as_person: Option<String>,
}

#[derive(Debug, Args)]
pub struct Test {
    /// The folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Those alone that have these words in their name
    #[arg(long, value_name = "WORDS")]
    only: Option<String>,
    /// Write a report in the form of JUnit, for build servers
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Deals {
    /// They obey the new version at once
    Follow,
    /// They obey the version that they obey now until they move
    Stay,
}

fn moves(text: &str) -> Result<(String, String, String), String> {
    let told = text.rsplit_once('=').and_then(|(rest, to)| rest.rsplit_once(':').map(|(process, stage)| (process, stage, to)));
    let (process, stage, to) = told.ok_or("say PROCESS:STAGE=STAGE, as 'Standard process:demo=proposal'")?;
    Ok((process.to_owned(), stage.to_owned(), to.to_owned()))
}

/// Runs `stagecraft config …`.
pub fn run(store: &Store, config: &Config) -> Result<ExitCode, String> {
    match config {
        Config::Export(folder) => export(store, &folder.dir).map(|()| ExitCode::SUCCESS),
        // 1 means that something differs.
        Config::Diff(how) => diff(store, how).or_else(|why| trouble(&why)),
        Config::Apply(how) => apply(store, how),
        Config::Test(how) => test(how).or_else(|why| trouble(&why)),
    }
}

fn trouble(why: &str) -> Result<ExitCode, String> {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "stagecraft: {why}");
    Ok(ExitCode::from(2))
}

fn export(store: &Store, folder: &Path) -> Outcome {
    let house = open::house(store, false)?;
    let told = |error| sentence(&house, error, "opportunity");
    let present = house.read(&AT_THE_MACHINE, Limits::default(), config_files::export).map_err(told)?;
    let files = present.files().map_err(told)?;
    let unwritable = |error: std::io::Error| format!("{} cannot be written: {error}", folder.display());
    let (written, removed) = config_files::write_folder(folder, &files).map_err(unwritable)?;
    let unchanged = files.len() - written;
    say(&format!(
        "{} definitions in {}: {written} files written, {unchanged} unchanged, {removed} removed.",
        present.definitions.len(),
        folder.display()
    ))
}

fn files(folder: &Path) -> Result<Vec<config_files::SourceFile>, String> {
    config_files::read_folder(folder).map_err(|error| format!("{} cannot be read: {error}", folder.display()))
}

fn against(allowed: &[Network]) -> impl Fn(&str) -> Violations {
    let outside = Outside { allowed: allowed.to_vec() };
    move |address: &str| {
        let refused = if address.trim().is_empty() { None } else { outside.judge(address.trim()).err() };
        refused.map(|refused| Violation::new(refused.code(), "address")).into_iter().collect()
    }
}

fn diff(store: &Store, asked: &Diff) -> Result<ExitCode, String> {
    let files = files(&asked.dir)?;
    let house = open::house(store, false)?;
    let against = against(&asked.webhook_allow);
    let how = How { prune: asked.prune, address: &against, ..How::default() };
    let plan = config_files::plan(&house, &AT_THE_MACHINE, Limits::default(), &files, &how)
        .map_err(|error| sentence(&house, error, "opportunity"))?;
    tell_faults(&house.meta(), &plan.faults)?;
    if !plan.faults.is_empty() {
        return Ok(ExitCode::from(2));
    }
    tell_changes(&plan.changes)?;
    if plan.changes.is_empty() {
        say("Nothing differs.")?;
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("\n{}; the installation is {}.", counted(&plan.changes), plan.fingerprint))?;
    Ok(ExitCode::FAILURE)
}

fn apply(store: &Store, asked: &Apply) -> Result<ExitCode, String> {
    let files = files(&asked.diff.dir)?;
    let house = open::house(store, false)?;
    let credential = match &asked.as_person {
        None => AT_THE_MACHINE,
        Some(email) => Credential::Person(people::find(&house, email)?.ok_or_else(|| format!("nobody has the e-mail {email}"))?),
    };
    let against = against(&asked.diff.webhook_allow);
    let mut mapping: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (process, stage, to) in &asked.move_deals {
        mapping.entry(process.clone()).or_default().insert(stage.clone(), to.clone());
    }
    let how = How {
        prune: asked.diff.prune,
        dry_run: asked.dry_run,
        expect: asked.expect.clone(),
        deals_stay: asked.deals == Deals::Stay,
        mapping,
        note: asked.note.clone(),
        address: &against,
    };
    let applied =
        config_files::apply(&house, &credential, Via::CommandLine, &files, &how).map_err(|error| sentence(&house, error, "opportunity"))?;
    tell_faults(&house.meta(), &applied.faults)?;
    if !applied.faults.is_empty() {
        if !applied.left_behind.is_empty() {
            say(&format!(
                "Made already, and used by nothing yet: {}. Applying once more goes on from there.",
                applied.left_behind.join(", ")
            ))?;
        }
        return Err("nothing was applied".into());
    }
    tell_changes(&applied.changes)?;
    let told = match (applied.changes.is_empty(), asked.dry_run) {
        (true, _) => "Nothing differs.".to_owned(),
        (false, true) => format!("\n{} would be applied.", counted(&applied.changes)),
        (false, false) => format!("\n{} applied.", counted(&applied.changes)),
    };
    say(&told)?;
    Ok(ExitCode::SUCCESS)
}

fn test(asked: &Test) -> Result<ExitCode, String> {
    let files = files(&asked.dir)?;
    let tests = config_files::test(&files, &How::default(), asked.only.as_deref()).map_err(|error| error.to_string())?;
    tell_faults(&tests.meta, &tests.faults)?;
    if !tests.faults.is_empty() {
        return Ok(ExitCode::from(2));
    }
    for one in &tests.tried {
        match &one.failure {
            None => say(&format!("holds  {}", one.scenario))?,
            Some(failure) => {
                say(&format!("FAILS  {} ({})\n       {}", one.scenario, one.file, told(failure, &tests.meta).replace('\n', "\n       ")))?
            }
        }
    }
    let failed = tests.tried.iter().filter(|one| one.failure.is_some()).count();
    say(&format!("\n{} scenarios, {failed} do not hold.", tests.tried.len()))?;
    if let Some(path) = &asked.junit {
        std::fs::write(path, junit(&tests)).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Why a scenario does not hold, in words.
fn told(failure: &Failure, meta: &Meta) -> String {
    let place = if failure.step == 0 { "what is given".to_owned() } else { format!("step {}", failure.step) };
    let mut text = format!("{place}: expected {}, but it came to {}", failure.expected, failure.got);
    for violation in &failure.refused {
        let place = if violation.path.is_empty() { String::new() } else { format!(":{}", violation.path) };
        text.push_str(&format!("\n{}{place}  {}", violation.code, messages::say(violation, Language::English, meta, "opportunity")));
    }
    text
}

fn junit(tests: &Tests) -> String {
    let mut files: BTreeMap<&str, Vec<&Tried>> = BTreeMap::new();
    tests.tried.iter().for_each(|one| files.entry(&one.file).or_default().push(one));
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    for (file, tried) in files {
        let failed = tried.iter().filter(|one| one.failure.is_some()).count();
        text.push_str(&format!("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\">\n", escaped(file), tried.len()));
        for one in tried {
            let name = escaped(&one.scenario);
            let open = format!("    <testcase classname=\"{}\" name=\"{name}\" time=\"{:.3}\"", escaped(file), one.seconds);
            match &one.failure {
                None => text.push_str(&format!("{open}/>\n")),
                Some(failure) => {
                    let why = escaped(&told(failure, &tests.meta));
                    text.push_str(&format!("{open}>\n      <failure message=\"{why}\"/>\n    </testcase>\n"));
                }
            }
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn escaped(text: &str) -> String {
    let plain = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
    let text: String = text.chars().map(plain).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\n', "&#10;")
}

/// Every file with what stands against it, one line each.
fn tell_faults(meta: &Meta, faults: &[Fault]) -> Outcome {
    for fault in faults {
        let about = object_of(&fault.file);
        for violation in &fault.violations {
            let place =
                [fault.file.as_str(), violation.path.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
            let told = messages::say(violation, Language::English, meta, about);
            say(&if place.is_empty() { format!("{told} ({})", violation.code) } else { format!("{place}: {told} ({})", violation.code) })?;
        }
    }
    Ok(())
}

/// Of which object a file speaks.
fn object_of(file: &str) -> &str {
    let inner = file.split('/').nth(1).map(|name| name.trim_end_matches(".yaml"));
    inner.filter(|_| Kind::of_path(file).is_some_and(|kind| kind.speaks_of_its_folder())).unwrap_or("opportunity")
}

fn tell_changes(changes: &[Change]) -> Outcome {
    for change in changes {
        let what =
            if change.kind.is_single() { change.kind.word().to_owned() } else { format!("{} “{}”", change.kind.word(), change.key) };
        match change.sort {
            Sort::Added => say(&format!("+ {what} is added"))?,
            Sort::Removed => say(&format!("- {what} is removed"))?,
            Sort::Changed => {
                say(&format!("~ {what} is changed"))?;
                for (path, before, after) in &change.places {
                    say(&format!("    {path}: {} → {}", value(before.as_ref()), value(after.as_ref())))?;
                }
            }
        }
    }
    Ok(())
}

/// Characters of a value that are shown.
const SHOWN: usize = 200;

fn value(json: Option<&Json>) -> String {
    let text = match json {
        None => return "nothing".to_owned(),
        Some(Json::String(text)) => format!("“{text}”"),
        Some(other) => other.to_string(),
    };
    if text.chars().count() > SHOWN { format!("{}…", text.chars().take(SHOWN).collect::<String>()) } else { text }
}

fn counted(changes: &[Change]) -> String {
    let of = |sort: Sort| changes.iter().filter(|change| change.sort == sort).count();
    format!("{} added, {} changed, {} removed", of(Sort::Added), of(Sort::Changed), of(Sort::Removed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_deals_go_is_read_from_the_end() {
        assert_eq!(moves("Bids: large:demo=proposal").unwrap(), ("Bids: large".into(), "demo".into(), "proposal".into()));
        assert!(moves("demo=proposal").is_err());
    }

    #[test]
    fn a_report_survives_what_stands_in_names() {
        assert_eq!(escaped("a<b> & \"c\"\u{1}"), "a&lt;b&gt; &amp; &quot;c&quot; ");
    }
}
