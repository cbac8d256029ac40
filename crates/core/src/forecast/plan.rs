//! Whose figures are asked for, and in which rows they come: rows of one answer hold every person once, so that they add up.

use std::collections::BTreeSet;

use db::Read;
use db::people::{Person, Which, people};
use model::Id;
use model::organisation::DepartmentOfDeals;

use super::chart::{Chart, Departments, Eyes, visible};
use crate::{Ctx, Error, Result, veil};

/// Whom a forecast is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A person with his whole line.
    Person(Id),
    /// A department with all below it: its people, or the deals in which it stands (D111).
    Department(Id),
    /// Everybody, and what nobody has.
    Organisation,
}

impl Of {
    /// Whom a request names; where it names nobody, everybody for those who see everything, else the caller himself.
    pub fn asked(cx: &Ctx, tx: &mut Read, eyes: &Eyes, person: Option<&str>, department: Option<&str>) -> Result<Of> {
        let id = |text: &str| text.trim().parse::<Id>().map_err(|_| Error::NotFound);
        let given = |text: Option<&str>| text.filter(|text| !text.trim().is_empty()).map(id).transpose();
        match (given(person)?, given(department)?) {
            (Some(_), Some(_)) => Err(Error::Malformed("a person or a department, not both".into())),
            (Some(person), None) => match people(tx, Which::These(&[visible(eyes, person)?]))?.is_empty() {
                true => Err(Error::NotFound),
                false => Ok(Of::Person(person)),
            },
            (None, Some(department)) => match Departments::load(tx)?.open_to(cx, eyes, department) {
                true => Ok(Of::Department(department)),
                false => Err(Error::NotFound),
            },
            (None, None) if matches!(eyes, Eyes::Everybody) => Ok(Of::Organisation),
            (None, None) => Ok(Of::Person(cx.who.id)),
        }
    }
}

/// What people of a row have said together.
#[derive(Clone, Debug)]
pub(super) enum Words {
    /// Each for himself.
    Own(Vec<Id>),
    /// Those at the head of lines, for these.
    Lines(Vec<Id>),
}

/// Which deals a row counts.
#[derive(Clone, Debug)]
pub(super) enum Counts {
    /// Those of its people.
    People,
    /// Those in which one of these departments stands, in the order of their ids.
    Departments(Vec<Id>),
    /// Those of its people in which the asked department itself stands.
    Here,
    /// Those in which the asked department itself stands, of others than these.
    Elsewhere(BTreeSet<Id>),
}

/// A row.
#[derive(Clone, Debug)]
pub(super) struct RowPlan {
    pub kind: &'static str,
    pub id: Option<Id>,
    pub name: Option<String>,
    pub active: bool,
    pub has_line: bool,
    /// In the order of their ids.
    pub people: Vec<Id>,
    pub counts: Counts,
    /// With what nobody has.
    pub nobody: bool,
    pub department: Option<Id>,
    pub words: Words,
    /// What names its deals in an address.
    pub address: Vec<(&'static str, String)>,
}

/// An answer before it has figures.
pub(super) struct Plan {
    pub of: Of,
    pub name: Option<String>,
    /// One step up: kind, id, name.
    pub up: Option<(&'static str, Option<Id>, Option<String>)>,
    pub chart: Chart,
    pub rows: Vec<RowPlan>,
    pub total: RowPlan,
}

impl Plan {
    pub fn new(cx: &Ctx, tx: &mut Read, eyes: &Eyes, of: Of) -> Result<Plan> {
        let named = !veil::hides(cx, "employee", "name");
        let plan = match of {
            Of::Person(id) => Plan::of_person(tx, eyes, id)?,
            Of::Department(id) => Plan::of_department(cx, tx, eyes, id)?,
            Of::Organisation => Plan::of_all(tx)?,
        };
        Ok(if named { plan } else { plan.without_names() })
    }

    fn of_person(tx: &mut Read, eyes: &Eyes, id: Id) -> Result<Plan> {
        let chart = Chart::below(tx, eyes, id)?;
        let asked = chart.people.get(&id).ok_or(Error::NotFound)?.clone();
        let mut rows = vec![RowPlan { kind: "own", ..one(&asked) }];
        rows.extend(by_name(chart.reports(id).iter().filter_map(|id| chart.people.get(id))).into_iter().map(|person| line(&chart, person)));
        let total = RowPlan { kind: "total", ..line(&chart, &asked) };
        let manager = asked.manager.filter(|manager| *manager != id && eyes.see(*manager));
        let up = match manager {
            Some(manager) => people(tx, Which::These(&[manager]))?.pop().map(|person| ("person", Some(person.id), Some(person.name))),
            None if matches!(eyes, Eyes::Everybody) => Some(("organisation", None, None)),
            None => None,
        };
        Ok(Plan { of: Of::Person(id), name: Some(asked.name), up, chart, rows, total })
    }

