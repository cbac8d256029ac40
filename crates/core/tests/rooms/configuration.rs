//! Configuration as files: written out, compared, applied elsewhere, tried out; on both databases.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::{Id, Via};
use serde_json::{Map, Value as Json, json};
use stagecraft_core::config_files::{self, Applied, How, Kind, Present, Sort, SourceFile, Tests};
use stagecraft_core::{Credential, House, Limits, approvals, audit, demo, jobs, objects, processes, records, views};
use testkit::{Database, both};

const SYSTEM: Credential = Credential::System("to set the stage");

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/configuration")
}

fn example_files() -> Vec<SourceFile> {
    config_files::read_folder(&example()).unwrap()
}

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

fn house(database: &Database) -> House {
    House::open(database.db().clone()).unwrap()
}

fn creates(house: &House, object: &str, fields: Json) -> Id {
    let fields: Map<String, Json> = fields.as_object().unwrap().clone();
    let wanted = records::Create { fields, ..records::Create::default() };
    let saved = house.write(&SYSTEM, Limits::default(), Via::System, |cx, tx| records::create(cx, tx, object, &wanted)).unwrap();
    saved["record"]["id"].as_str().unwrap().parse().unwrap()
}

/// Those of the demo company whom its definitions and those of the example name, without anything else of it.
fn people(house: &House) -> BTreeMap<&'static str, Id> {
    let sales = creates(house, "department", json!({"name": "Sales"}));
    let north = creates(house, "department", json!({"name": "Sales North", "parent": sales}));
    let south = creates(house, "department", json!({"name": "Sales South", "parent": sales}));
    let mut known = BTreeMap::new();
    for (key, department, role) in [
        ("ada", sales, "administrator"),
        ("jonas", sales, "sales_manager"),
        ("mona", north, "sales_manager"),
        ("sven", south, "sales_manager"),
        ("kim", north, "salesperson"),
        ("tara", north, "salesperson"),
        ("wei", north, "salesperson"),
        ("lee", south, "salesperson"),
        ("nina", south, "salesperson"),
        ("lina", south, "salesperson"),
        ("omar", sales, "sales_operations"),
    ] {
        let fields = json!({
            "name": key, "email": format!("{key}@demo.stagecraft.example"), "active": true, "roles": [role],
            "department": department,
        });
        known.insert(key, creates(house, "employee", fields));
    }
    known
}

fn export(house: &House) -> Present {
    house.read(&SYSTEM, Limits::default(), config_files::export).unwrap()
}

fn apply(house: &House, files: &[SourceFile], how: &How<'_>) -> Applied {
    config_files::apply(house, &SYSTEM, Via::CommandLine, files, how).unwrap()
}

/// Codes with file and place.
fn faults(applied: &Applied) -> Vec<String> {
    let of = |fault: &config_files::Fault| {
        fault.violations.iter().map(|one| format!("{} {} {}", fault.file, one.path, one.code)).collect::<Vec<_>>()
    };
    applied.faults.iter().flat_map(of).collect()
}

fn changes(applied: &Applied) -> Vec<(Kind, &str, Sort)> {
    applied.changes.iter().map(|change| (change.kind, change.key.as_str(), change.sort)).collect()
}

fn told(tests: &Tests) -> Vec<String> {
    let of = |one: &config_files::Tried| one.failure.as_ref().map(|failure| format!("{}: {failure:?}", one.scenario));
    tests.tried.iter().filter_map(of).collect()
}

/// The same definitions, applied to an installation that has nothing but people.
fn goes_there_and_comes_back(from: &House, there: &Database) {
    let present = export(from);
    let files = present.files().unwrap();
    let to = house(there);
    people(&to);
    let applied = apply(&to, &files, &How { prune: true, ..How::default() });
    assert_eq!(faults(&applied), [""; 0]);
    while jobs::work(&to).unwrap() {}
    let again = export(&to).files().unwrap();
    let paths = |files: &[SourceFile]| files.iter().map(|file| file.path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(&files), paths(&again));
    for (one, other) in files.iter().zip(&again) {
        assert_eq!(one.text, other.text, "{}", one.path);
    }
    // Applied once more, it changes nothing.
    assert_eq!(changes(&apply(&to, &files, &How { prune: true, ..How::default() })), []);
}

