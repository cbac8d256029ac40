//! To whom records are given that a person then sees: himself, his departments with those above them, the groups that hold him or one of
//! those, those who give out what lies without an owner, if he is one of them, and the pools that he is in. What has been voided gives nothing.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::Scope;
use model::role::Act;
use model::{Id, Record, Schema};

use crate::access::{Rights, department_chain};
use crate::{Meta, Result, pools};

/// Why all of them are read.
const WHY: Scope<'static> = Scope::All("to know who belongs where");

/// The departments as a tree.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'a> {
    /// Each department's parent; those in the recycle bin too, since closed deals stay in them.
    pub parents: &'a BTreeMap<Id, Option<Id>>,
    /// Those in the recycle bin.
    pub voided: &'a BTreeSet<Id>,
}

impl Tree<'_> {
    /// The department and those above it, up to the first that has been voided.
    pub fn chain(&self, department: Id) -> Vec<Id> {
        department_chain(self.parents, Some(department)).into_iter().take_while(|id| !self.voided.contains(id)).collect()
    }
}

/// A user group that has not been voided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: Id,
    pub members: Vec<Id>,
    /// Everybody in one of them or below it is in the group.
    pub departments: Vec<Id>,
}

impl Group {
    /// Reads all groups.
    pub fn load(tx: &mut Read, schema: &Schema) -> Result<Vec<Group>> {
        let Some(object) = schema.object("user_group") else { return Ok(Vec::new()) };
        let ids = db::records::ids_after(tx, object, None, u64::from(u32::MAX))?;
        let groups = db::records::load(tx, schema, object, &WHY, &ids)?;
        let kept = groups.into_iter().filter(|group| group.text("lifecycle_status") != "voided");
        Ok(kept
            .map(|group| Group { id: group.id, members: group.get("members").ids(), departments: group.get("departments").ids() })
            .collect())
    }
}

/// All that records may be given to for this person to see them; he himself comes first.
pub fn principals(meta: &Meta, person: &Record, rights: &Rights) -> Vec<Id> {
    let mut principals = belongs_to(meta.tree(), &meta.groups, person);
    let ownerless = meta.schema.objects().filter(|object| object.ownerless && rights.may(Act::Assign, &object.key));
    principals.extend(ownerless.map(|object| assigners(&object.key)));
    principals.extend(pools::principals(&meta.pools, &principals));
    principals
}

/// Those who may assign records of an object, as one to whom a record without an owner is given. They are nobody's members: whose roles let
/// him assign is one of them from his next request on.
pub(crate) fn assigners(object: &str) -> Id {
    named(&format!("assigners of {object}"))
}

/// One to whom records are given and who is no record himself: always the same for the same words.
pub(crate) fn named(words: &str) -> Id {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(words);
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&digest[..10]);
    Id::from_parts(0, bytes)
}

/// The person himself, his departments with those above them, and the groups that hold him or one of those.
pub fn belongs_to(tree: Tree<'_>, groups: &[Group], person: &Record) -> Vec<Id> {
    let belongs = person.reference("department").into_iter().chain(person.get("further_departments").ids());
    let mut departments: Vec<Id> = Vec::new();
    for department in belongs.flat_map(|department| tree.chain(department)) {
        if !departments.contains(&department) {
            departments.push(department);
        }
    }
    let holds = |group: &&Group| group.members.contains(&person.id) || group.departments.iter().any(|id| departments.contains(id));
    let groups = groups.iter().filter(holds).map(|group| group.id);
    std::iter::once(person.id).chain(departments.iter().copied()).chain(groups).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Value;

    fn id(n: u8) -> Id {
        Id::from_parts(0, [n; 10])
    }

    #[test]
    fn departments_lead_up_and_groups_hold_what_is_in_them() {
        // 1 ← 2 ← 3, 1 ← 4 (voided) ← 5, and 6 by itself.
        let parents = [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(1)), (5, Some(4)), (6, None)];
        let parents = parents.into_iter().map(|(child, parent)| (id(child), parent.map(id))).collect();
        let tree = Tree { parents: &parents, voided: &BTreeSet::from([id(4)]) };
        let group = |n: u8, members: &[u8], departments: &[u8]| Group {
            id: id(n),
            members: members.iter().copied().map(id).collect(),
            departments: departments.iter().copied().map(id).collect(),
        };
        let groups = [group(20, &[10], &[]), group(21, &[], &[1]), group(22, &[11], &[6]), group(23, &[], &[4])];
        let person = |primary: Option<u8>, further: &[u8]| {
            let mut person = Record::new("employee", id(10));
            person.set("department", Value::from(primary.map(|n| Value::Ref(id(n)))));
            person.set("further_departments", Value::Keys(further.iter().map(|n| id(*n).to_string()).collect()));
            person
        };
        let of = |primary: Option<u8>, further: &[u8]| belongs_to(tree, &groups, &person(primary, further));
        assert_eq!(of(Some(3), &[]), [10, 3, 2, 1, 20, 21].map(id));
        assert_eq!(of(Some(3), &[6, 2]), [10, 3, 2, 1, 6, 20, 21, 22].map(id));
        assert_eq!(of(Some(5), &[]), [10, 5, 20].map(id), "what is above a voided one is not reached");
        assert_eq!(of(Some(4), &[]), [10, 20].map(id));
        assert_eq!(of(None, &[]), [10, 20].map(id));
    }
}
