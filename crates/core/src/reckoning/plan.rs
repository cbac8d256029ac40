//! What is reckoned from what, as of one version of the metadata.

use std::collections::{BTreeMap, BTreeSet};

use model::condition::{Hop, Reading, Resolved};
use model::field::{FieldType, Function};
use model::formula::{Dependencies, DependencyNode, Formula};
use model::{Field, Object, Schema, Violation, Violations};

/// Everything that the product reckons on records.
#[derive(Default)]
pub struct Plan {
    /// Roll-ups by the pair of objects and the reference between them.
    pub groups: Vec<Group>,
    /// Formulas by object, each after those that it reads.
    formulas: BTreeMap<String, Vec<Calculated>>,
    /// Indexed formulas by the object whose records they read across references.
    dependants: BTreeMap<String, Vec<Dependant>>,
    /// What every reckoned field reads.
    reads: BTreeMap<DependencyNode, BTreeSet<DependencyNode>>,
    dependencies: Dependencies,
}

/// A calculated field.
pub struct Calculated {
    pub field: String,
    pub formula: Formula,
    /// Stored; else it is reckoned when it is read.
    pub indexed: bool,
    /// Fields of the record itself that it reads, those among them by which it crosses to others.
    pub own: BTreeSet<String>,
}

/// An indexed formula that reads records of another object across references.
pub struct Dependant {
    /// The object that has the formula.
    pub object: String,
    pub field: String,
    /// From there to the records that are read.
    pub hops: Vec<Hop>,
    /// Their fields that it reads.
    pub reads: BTreeSet<String>,
}

/// The statistical fields of one object over the records of another that refer to it by one field.
pub struct Group {
    /// The object whose records are reckoned over.
    pub child: String,
    /// Its field that refers to the parent.
    pub via: String,
    /// The object that has the statistical fields.
    pub parent: String,
    pub items: Vec<Item>,
}

/// One statistical field.
pub struct Item {
    /// Its key on the parent.
    pub field: String,
    pub function: Function,
    /// The child's field that is reckoned over.
    pub of: Option<String>,
    pub condition: Option<Resolved>,
    /// Fields of the child that it depends on, the reference left out.
    pub reads: BTreeSet<String>,
    /// Its values can be trusted, so that a change can be added to them.
    pub settled: bool,
}

impl Group {
    /// True where a change of these fields of a child changes what its parent comes to.
    pub fn concerns(&self, changed: &impl Fn(&str) -> bool) -> bool {
        changed(&self.via) || changed("lifecycle_status") || self.items.iter().any(|item| item.concerns(changed))
    }
}

impl Item {
    fn concerns(&self, changed: &impl Fn(&str) -> bool) -> bool {
        self.reads.iter().any(|field| changed(field))
    }
}

impl Plan {
    /// The plan of a schema, with all that is wrong in it; what is wrong is left out of it.
    pub fn of(schema: &Schema, reading: &Reading<'_>) -> (Plan, Violations) {
        let (mut plan, mut found) = (Plan::default(), Violations::new());
        let mut formulas: BTreeMap<DependencyNode, Calculated> = BTreeMap::new();
        for object in schema.objects() {
            for field in &object.fields {
                let at = |violation: Violation| violation.with("at", format!("{}.{}", object.key, field.key));
                match &field.kind {
                    FieldType::Statistical { .. } => match item(schema, object, field, reading) {
                        Ok((child, via, item)) => plan.add(child, via, &object.key, item),
                        Err(violation) => found.push(at(violation)),
                    },
                    FieldType::Calculated { formula, result, indexed } => match Formula::compile(formula, &object.key, schema, *result) {
                        Ok(formula) => match calculated(schema, field, formula, *indexed) {
                            Ok(one) => {
                                formulas.insert((object.key.clone(), field.key.clone()), one);
                            }
                            Err(violation) => found.push(at(violation)),
                        },
                        Err(violations) => found.extend(violations.into_iter().map(at)),
                    },
                    _ => {}
                }
            }
        }
        plan.weigh(&formulas);
        found.extend(plan.dependencies.check());
        for (object, field) in plan.dependencies.sorted().into_iter().cloned().collect::<Vec<_>>() {
            if let Some(one) = formulas.remove(&(object.clone(), field)) {
                plan.depend(&object, &one);
                plan.formulas.entry(object).or_default().push(one);
            }
        }
        (plan, found)
    }

