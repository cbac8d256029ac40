//! What may be wrong with the graph of a flow. A broken one cannot be saved.

use std::collections::{BTreeMap, BTreeSet};

use super::flow::{Approve, Flow, Kind, Limit, Method, Node, Rejects};
use crate::{Field, Object, Violation, Violations};

/// Nodes of one flow.
const MOST_NODES: usize = 60;
/// Hours of a limit: a year.
const MOST_HOURS: u32 = 24 * 366;

/// Everything that stands against the graph, each with its place. Conditions, and whether people, groups and roles are there, is for
/// whoever knows them.
pub fn check(flow: &Flow, object: &Object) -> Violations {
    let mut found = Violations::new();
    let mut keys = BTreeSet::new();
    if flow.nodes.len() > MOST_NODES {
        found.push(Violation::new("approval.too_many_nodes", "nodes").with("max", MOST_NODES));
    }
    for (n, node) in flow.nodes.iter().enumerate() {
        let path = |rest: &str| if rest.is_empty() { format!("nodes[{n}]") } else { format!("nodes[{n}].{rest}") };
        if node.key.is_empty() || !keys.insert(node.key.as_str()) {
            found.push(Violation::new("approval.node_twice", path("key")).with("node", node.key.as_str()));
        }
        for to in node.leads_to() {
            if to.is_empty() {
                found.push(Violation::new("approval.leads_nowhere", path("")).with("node", name(node)));
            } else if flow.node(to).is_none() {
                found.push(Violation::new("approval.node_unknown", path("")).with("node", to));
            }
        }
        own(flow, object, node, &path, &mut found);
    }
    let starts = flow.nodes.iter().filter(|node| matches!(node.does, Kind::Start { .. })).count();
    if starts != 1 {
        found.push(Violation::new("approval.one_start", "nodes").with("found", starts));
    }
    if !flow.nodes.iter().any(|node| node.does == Kind::Approved) {
        found.push(Violation::new("approval.no_end", "nodes"));
    }
    // The shape is told once the pieces are there.
    if found.is_empty() {
        shape(flow, &mut found);
    }
    found
}

fn name(node: &Node) -> &str {
    if node.name.is_empty() { &node.key } else { &node.name }
}

/// True where somebody types the value; owners and stages are changed by acts of their own.
pub fn is_filled_in(field: &Field) -> bool {
    !field.is_kept_by_product() && !["owner", "stage", "sales_process"].contains(&field.key.as_str())
}

/// What is wrong with a node by itself.
fn own(flow: &Flow, object: &Object, node: &Node, path: &impl Fn(&str) -> String, found: &mut Violations) {
    let mut fields = |keys: &[String], place: &str| {
        for (k, key) in keys.iter().enumerate() {
            let at = format!("{}[{k}]", path(place));
            match object.field(key).filter(|field| field.state.is_live()) {
                None => found.push(Violation::new("field.unknown", at).with("field", key.as_str())),
                Some(field) if !is_filled_in(field) => {
                    found.push(Violation::new("field.read_only", at).with("field", key.as_str()));
                }
                Some(_) if keys[..k].contains(key) => {
                    found.push(Violation::new("field.not_unique", at).with("value", key.as_str()));
                }
                Some(_) => {}
            }
        }
    };
    match &node.does {
        Kind::Approve(approve) => {
            fields(&approve.may_edit, "does.may_edit");
            fields(&approve.must_fill, "does.must_fill");
        }
        Kind::Task { must_fill, .. } => {
            fields(must_fill, "does.must_fill");
            if must_fill.is_empty() {
                found.push(Violation::new("field.required", path("does.must_fill")));
            }
        }
        _ => {}
    }
    if let Some(limit) = node.limit() {
        time(limit, path, found);
    }
    let line = matches!(&node.does, Kind::Approve(approve) if matches!(approve.method, Method::StepByStep { .. }));
    if node.asks() && node.sources().is_empty() && !line {
        found.push(Violation::new("approval.asks_nobody", path("does.who")).with("node", name(node)));
    }
    match &node.does {
        Kind::Approve(approve) => method(flow, node, approve, path, found),
        Kind::Branch { ways, .. } if ways.is_empty() => {
            found.push(Violation::new("approval.too_few_ways", path("does.ways")).with("min", 1))
        }
        Kind::Fork { ways, join } => {
            if ways.len() < 2 {
                found.push(Violation::new("approval.too_few_ways", path("does.ways")).with("min", 2));
            }
            if !flow.node(join).is_some_and(|node| matches!(node.does, Kind::Join { .. })) {
                found.push(Violation::new("approval.no_join", path("does.join")).with("node", name(node)));
            }
        }
        _ => {}
    }
}

fn method(flow: &Flow, node: &Node, approve: &Approve, path: &impl Fn(&str) -> String, found: &mut Violations) {
    if let Method::Countersign { percent: Some(percent) } = approve.method
        && !(1..=100).contains(&percent)
    {
        found.push(Violation::new("field.out_of_range", path("does.method.percent")).with("min", 1).with("max", 100));
    }
    if let Method::StepByStep { until: super::flow::Until::Levels { n }, .. } = approve.method
        && !(1..=20).contains(&n)
    {
        found.push(Violation::new("field.out_of_range", path("does.method.until.n")).with("min", 1).with("max", 20));
    }
    if let Rejects::Node { node: to } = &approve.rejects
        && flow.node(to).is_none_or(|to| !to.asks() || to.key == node.key)
    {
        found.push(Violation::new("approval.node_unknown", path("does.rejects.node")).with("node", to.as_str()));
    }
}

