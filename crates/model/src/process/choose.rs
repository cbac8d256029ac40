//! Which sales process a new deal takes (D46).

use super::{Gates, Process};
use crate::condition::World;
use crate::{Id, Record, Violation};

/// The owner, on whom it is judged who may use a process: assistants enter deals for sellers.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    pub id: Id,
    /// His department, then those above it up to the root.
    pub departments: &'a [Id],
    /// Keys of his roles.
    pub roles: &'a [String],
    /// User groups he is in, by himself or with a department.
    pub groups: &'a [Id],
}

/// The active processes that a record of this owner may take, by precedence. A record without an owner takes those for everybody.
pub fn applicable<'a>(processes: &'a [Gates], owner: Option<Owner<'_>>, record: &Record, world: &World) -> Vec<&'a Gates> {
    let mut found: Vec<&Gates> = processes
        .iter()
        .filter(|gates| gates.process.active && serves(&gates.process, owner))
        .filter(|gates| gates.entry.as_ref().is_none_or(|entry| entry.holds(record, world)))
        .collect();
    found.sort_by_key(|gates| (gates.process.precedence, gates.process.id));
    found
}

/// The process of a new record: the one wanted, if it applies, else the first that does.
///
/// Errors: `process.none_applicable`; `process.not_permitted` for a wanted one that does not apply.
pub fn choose<'a>(
    processes: &'a [Gates],
    wanted: Option<Id>,
    owner: Option<Owner<'_>>,
    record: &Record,
    world: &World,
) -> Result<&'a Gates, Violation> {
    let found = applicable(processes, owner, record, world);
    match wanted {
        None => found.first().copied().ok_or_else(|| Violation::new("process.none_applicable", "sales_process")),
        Some(id) => found.into_iter().find(|gates| gates.process.id == id).ok_or_else(|| {
            let name = processes.iter().find(|gates| gates.process.id == id).map(|gates| gates.process.name.as_str());
            Violation::new("process.not_permitted", "sales_process").with("value", id.to_string()).with("name", name)
        }),
    }
}

fn serves(process: &Process, owner: Option<Owner<'_>>) -> bool {
    let who = &process.who;
    if who.is_everybody() {
        return true;
    }
    let Some(owner) = owner else { return false };
    let in_department = who
        .departments
        .iter()
        .any(|scope| if scope.with_sub { owner.departments.contains(&scope.id) } else { owner.departments.first() == Some(&scope.id) });
    let in_group = who.groups.iter().any(|group| owner.groups.contains(group));
    in_department || in_group || who.people.contains(&owner.id) || who.roles.iter().any(|role| owner.roles.contains(role))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::testing::{reading, resolve};
    use super::super::{DepartmentScope, shipped};
    use super::*;
    use crate::condition::{Condition, Op};

    fn id(n: u128) -> Id {
        Id(Uuid::from_u128(n))
    }

    fn process(n: u128, precedence: i64, change: impl FnOnce(&mut Process)) -> Gates {
        let mut process = Process { id: id(n), precedence, ..shipped() };
        change(&mut process);
        reading(|reading| resolve(&process, reading))
    }

    fn chosen(processes: &[Gates], owner: Option<Owner<'_>>, record: &Record) -> Vec<u128> {
        applicable(processes, owner, record, &World::default()).iter().map(|gates| gates.process.id.0.as_u128()).collect()
    }

    #[test]
    fn it_is_judged_on_the_owner() {
        let (sales, north) = (id(70), id(71));
        let processes = [
            process(1, 9, |_| {}),
            process(2, 1, |p| p.who.departments = vec![DepartmentScope { id: sales, with_sub: true }]),
            process(3, 2, |p| p.who.departments = vec![DepartmentScope { id: sales, with_sub: false }]),
            process(4, 3, |p| p.who.people = vec![id(90)]),
            process(5, 4, |p| p.who.roles = vec!["salesperson".into()]),
            process(6, 0, |p| p.active = false),
            process(7, 5, |p| p.who.groups = vec![id(50)]),
        ];
        let record = Record::new("opportunity", id(100));
        let roles = ["salesperson".to_owned()];
        let kim = Owner { id: id(90), departments: &[north, sales], roles: &roles, groups: &[id(51), id(50)] };
        let lee = Owner { id: id(91), departments: &[sales], roles: &[], groups: &[] };
        assert_eq!(chosen(&processes, Some(kim), &record), [2, 4, 5, 7, 1]);
        assert_eq!(chosen(&processes, Some(lee), &record), [2, 3, 1]);
        assert_eq!(chosen(&processes, None, &record), [1]);
    }

    #[test]
    fn it_is_judged_on_the_record() {
        let renewals = process(1, 0, |p| p.entry_condition = Some(Condition::row("opportunity_type", Op::Eq, "renewal")));
        let processes = [renewals, process(2, 1, |_| {})];
        let mut record = Record::new("opportunity", id(100));
        assert_eq!(chosen(&processes, None, &record), [2]);
        record.set("opportunity_type", "renewal");
        assert_eq!(chosen(&processes, None, &record), [1, 2]);
    }

    #[test]
    fn what_does_not_apply_is_refused() {
        let world = World::default();
        let record = Record::new("opportunity", id(100));
        let only_kim = [process(1, 0, |p| p.who.people = vec![id(90)])];
        let code = |wanted| choose(&only_kim, wanted, None, &record, &world).map(|_| ()).unwrap_err().code;
        assert_eq!(code(None), "process.none_applicable");
        assert_eq!(code(Some(id(1))), "process.not_permitted");
        assert_eq!(code(Some(id(7))), "process.not_permitted");
        let open = [process(1, 0, |_| {}), process(2, 1, |_| {})];
        assert_eq!(choose(&open, Some(id(2)), None, &record, &world).unwrap().process.id, id(2));
        assert_eq!(choose(&open, None, None, &record, &world).unwrap().process.id, id(1));
    }
}