    /// Notes what reads what.
    fn weigh(&mut self, formulas: &BTreeMap<DependencyNode, Calculated>) {
        for ((object, field), one) in formulas {
            let mut reads = BTreeSet::new();
            for path in one.formula.paths() {
                let mut at = object.clone();
                for hop in &path.hops {
                    reads.insert((std::mem::replace(&mut at, hop.object.clone()), hop.field.clone()));
                }
                reads.insert((path.object.clone(), path.field.clone()));
            }
            self.reads.insert((object.clone(), field.clone()), reads);
        }
        for group in &self.groups {
            for item in &group.items {
                let reads = item.reads.iter().chain([&group.via]).map(|field| (group.child.clone(), field.clone()));
                self.reads.insert((group.parent.clone(), item.field.clone()), reads.collect());
            }
        }
        self.dependencies = Dependencies::new(self.reads.iter().map(|(node, reads)| (node.clone(), reads.iter().cloned().collect())));
    }

    /// Notes which objects an indexed formula reads across references.
    fn depend(&mut self, object: &str, one: &Calculated) {
        let mut found: BTreeMap<Vec<Hop>, BTreeSet<String>> = BTreeMap::new();
        for path in one.formula.paths().iter().filter(|_| one.indexed) {
            for at in 0..path.hops.len() {
                let read = path.hops.get(at + 1).map_or(&path.field, |next| &next.field);
                found.entry(path.hops[..=at].to_vec()).or_default().insert(read.clone());
            }
        }
        for (hops, reads) in found {
            let Some(last) = hops.last() else { continue };
            let dependant = Dependant { object: object.to_owned(), field: one.field.clone(), hops: hops.clone(), reads };
            self.dependants.entry(last.object.clone()).or_default().push(dependant);
        }
    }

    fn add(&mut self, child: String, via: String, parent: &str, item: Item) {
        match self.groups.iter_mut().find(|g| g.child == child && g.via == via && g.parent == parent) {
            Some(group) => group.items.push(item),
            None => self.groups.push(Group { child, via, parent: parent.to_owned(), items: vec![item] }),
        }
    }

    /// The groups whose records are of `child`.
    pub fn over<'a>(&'a self, child: &'a str) -> impl Iterator<Item = &'a Group> {
        self.groups.iter().filter(move |group| group.child == child)
    }

    /// The groups whose statistical fields are on `parent`.
    pub fn on<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = &'a Group> {
        self.groups.iter().filter(move |group| group.parent == parent)
    }

    /// The formulas of an object, each after those that it reads.
    pub fn formulas(&self, object: &str) -> &[Calculated] {
        self.formulas.get(object).map_or(&[], Vec::as_slice)
    }

    /// The indexed formulas, of this object or others, that read records of `object` across references.
    pub fn reading(&self, object: &str) -> &[Dependant] {
        self.dependants.get(object).map_or(&[], Vec::as_slice)
    }

    /// The fields that a reckoned one reads, by object; nothing for others.
    pub fn reads(&self, object: &str, field: &str) -> BTreeSet<DependencyNode> {
        self.reads.get(&(object.to_owned(), field.to_owned())).cloned().unwrap_or_default()
    }

    /// The reckoned fields that follow from these, directly or by way of others, in the order of reckoning.
    pub fn follow_from(&self, fields: &[DependencyNode]) -> Vec<DependencyNode> {
        self.dependencies.touched_by(fields).into_iter().cloned().collect()
    }

    /// Every reckoned field, each after those that it reads.
    pub fn in_order(&self) -> Vec<DependencyNode> {
        self.dependencies.sorted().into_iter().cloned().collect()
    }

    /// Every reckoned field with all that it is drawn from, by way of others too: whoever may not know the one may not know the other.
    pub fn sources(&self) -> BTreeMap<DependencyNode, BTreeSet<DependencyNode>> {
        let mut sources: BTreeMap<DependencyNode, BTreeSet<DependencyNode>> = BTreeMap::new();
        for node in self.dependencies.sorted() {
            let reads = self.reads.get(node).cloned().unwrap_or_default();
            let through: Vec<DependencyNode> = reads.iter().filter_map(|read| sources.get(read)).flatten().cloned().collect();
            sources.insert(node.clone(), reads.into_iter().chain(through).collect());
        }
        sources
    }
}