fn time(limit: &Limit, path: &impl Fn(&str) -> String, found: &mut Violations) {
    if !(1..=MOST_HOURS).contains(&limit.hours) {
        found.push(Violation::new("field.out_of_range", path("does.limit.hours")).with("min", 1).with("max", MOST_HOURS));
    }
    if limit.remind_hours_before.iter().any(|hours| *hours == 0 || *hours >= limit.hours) {
        let max = limit.hours.saturating_sub(1);
        found.push(Violation::new("field.out_of_range", path("does.limit.remind_hours_before")).with("min", 1).with("max", max));
    }
}

/// What is wrong with the graph as a whole: circles, what is never come to, forks that do not join.
fn shape(flow: &Flow, found: &mut Violations) {
    let at = |key: &str| flow.nodes.iter().position(|node| node.key == key).map_or_else(|| "nodes".to_owned(), |n| format!("nodes[{n}]"));
    if let Some(key) = circle(flow) {
        found.push(Violation::new("approval.circle", at(key)).with("node", flow.node(key).map_or(key, name)));
        return;
    }
    let forks = match contexts(flow) {
        Ok(forks) => forks,
        Err(violation) => {
            let place = at(violation.path.as_str());
            found.push(Violation { path: place, ..violation });
            return;
        }
    };
    for node in &flow.nodes {
        let Some(inside) = forks.get(node.key.as_str()) else {
            found.push(Violation::new("approval.never_come_to", at(&node.key)).with("node", name(node)));
            continue;
        };
        if node.does == Kind::Approved && !inside.is_empty() {
            found.push(Violation::new("approval.ends_inside_fork", at(&node.key)).with("node", name(node)));
        }
        if let Kind::Approve(approve) = &node.does
            && let Rejects::Node { node: to } = &approve.rejects
            && !leads_to(flow, to, &node.key)
        {
            found.push(Violation::new("approval.not_earlier", at(&node.key)).with("node", flow.node(to).map_or(to.as_str(), name)));
        }
    }
}

/// A node from which one comes back to it.
fn circle(flow: &Flow) -> Option<&str> {
    fn visit<'a>(flow: &'a Flow, key: &'a str, path: &mut Vec<&'a str>, done: &mut BTreeSet<&'a str>) -> Option<&'a str> {
        if path.contains(&key) {
            return Some(key);
        }
        if done.contains(key) {
            return None;
        }
        path.push(key);
        let next = flow.node(key).map(Node::leads_to).unwrap_or_default();
        let found = next.into_iter().find_map(|to| visit(flow, to, path, done));
        path.pop();
        done.insert(key);
        found
    }
    let mut done = BTreeSet::new();
    flow.nodes.iter().find_map(|node| visit(flow, &node.key, &mut Vec::new(), &mut done))
}

/// Of every node that is come to, inside which forks it lies. Errors: a node that is come to from inside and from outside, or a way that
/// does not come to the join of its fork; its path is the node's key.
fn contexts(flow: &Flow) -> Result<BTreeMap<&str, Vec<&str>>, Violation> {
    fn visit<'a>(
        flow: &'a Flow,
        key: &'a str,
        mut inside: Vec<&'a str>,
        found: &mut BTreeMap<&'a str, Vec<&'a str>>,
    ) -> Result<(), Violation> {
        let Some(node) = flow.node(key) else { return Ok(()) };
        if let Kind::Join { .. } = node.does {
            let Some(fork) = inside.pop() else { return Err(Violation::new("approval.join_outside", key).with("node", name(node))) };
            let own = matches!(flow.node(fork).map(|fork| &fork.does), Some(Kind::Fork { join, .. }) if join == key);
            if !own {
                return Err(Violation::new("approval.wrong_join", key)
                    .with("node", name(node))
                    .with("fork", flow.node(fork).map_or(fork, name)));
            }
        }
        match found.get(key) {
            Some(known) if *known == inside => return Ok(()),
            // The end is the end from wherever.
            Some(_) if node.does == Kind::Rejected => return Ok(()),
            Some(_) => return Err(Violation::new("approval.fork_crossed", key).with("node", name(node))),
            None => {}
        }
        found.insert(key, inside.clone());
        if let Kind::Fork { .. } = node.does {
            inside.push(key);
        }
        for to in node.leads_to() {
            visit(flow, to, inside.clone(), found)?;
        }
        Ok(())
    }
    let mut found = BTreeMap::new();
    if let Some(start) = flow.start() {
        visit(flow, &start.key, Vec::new(), &mut found)?;
    }
    Ok(found)
}

fn leads_to(flow: &Flow, from: &str, to: &str) -> bool {
    let mut left = vec![from];
    let mut seen = BTreeSet::new();
    while let Some(key) = left.pop() {
        for next in flow.node(key).map(Node::leads_to).unwrap_or_default() {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                left.push(next);
            }
        }
    }
    false
}

/// True for nodes inside a fork: one does not come there from elsewhere.
pub(super) fn is_inside_a_fork(flow: &Flow, node: &str) -> bool {
    contexts(flow).is_ok_and(|forks| forks.get(node).is_some_and(|inside| !inside.is_empty()))
}
