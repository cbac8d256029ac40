//! The roles that the product ships (D101). An organisation changes them and adds its own.

use std::collections::{BTreeMap, BTreeSet};

use super::Act::{self, *};
use super::{ObjectRights, Role};
use crate::Label;

/// Every act but to be exempt from holding limits, which nobody is as shipped (D89).
const ALL: [Act; 27] = [
    Create,
    Read,
    Edit,
    Delete,
    Import,
    ImportHistory,
    Export,
    ChangeOwner,
    Claim,
    Assign,
    Return,
    Void,
    Restore,
    Lock,
    Unlock,
    Merge,
    Clone,
    Convert,
    MarkInvalid,
    Move,
    SkipApproval,
    BypassGates,
    ChangeProcess,
    Reopen,
    Team,
    MovePool,
    DuplicateTool,
];

/// Administrator, Sales Operations, Sales Manager, Salesperson, Auditor.
pub fn shipped() -> Vec<Role> {
    vec![administrator(), sales_operations(), sales_manager(), salesperson(), auditor()]
}

/// True for the key of a role that the product ships.
pub fn is_preset(key: &str) -> bool {
    place(key) < PRESET.len()
}

/// The order in which roles are shown: those shipped from the greatest right to the least, then the organisation's own by their keys.
pub fn shown(roles: &mut [Role]) {
    roles.sort_by(|a, b| (place(&a.key), &a.key).cmp(&(place(&b.key), &b.key)));
}

const PRESET: [&str; 5] = [super::ADMINISTRATOR, "sales_operations", "sales_manager", "salesperson", "auditor"];

fn place(key: &str) -> usize {
    PRESET.iter().position(|preset| *preset == key).unwrap_or(PRESET.len())
}

fn administrator() -> Role {
    Role {
        see_all: true,
        administrator: true,
        reads_audit: true,
        objects: BTreeMap::from([("*".to_owned(), acts(&ALL))]),
        ..role(super::ADMINISTRATOR, "Administrator", "管理员")
    }
}

/// Shapes the product as an administrator does; only an administrator deletes for good or passes an approval or a gate by.
fn sales_operations() -> Role {
    let rights: Vec<Act> = ALL.into_iter().filter(|act| !matches!(act, Delete | SkipApproval | BypassGates)).collect();
    Role {
        see_all: true,
        administrator: true,
        reads_audit: true,
        objects: BTreeMap::from([("*".to_owned(), acts(&rights))]),
        ..role("sales_operations", "Sales Operations", "销售运营")
    }
}

fn sales_manager() -> Role {
    let opportunity = [
        Create,
        Read,
        Edit,
        Import,
        Export,
        ChangeOwner,
        Claim,
        Assign,
        Return,
        Void,
        Restore,
        Clone,
        Convert,
        Move,
        ChangeProcess,
        Reopen,
        Team,
        Merge,
        MovePool,
        DuplicateTool,
    ];
    let customer = [
        Create,
        Read,
        Edit,
        Import,
        Export,
        ChangeOwner,
        Claim,
        Assign,
        Return,
        Void,
        Restore,
        Merge,
        Clone,
        Team,
        MovePool,
        DuplicateTool,
    ];
    let lead = [
        Create,
        Read,
        Edit,
        Import,
        Export,
        ChangeOwner,
        Claim,
        Assign,
        Return,
        Void,
        Restore,
        Merge,
        Clone,
        Convert,
        MarkInvalid,
        Reopen,
        Team,
        MovePool,
        DuplicateTool,
    ];
    Role { objects: selling(&opportunity, &customer, &lead), ..role("sales_manager", "Sales Manager", "销售经理") }
}

fn salesperson() -> Role {
    let opportunity = [Create, Read, Edit, Claim, Return, Void, Restore, Clone, Convert, Move, Team, DuplicateTool];
    let customer = [Create, Read, Edit, Claim, Return, Void, Restore, Clone, Team, DuplicateTool];
    let lead = [Create, Read, Edit, Claim, Return, Void, Restore, Clone, Convert, MarkInvalid, Reopen, Team, DuplicateTool];
    Role { objects: selling(&opportunity, &customer, &lead), ..role("salesperson", "Salesperson", "销售员") }
}