#[test]
fn a_configuration_moves_from_one_database_to_the_other_and_back() {
    // The demo company the one way, which is slow to fill; what the example adds both ways.
    type Place = fn() -> Database;
    let ways: [(Place, Place, bool); 2] = [(Database::sqlite, Database::postgres, true), (Database::postgres, Database::sqlite, false)];
    for (from, to, with_demo) in ways {
        let (from, to) = (from(), to());
        let company = house(&from);
        if with_demo {
            assert!(demo::fill(&company).unwrap());
        } else {
            people(&company);
        }
        let applied = apply(&company, &example_files(), &How::default());
        assert_eq!(faults(&applied), [""; 0]);
        while jobs::work(&company).unwrap() {}
        goes_there_and_comes_back(&company, &to);
        let text = export(&company).files().unwrap().iter().map(|file| file.text.clone()).collect::<String>();
        assert!(
            text.contains("person:kim@demo.stagecraft.example") && text.contains("process:Tenders"),
            "people and definitions are named"
        );
        assert_eq!(text.contains("person:sven@demo.stagecraft.example"), with_demo);
        assert!(!text.contains("secret"), "no secret leaves the house");
    }
}

#[test]
fn the_scenarios_of_the_example_hold() {
    let tests = config_files::test(&example_files(), &How::default(), None).unwrap();
    assert_eq!(tests.faults, []);
    assert!(tests.tried.len() >= 8);
    assert_eq!(told(&tests), [""; 0]);
}

#[test]
fn a_scenario_that_does_not_hold_says_why() {
    let files = [
        file("objects/account.yaml", "key: account\nfields:\n  x_note: {label: {en: Note}, type: text, max_length: 10, required: true}\n"),
        file(
            "tests/notes.yaml",
            "people: [{name: Kim}]\nscenarios:\n  - name: Without a note\n    when: {by: Kim, create: account, fields: {name: Acme}}\n    then: saved\n  - name: With one\n    when: {by: Kim, create: account, fields: {name: Acme, x_note: x}}\n    then: {blocked: [field.required]}\n",
        ),
    ];
    let tests = config_files::test(&files, &How::default(), None).unwrap();
    let failures: Vec<_> = tests.tried.iter().map(|one| one.failure.clone().unwrap()).collect();
    assert_eq!((failures[0].step, failures[0].refused[0].code, failures[0].refused[0].path.as_str()), (1, "field.required", "x_note"));
    assert_eq!((failures[1].expected.as_str(), failures[1].got.as_str()), ("blocked by field.required", "saved"));
    let one = config_files::test(&files, &How::default(), Some("With one")).unwrap();
    assert_eq!(one.tried.len(), 1);
}

#[test]
fn everything_that_stands_against_any_file_is_told_at_once_and_nothing_is_changed() {
    both(|database| {
        let house = house(database);
        people(&house);
        let before = export(&house);
        let files = [
            file("views/opportunity/a.yaml", "object: opportunity\nname: A\ncolumns: [nothing]\nsharing: {scope: everybody}\n"),
            file(
                "pools/lead/b.yaml",
                "object: lead\nname: B\nmode: claimable\nmembers: [{kind: person, id: 'person:nobody@example.com'}]\n",
            ),
            file("roles/c.yaml", "key: c\nname: {en: C}\nobjects: {x_gone: {acts: [read]}}\n"),
            file("calendars/d.yaml", "name: D\nweek: {monday: [{from: '10:00', to: '09:00'}]}\n"),
            file("calendars/e.yaml", "name: D\nweek: {}\n"),
            file("charts/f.yaml", "name: [\n"),
            file("nonsense/g.yaml", "name: G\n"),
            file("web-forms/h.yaml", "title: H\n"),
            file("webhooks/i.yaml", "name: I\naddress: https://a.example\nsubscriptions: []\nsurprise: 1\n"),
            file(
                "objects/j.yaml",
                "key: x_j\nlabel: {en: J}\nplural: {en: Js}\nfields: {x_k: {label: {en: K}, type: calculated, formula: '1 +', result: number, scale: 0}}\n",
            ),
            // This one would do.
            file("roles/k.yaml", "key: k\nname: {en: K}\n"),
        ];
        let applied = apply(&house, &files, &How::default());
        let found = faults(&applied);
        for expected in [
            "views/opportunity/a.yaml field.unknown",
            "pools/lead/b.yaml config.reference_unknown",
            "roles/c.yaml field.unknown",
            "calendars/d.yaml calendar.ends_before_it_begins",
            "calendars/e.yaml config.twice",
            "charts/f.yaml config.unreadable",
            "nonsense/g.yaml config.unknown_place",
            "web-forms/h.yaml config.unnamed",
            "webhooks/i.yaml config.unreadable",
        ] {
            let (file, code) = (expected.split(' ').next().unwrap(), expected.rsplit(' ').next().unwrap());
            assert!(found.iter().any(|fault| fault.starts_with(file) && fault.ends_with(code)), "{expected} is not in {found:#?}");
        }
        assert!(found.iter().any(|fault| fault.starts_with("objects/j.yaml fields/x_k/")), "{found:#?}");
        assert!(!found.iter().any(|fault| fault.starts_with("roles/k.yaml")), "{found:#?}");
        assert_eq!(export(&house).fingerprint, before.fingerprint);
        let other = [file("stagecraft.yaml", "format: 2\n")];
        assert_eq!(faults(&apply(&house, &other, &How::default())), ["stagecraft.yaml format config.format"]);
    });
}