/// A compiled formula with what it reads of its own record.
///
/// Errors: `formula.not_indexable` where it is to be stored and changes with the clock or the reader; `field.not_indexed` where it reads
/// what is not stored: on other records in any case, on its own where it is to be stored itself.
fn calculated(schema: &Schema, field: &Field, formula: Formula, indexed: bool) -> std::result::Result<Calculated, Violation> {
    if indexed && formula.is_volatile() {
        return Err(Violation::new("formula.not_indexable", "indexed"));
    }
    for path in formula.paths() {
        let read = schema.object(&path.object).and_then(|object| object.field(&path.field));
        if read.is_some_and(|read| !read.is_stored()) && (indexed || !path.hops.is_empty()) {
            return Err(Violation::new("field.not_indexed", "formula").with("field", path.field.as_str()));
        }
    }
    let own = formula.paths().iter().map(|path| path.hops.first().map_or(&path.field, |hop| &hop.field).clone()).collect();
    Ok(Calculated { field: field.key.clone(), formula, indexed, own })
}

/// Reads one statistical field: its child, the reference, and what it reckons.
///
/// Errors at the field's settings: `field.unknown`, `statistical.field`, `statistical.condition`.
fn item(schema: &Schema, parent: &Object, field: &Field, reading: &Reading<'_>) -> Result<(String, String, Item), Violation> {
    let FieldType::Statistical { of, via, function, field: over, condition, .. } = &field.kind else {
        return Err(Violation::new("statistical.field", &field.key));
    };
    let unknown = |key: &str, path: &str| Violation::new("field.unknown", path).with("field", key);
    let child = schema.object(of).ok_or_else(|| unknown(of, "of"))?;
    let refers = child.field(via).filter(|via| via.kind.target() == Some(&parent.key));
    let refers = refers.ok_or_else(|| unknown(via, "via"))?;
    let mut reads = BTreeSet::new();
    if let Some(key) = over {
        let over = child.field(key).filter(|over| over.is_stored()).ok_or_else(|| unknown(key, "field"))?;
        function.result(Some(over)).ok_or_else(|| wrong_field(*function, over.kind.name()))?;
        reads.insert(key.clone());
    } else if *function != Function::Count {
        return Err(wrong_field(*function, "nothing"));
    }
    let condition = match condition {
        None => None,
        Some(condition) => {
            let steady = condition.own_fields().ok_or_else(|| Violation::new("statistical.condition", "condition"))?;
            if steady.iter().any(|key| child.field(key).is_some_and(|f| f.kind.name() == "long_text")) {
                return Err(Violation::new("statistical.condition", "condition"));
            }
            reads.extend(steady);
            let resolved = condition.resolve(of, reading).map_err(|mut found| found.remove(0))?;
            Some(resolved)
        }
    };
    let settled = field.state.is_live() && !field.settling;
    let item = Item { field: field.key.clone(), function: *function, of: over.clone(), condition, reads, settled };
    Ok((of.clone(), refers.key.clone(), item))
}

fn wrong_field(function: Function, found: &str) -> Violation {
    Violation::new("statistical.field", "field").with("function", function.key()).with("type", found)
}