    fn of_department(cx: &Ctx, tx: &mut Read, eyes: &Eyes, id: Id) -> Result<Plan> {
        let by_deal = cx.meta.organisation.department_of_deals == DepartmentOfDeals::Deal;
        let departments = Departments::load(tx)?;
        let asked = departments.get(id).ok_or(Error::NotFound)?;
        let chart = Chart::within(tx, &departments.tree(id))?;
        let of = |root: Id| -> Vec<Id> {
            let tree: BTreeSet<Id> = departments.tree(root).into_iter().collect();
            let inside = |person: &&Person| person.department.is_some_and(|department| tree.contains(&department));
            chart.people.values().filter(inside).map(|person| person.id).collect()
        };
        let row = |kind: &'static str, id: Id, name: &str| {
            let people = of(id);
            RowPlan {
                kind,
                id: Some(id),
                name: Some(name.to_owned()),
                active: true,
                has_line: true,
                counts: if by_deal { Counts::Departments(sorted(departments.tree(id))) } else { Counts::People },
                nobody: false,
                department: Some(id),
                words: Words::Own(people.clone()),
                people,
                address: vec![("department", id.to_string())],
            }
        };
        let below = departments.children(Some(id));
        let mut rows: Vec<RowPlan> = below.iter().map(|department| row("department", department.id, &department.name)).collect();
        let here = by_name(chart.people.values().filter(|person| person.department == Some(id)));
        if by_deal {
            let itself = || vec![("department", id.to_string()), ("here", "true".to_owned())];
            rows.extend(here.iter().map(|person| {
                let address = [itself(), vec![("owner", person.id.to_string())]].concat();
                RowPlan { counts: Counts::Here, address, ..one(person) }
            }));
            let counts = Counts::Elsewhere(here.iter().map(|person| person.id).collect());
            rows.push(RowPlan { address: [itself(), vec![("elsewhere", "true".to_owned())]].concat(), ..nameless("elsewhere", counts) });
        } else {
            rows.extend(here.into_iter().map(one));
        }
        let total = row("total", id, &asked.name);
        let up = match asked.parent.and_then(|parent| departments.get(parent)).filter(|parent| departments.open_to(cx, eyes, parent.id)) {
            Some(parent) => Some(("department", Some(parent.id), Some(parent.name.clone()))),
            None => matches!(eyes, Eyes::Everybody).then_some(("organisation", None, None)),
        };
        let name = Some(asked.name.clone());
        Ok(Plan { of: Of::Department(id), name, up, chart, rows, total })
    }

    fn of_all(tx: &mut Read) -> Result<Plan> {
        let chart = Chart::whole(tx)?;
        let roots = chart.roots();
        let mut rows: Vec<RowPlan> =
            by_name(roots.iter().filter_map(|id| chart.people.get(id))).into_iter().map(|person| line(&chart, person)).collect();
        let nothing = RowPlan { nobody: true, address: vec![("nobody", "true".to_owned())], ..nameless("nobody", Counts::People) };
        let everybody = chart.people.keys().copied().collect();
        let total = RowPlan { kind: "total", people: everybody, words: Words::Lines(roots), address: Vec::new(), ..nothing.clone() };
        rows.push(nothing);
        Ok(Plan { of: Of::Organisation, name: None, up: None, chart, rows, total })
    }

    fn without_names(mut self) -> Plan {
        let people = self.rows.iter_mut().chain([&mut self.total]).filter(|row| row.department.is_none());
        people.for_each(|row| row.name = None);
        self.name = self.name.filter(|_| !matches!(self.of, Of::Person(_)));
        self.up = self.up.map(|(kind, id, name)| (kind, id, name.filter(|_| kind == "department")));
        self
    }
}

fn sorted(mut ids: Vec<Id>) -> Vec<Id> {
    ids.sort_unstable();
    ids
}

/// A row of deals that are not those of people who are named.
fn nameless(kind: &'static str, counts: Counts) -> RowPlan {
    RowPlan {
        kind,
        id: None,
        name: None,
        active: true,
        has_line: false,
        people: Vec::new(),
        counts,
        nobody: false,
        department: None,
        words: Words::Own(Vec::new()),
        address: Vec::new(),
    }
}

/// A person's own deals.
fn one(person: &Person) -> RowPlan {
    RowPlan {
        kind: "person",
        id: Some(person.id),
        name: Some(person.name.clone()),
        active: person.active,
        has_line: false,
        people: vec![person.id],
        counts: Counts::People,
        nobody: false,
        department: None,
        words: Words::Own(vec![person.id]),
        address: vec![("person", person.id.to_string()), ("line", "false".to_owned())],
    }
}

/// A person with everybody below him.
fn line(chart: &Chart, person: &Person) -> RowPlan {
    let people = sorted(chart.line(person.id));
    RowPlan {
        has_line: !chart.reports(person.id).is_empty(),
        people,
        words: Words::Lines(vec![person.id]),
        address: vec![("person", person.id.to_string()), ("line", "true".to_owned())],
        ..one(person)
    }
}

fn by_name<'a>(people: impl Iterator<Item = &'a Person>) -> Vec<&'a Person> {
    let mut people: Vec<&Person> = people.collect();
    people.sort_by_cached_key(|person| (model::text::fold(&person.name), person.id));
    people
}