#[test]
fn what_differs_is_told_place_by_place_and_a_dry_run_changes_nothing() {
    both(|database| {
        let house = house(database);
        people(&house);
        let role = |see_all: bool| [file("roles/desk.yaml", &format!("key: desk\nname: {{en: Desk}}\nsee_all: {see_all}\n"))];
        assert_eq!(changes(&apply(&house, &role(false), &How::default())), [(Kind::Role, "desk", Sort::Added)]);
        let before = export(&house).fingerprint;
        let dry = apply(&house, &role(true), &How { dry_run: true, ..How::default() });
        assert_eq!(dry.changes[0].places, [("see_all".to_owned(), Some(json!(false)), Some(json!(true)))]);
        assert_eq!(export(&house).fingerprint, before);
        // However a file is written, what it says counts.
        let otherwise = [file("roles/other name.yaml", "# a remark\nname:\n    en: \"Desk\"\nkey: 'desk'\n")];
        assert_eq!(changes(&apply(&house, &otherwise, &How::default())), []);
        // Definitions that no file says stay, unless they are to go.
        let another = [file("roles/late.yaml", "key: late\nname: {en: Late}\n")];
        apply(&house, &another, &How::default());
        assert!(export(&house).definitions.iter().any(|one| one.key == "desk"));
        let pruned = apply(&house, &another, &How { prune: true, dry_run: true, ..How::default() });
        assert!(
            faults(&pruned).iter().any(|fault| fault.contains("role.in_use") || fault.contains("role.essential")),
            "{:?}",
            faults(&pruned)
        );
    });
}

#[test]
fn a_state_that_was_not_seen_is_refused_and_the_trace_tells_what_was_applied() {
    both(|database| {
        let house = house(database);
        let known = people(&house);
        let ada = Credential::Person(known["ada"]);
        let files = [file("roles/desk.yaml", "key: desk\nname: {en: Desk}\n")];
        let plan = config_files::plan(&house, &ada, Limits::default(), &files, &How::default()).unwrap();
        // Somebody saves a view on screen meanwhile.
        let view = serde_json::from_value(json!({"object": "account", "name": "Mine", "sharing": {"scope": "everybody"}})).unwrap();
        house.write(&ada, Limits::default(), Via::Screen, |cx, tx| views::save(cx, tx, None, None, &view)).unwrap();
        let how = How { expect: Some(plan.fingerprint), ..How::default() };
        let refused = config_files::apply(&house, &ada, Via::CommandLine, &files, &how).unwrap();
        assert_eq!(faults(&refused), ["  config.changed_meanwhile"]);
        let plan = config_files::plan(&house, &ada, Limits::default(), &files, &How::default()).unwrap();
        let how = How { expect: Some(plan.fingerprint), ..How::default() };
        assert_eq!(faults(&config_files::apply(&house, &ada, Via::CommandLine, &files, &how).unwrap()), [""; 0]);
        let request = audit::AuditRequest { act: Some("apply".into()), ..audit::AuditRequest::default() };
        let log = house.read(&ada, Limits::default(), |cx, tx| audit::log(cx, tx, &request)).unwrap();
        let entry = &log["items"][0];
        assert_eq!(
            (&entry["kind"], &entry["via"], &entry["by"]),
            (&json!("configuration"), &json!("command_line"), &json!(known["ada"].to_string()))
        );
        // Only administrators.
        let kim = Credential::Person(known["kim"]);
        assert!(config_files::plan(&house, &kim, Limits::default(), &files, &How::default()).is_err());
    });
}

#[test]
fn running_deals_are_taken_along_where_the_files_say_so() {
    both(|database| {
        let house = house(database);
        let known = people(&house);
        let process = house.meta().processes[0].clone();
        let deal = creates(&house, "opportunity", json!({"name": "Pumps", "owner": known["kim"]}));
        let here = house.read(&SYSTEM, Limits::default(), |cx, tx| records::read(cx, tx, "opportunity", deal)).unwrap();
        let stage = here["fields"]["stage"].as_str().unwrap().to_owned();
        let mut files = export(&house).files().unwrap();
        files.retain(|file| file.path.starts_with("processes/"));
        let mut document: Json = serde_saphyr::from_str(&files[0].text).unwrap();
        document["stages"].as_array_mut().unwrap().retain(|one| one["stage"] != stage.as_str());
        let to = document["stages"][0]["stage"].as_str().unwrap().to_owned();
        files[0].text = document.to_string();
        let refused = apply(&house, &files, &How::default());
        assert_eq!(faults(&refused), [format!("{} stages process.stage_occupied", files[0].path)]);
        let mapping = BTreeMap::from([(process.name.clone(), BTreeMap::from([(stage, to.clone())]))]);
        let applied = apply(&house, &files, &How { mapping, note: Some("Shorter".into()), ..How::default() });
        assert_eq!(faults(&applied), [""; 0]);
        let moved = house.read(&SYSTEM, Limits::default(), |cx, tx| records::read(cx, tx, "opportunity", deal)).unwrap();
        assert_eq!(moved["fields"]["stage"], to.as_str());
        let versions = house.read(&SYSTEM, Limits::default(), |cx, tx| processes::versions(cx, tx, process.id)).unwrap();
        assert_eq!((versions["items"][0]["note"].as_str(), versions["items"].as_array().unwrap().len()), (Some("Shorter"), 2));
    });
}

