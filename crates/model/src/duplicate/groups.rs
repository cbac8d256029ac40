//! Records that are alike in pairs, put together in groups.

use std::collections::BTreeMap;

use crate::Id;

/// Two records that a rule finds alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    pub a: Id,
    pub b: Id,
    pub rule: Id,
    /// How alike, in percent.
    pub score: u8,
}

/// Records that belong together, by one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouped {
    /// The least of the likenesses that hold the group together.
    pub score: u8,
    /// By record.
    pub members: Vec<Member>,
}

/// A record of a group, with the best of its pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    pub record: Id,
    pub rule: Id,
    pub score: u8,
}

/// Puts together what is alike, directly or through others, the most alike first. No group becomes larger than `most`: what is alike only
/// by a weaker pair then stays outside, so that a chain of names that resemble each other does not swallow everything. The same pairs give
/// the same groups, whatever their order.
pub fn groups(pairs: &[Pair], most: usize) -> Vec<Grouped> {
    let mut sorted: Vec<Pair> = pairs.iter().filter(|pair| pair.a != pair.b).map(|pair| ordered(*pair)).collect();
    sorted.sort_unstable_by_key(|pair| (std::cmp::Reverse(pair.score), pair.a, pair.b, pair.rule));
    let mut place: BTreeMap<Id, usize> = BTreeMap::new();
    let mut all: Vec<Option<(u8, Vec<Id>)>> = Vec::new();
    for pair in &sorted {
        let [a, b] = [pair.a, pair.b].map(|id| {
            *place.entry(id).or_insert_with(|| {
                all.push(Some((100, vec![id])));
                all.len() - 1
            })
        });
        let size = |at: usize| all[at].as_ref().map_or(0, |(_, ids)| ids.len());
        if a == b || size(a) + size(b) > most {
            continue;
        }
        if let Some((score, ids)) = all[b].take()
            && let Some((least, members)) = &mut all[a]
        {
            ids.iter().for_each(|id| {
                place.insert(*id, a);
            });
            *least = (*least).min(score).min(pair.score);
            members.extend(ids);
        }
    }
    // The best pair of each record that stayed within its group: the first, as they are sorted.
    let mut best: BTreeMap<Id, Member> = BTreeMap::new();
    for pair in sorted.iter().filter(|pair| place.get(&pair.a) == place.get(&pair.b)) {
        for record in [pair.a, pair.b] {
            best.entry(record).or_insert(Member { record, rule: pair.rule, score: pair.score });
        }
    }
    let grouped = all.into_iter().flatten().filter(|(_, ids)| ids.len() > 1).map(|(score, mut ids)| {
        ids.sort_unstable();
        Grouped { score, members: ids.iter().filter_map(|id| best.get(id).copied()).collect() }
    });
    let mut grouped: Vec<Grouped> = grouped.collect();
    grouped.sort_by_key(|group| (std::cmp::Reverse(group.score), group.members.first().map(|member| member.record)));
    grouped
}

fn ordered(pair: Pair) -> Pair {
    if pair.a <= pair.b { pair } else { Pair { a: pair.b, b: pair.a, ..pair } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Id {
        Id(uuid::Uuid::from_u128(n))
    }

    fn pair(a: u128, b: u128, score: u8) -> Pair {
        Pair { a: id(a), b: id(b), rule: id(900), score }
    }

    fn told(groups: &[Grouped]) -> Vec<(u8, Vec<u128>)> {
        groups.iter().map(|group| (group.score, group.members.iter().map(|member| member.record.0.as_u128()).collect())).collect()
    }

    #[test]
    fn what_is_alike_through_another_is_in_one_group_with_the_least_likeness_that_holds_it() {
        let pairs = [pair(1, 2, 95), pair(3, 2, 88), pair(7, 8, 100), pair(8, 7, 90), pair(4, 4, 100)];
        assert_eq!(told(&groups(&pairs, 20)), [(100, vec![7, 8]), (88, vec![1, 2, 3])]);
        let of_two = groups(&pairs, 20)[1].members[1];
        assert_eq!((of_two.record, of_two.score), (id(2), 95), "each tells of its best pair");
    }

    #[test]
    fn the_strongest_stay_together_where_a_group_would_be_too_large() {
        let pairs = [pair(1, 2, 86), pair(2, 3, 99), pair(3, 4, 85), pair(4, 5, 98)];
        assert_eq!(told(&groups(&pairs, 2)), [(99, vec![2, 3]), (98, vec![4, 5])]);
        assert_eq!(told(&groups(&pairs, 3)), [(98, vec![4, 5]), (86, vec![1, 2, 3])]);
    }

    #[test]
    fn the_order_of_the_pairs_does_not_matter_and_no_record_is_in_two_groups() {
        let mut dice = 7_u64;
        let mut roll = |n: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % n
        };
        for _ in 0..200 {
            let pairs: Vec<Pair> = (0..30).map(|_| pair(roll(20).into(), roll(20).into(), 80 + roll(21) as u8)).collect();
            let found = groups(&pairs, 5);
            let mut back = pairs.clone();
            back.reverse();
            assert_eq!(found, groups(&back, 5));
            let mut seen = std::collections::BTreeSet::new();
            for group in &found {
                assert!((2..=5).contains(&group.members.len()));
                assert!(group.members.iter().all(|member| member.score >= group.score && seen.insert(member.record)));
            }
        }
    }
}