/// Reads all and writes nothing.
fn auditor() -> Role {
    Role {
        see_all: true,
        reads_audit: true,
        objects: BTreeMap::from([("*".to_owned(), acts(&[Read, Export]))]),
        ..role("auditor", "Auditor", "审计员")
    }
}

fn role(key: &str, en: &str, zh: &str) -> Role {
    Role {
        key: key.to_owned(),
        name: Label::new(en, zh),
        description: None,
        see_all: false,
        administrator: false,
        reads_audit: false,
        objects: BTreeMap::new(),
        version: 1,
    }
}

/// Rights of those who sell: over deals and what hangs on them, over customers, and reading the rest.
fn selling(opportunity: &[Act], customer: &[Act], lead: &[Act]) -> BTreeMap<String, ObjectRights> {
    let part = [Create, Read, Edit, Void, Restore];
    let daily = [Create, Read, Edit, Void, Restore, Clone, Export, ChangeOwner];
    let object = |key: &str, rights: &[Act]| (key.to_owned(), acts(rights));
    BTreeMap::from([
        object("opportunity", opportunity),
        object("lead", lead),
        object("opportunity_line", &part),
        object("contact_role", &part),
        object("opportunity_competitor", &part),
        object("win_loss_review", &part),
        object("quote", &daily),
        object("quote_line", &part),
        object("sales_order", &daily),
        object("sales_order_line", &part),
        object("account", customer),
        object("contact", customer),
        object("competitor", &[Create, Read, Edit]),
        object("activity", &daily),
        object("task", &daily),
        object("*", &[Read]),
    ])
}

fn acts(list: &[Act]) -> ObjectRights {
    ObjectRights { acts: BTreeSet::from_iter(list.iter().copied()), fields: BTreeMap::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_does_its_own_and_no_more() {
        let may = |key: &str, act: Act, object: &str| {
            let role = shipped().into_iter().find(|role| role.key == key).unwrap();
            role.rights(object).is_some_and(|rights| rights.acts.contains(&act))
        };
        for (role, act, object, allowed) in [
            ("administrator", Delete, "opportunity", true),
            ("sales_operations", Delete, "opportunity", false),
            ("sales_operations", ImportHistory, "opportunity", true),
            ("sales_manager", Reopen, "opportunity", true),
            ("sales_manager", ChangeOwner, "opportunity", true),
            ("sales_manager", Edit, "employee", false),
            ("salesperson", Move, "opportunity", true),
            ("salesperson", Reopen, "opportunity", false),
            ("salesperson", ChangeOwner, "opportunity", false),
            ("salesperson", Edit, "product", false),
            ("salesperson", Read, "product", true),
            ("salesperson", Create, "opportunity_line", true),
            ("sales_manager", Assign, "lead", true),
            ("salesperson", Assign, "lead", false),
            ("salesperson", Convert, "lead", true),
            ("salesperson", MarkInvalid, "lead", true),
            ("auditor", Convert, "lead", false),
            ("salesperson", Create, "activity", true),
            ("salesperson", Delete, "task", false),
            ("auditor", Create, "activity", false),
            ("auditor", Read, "opportunity", true),
            ("auditor", Edit, "opportunity", false),
            ("auditor", Move, "opportunity", false),
        ] {
            assert_eq!(may(role, act, object), allowed, "{role} {act:?} {object}");
        }
        assert!(shipped().iter().all(|role| role.see_all || !role.administrator));
        let (keys, audit): (Vec<_>, Vec<_>) = shipped().into_iter().map(|role| (role.key, role.reads_audit)).unzip();
        assert_eq!((keys, audit), (PRESET.map(str::to_owned).to_vec(), vec![true, true, false, false, true]));
    }

    #[test]
    fn the_list_of_acts_is_whole() {
        let all: BTreeSet<Act> = ALL.into_iter().collect();
        assert_eq!(all.len(), ALL.len());
        let stored = serde_json::to_value(shipped()).unwrap();
        assert_eq!(serde_json::from_value::<Vec<Role>>(stored).unwrap(), shipped());
    }
}
