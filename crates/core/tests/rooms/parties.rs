//! People named by what they are to a deal, and when a stage is due by the calendar of its owner.

use db::records::Scope;
use model::process::{Party, Process, TimeIn};
use model::{Id, Instant, Record};
use serde_json::{Value as Json, json};
use stagecraft_core::{calendars, processes, records};
use testkit::both;

use crate::office::Office;

impl Office {
    /// Whom these parties name on each of the deals.
    fn whom(&self, deals: &[Id], parties: &[Party]) -> Vec<Vec<Id>> {
        self.read(self.hanna, |cx, tx| {
            let object = cx.object("opportunity")?.clone();
            let found = db::records::load(tx, &cx.meta.schema, &object, &Scope::All("to ask of them"), deals)?;
            let found: Vec<&Record> = deals.iter().filter_map(|deal| found.iter().find(|record| record.id == *deal)).collect();
            let asked: Vec<(&Record, &[Party])> = found.iter().map(|record| (*record, parties)).collect();
            processes::parties::people(cx, tx, &asked)
        })
        .unwrap()
    }

    /// Gives a department a manager, as the product itself.
    fn has_manager(&self, department: &str, head: Id) {
        let found = self.named("department", department);
        self.edits(self.ada, "department", found, json!({"head": head})).unwrap();
    }

    /// Publishes the shipped process with changes.
    pub fn edits_process(&self, change: impl Fn(&mut Process)) {
        let mut process = self.read(self.ada, |cx, _| Ok(cx.meta.processes[0].clone())).unwrap();
        change(&mut process);
        let id = process.id.to_string();
        let document = json!(process);
        self.write(self.ada, |cx, tx| processes::save_process(cx, tx, Some(&id), None, &document, false)).unwrap();
    }
}

#[test]
fn parties_are_who_they_are_at_the_moment() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, karl, lee, mona, hanna, .. } = office;
        let (rail, port) = (office.deal(kim, "Rail"), office.deal(lee, "Port"));
        let of = |party: Party| office.whom(&[rail, port], &[party]);
        assert_eq!(of(Party::Owner), [vec![kim], vec![lee]]);
        assert_eq!(of(Party::Creator), [vec![kim], vec![lee]]);
        assert_eq!(of(Party::OwnerManager), [vec![mona], vec![office.sven]]);
        assert_eq!(of(Party::Person { id: hanna }), [vec![hanna], vec![hanna]]);
        assert_eq!(of(Party::Team), [vec![], vec![]]);
        // South has no manager of its own, so that of Sales above it stands for it.
        assert_eq!(of(Party::DepartmentManager), [vec![], vec![]]);
        office.has_manager("Sales", hanna);
        office.has_manager("North", mona);
        assert_eq!(of(Party::DepartmentManager), [vec![mona], vec![hanna]]);
        let team: Vec<records::TeamMember> = serde_json::from_value(json!([
            {"person": karl, "role": "pre_sales", "access": "read"}, {"person": office.ines, "access": "read"},
        ]))
        .unwrap();
        office.write(kim, |cx, tx| records::set_team(cx, tx, "opportunity", rail, &team)).unwrap();
        assert_eq!(of(Party::TeamRole { role: "pre_sales".into() }), [vec![karl], vec![]]);
        let mut both = of(Party::Team).remove(0);
        both.sort_unstable();
        let mut expected = vec![karl, office.ines];
        expected.sort_unstable();
        assert_eq!(both, expected);
        // In the order named, each once.
        let parties = [Party::OwnerManager, Party::Owner, Party::DepartmentManager, Party::Creator];
        assert_eq!(office.whom(&[rail, port], &parties), [vec![mona, kim], vec![office.sven, lee, hanna]]);
        // Who has left is nobody; what stands above a department is found without him.
        office.edits(office.ada, "employee", mona, json!({"active": false})).unwrap();
        assert_eq!(office.whom(&[rail], &parties), [vec![kim, hanna]]);
    });
}

#[test]
fn a_stage_is_due_by_the_working_time_of_the_owners_department() {
    both(|database| {
        let office = Office::new(database);
        let south = office.named("department", "South");
        let wanted: Json = json!({"name": "South", "time_zone": "Asia/Shanghai", "departments": [south],
            "week": {"sunday": [{"from": "10:00", "to": "14:00"}]}});
        office.write(office.ada, |cx, tx| calendars::save(cx, tx, None, None, &serde_json::from_value(wanted.clone()).unwrap())).unwrap();
        office.edits_process(|process| {
            process.stages[0].duration_seconds = Some(2 * 86_400);
            process.stages[0].duration_in = TimeIn::Working;
        });
        let (rail, port) = (office.deal(office.kim, "Rail"), office.deal(office.lee, "Port"));
        for (deal, calendar) in [(rail, None), (port, Some(south))] {
            let shown = office.reads(office.hanna, "opportunity", deal).unwrap();
            let at = |field: &str| Instant::parse(shown["fields"][field].as_str().unwrap()).unwrap();
            let (entered, due) = (at("stage_entered_at"), at("stage_due_at"));
            let passed = |time| office.read(office.hanna, |cx, _| Ok(processes::due::passed(cx, calendar, entered, due, time))).unwrap();
            // Two days of eight hours, and two of four, which are two Sundays.
            let hours = if calendar.is_some() { 8 } else { 16 };
            assert_eq!(passed(TimeIn::Working), hours * 3_600);
            assert!(passed(TimeIn::Calendar) > 16 * 3_600);
        }
    });
}