#[test]
fn of_two_who_apply_at_once_neither_leaves_half_of_anything() {
    both(|database| {
        let house = std::sync::Arc::new(house(database));
        people(&house);
        let files = |word: &str| -> Vec<SourceFile> {
            (0..4).map(|n| file(&format!("roles/r{n}.yaml"), &format!("key: r{n}\nname: {{en: {word}}}\n"))).collect()
        };
        let outcomes: Vec<Applied> = std::thread::scope(|threads| {
            let both = ["Left", "Right"].map(|word| {
                let (house, files) = (house.clone(), files(word));
                threads.spawn(move || apply(&house, &files, &How::default()))
            });
            both.map(|one| one.join().unwrap()).into()
        });
        let names: std::collections::BTreeSet<String> = house
            .meta()
            .roles
            .iter()
            .filter(|role| role.key.starts_with('r') && role.key.len() == 2)
            .map(|role| role.name.in_language("en").to_owned())
            .collect();
        assert_eq!(names.len(), 1, "all of one of them: {names:?}");
        for outcome in &outcomes {
            assert!(outcome.faults.is_empty() || faults(outcome) == ["  config.changed_meanwhile"], "{:?}", faults(outcome));
        }
    });
}

#[test]
fn rules_over_fields_that_come_with_them_are_applied_in_one_go() {
    both(|database| {
        let house = house(database);
        let known = people(&house);
        let applied = apply(&house, &example_files(), &How::default());
        assert_eq!(faults(&applied), [""; 0]);
        let tender = json!({"name": "Pumps", "owner": known["kim"], "x_public_tender": true, "x_tender_number": "T-1"});
        creates(&house, "opportunity", tender);
        let flows = house.read(&SYSTEM, Limits::default(), approvals::flows).unwrap();
        assert_eq!(flows["items"][0]["api_name"], "tenders");
        // A field that no file names any more goes, where that is asked for and nothing uses it.
        let less = [file(
            "objects/visit.yaml",
            "key: x_site_visit\nlabel: {en: Site visit}\nplural: {en: Site visits}\nfields: {x_opportunity: {label: {en: Opportunity}, type: reference, object: opportunity, required: true}, x_visited_on: {label: {en: Visited on}, type: date}}\nlayouts: []\n",
        )];
        let pruned = apply(&house, &less, &How { prune: true, ..How::default() });
        assert_eq!(faults(&pruned), [""; 0]);
        let definition = house.read(&SYSTEM, Limits::default(), |cx, tx| objects::definition(cx, tx, "x_site_visit")).unwrap();
        let report = definition["fields"].as_array().unwrap().iter().find(|field| field["key"] == "x_report").unwrap();
        assert_eq!(report["state"], "hidden");
    });
}

#[test]
fn a_folder_is_written_without_touching_what_is_not_its_own() {
    let folder = std::env::temp_dir().join(format!("stagecraft-configuration-{}", std::process::id()));
    std::fs::remove_dir_all(&folder).ok();
    let first = [file("stagecraft.yaml", "format: 1\n"), file("roles/a.yaml", "key: a\n"), file("views/lead/b.yaml", "name: b\n")];
    assert_eq!(config_files::write_folder(&folder, &first).unwrap(), (3, 0));
    std::fs::create_dir_all(folder.join("tests")).unwrap();
    std::fs::write(folder.join("tests/mine.yaml"), "scenarios: []\n").unwrap();
    std::fs::write(folder.join("README.md"), "Ours\n").unwrap();
    let second = [file("stagecraft.yaml", "format: 1\n"), file("roles/a.yaml", "key: a\nname: {}\n")];
    assert_eq!(config_files::write_folder(&folder, &second).unwrap(), (1, 1));
    assert!(folder.join("tests/mine.yaml").exists() && folder.join("README.md").exists() && !folder.join("views/lead/b.yaml").exists());
    let strange = folder.join("strange");
    std::fs::create_dir_all(&strange).unwrap();
    std::fs::write(strange.join("thesis.txt"), "x").unwrap();
    assert!(config_files::write_folder(&strange, &second).is_err());
    std::fs::remove_dir_all(&folder).unwrap();
}
