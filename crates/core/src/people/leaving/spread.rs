//! Who gets which of a leaver's records.

use std::collections::BTreeMap;

use model::Id;

/// For each record in its order who gets it: the one who is named for it, else the receiver who has got the fewest so far, the first of
/// them in their order. `None` where there is nobody to give it to.
pub(super) fn spread(records: &[Id], receivers: &[Id], named: &BTreeMap<Id, Id>) -> Vec<(Id, Option<Id>)> {
    let mut got: Vec<usize> =
        receivers.iter().map(|receiver| records.iter().filter(|id| named.get(id) == Some(receiver)).count()).collect();
    records
        .iter()
        .map(|record| {
            if let Some(to) = named.get(record) {
                return (*record, Some(*to));
            }
            let least = (0..receivers.len()).min_by_key(|at| got[*at]);
            if let Some(at) = least {
                got[at] += 1;
            }
            (*record, least.map(|at| receivers[at]))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u64) -> Id {
        Id::from_parts(n, [0; 10])
    }

    #[test]
    fn it_is_spread_evenly_and_those_named_count() {
        let records: Vec<Id> = (0..7).map(id).collect();
        let (a, b, c) = (id(100), id(101), id(102));
        let counts = |receivers: &[Id], named: &[(u64, Id)]| {
            let named = named.iter().map(|(record, to)| (id(*record), *to)).collect();
            let given = spread(&records, receivers, &named);
            assert_eq!(given.iter().map(|(record, _)| *record).collect::<Vec<_>>(), records);
            [Some(a), Some(b), Some(c), None].map(|to| given.iter().filter(|(_, got)| *got == to).count())
        };
        assert_eq!(counts(&[a, b, c], &[]), [3, 2, 2, 0]);
        assert_eq!(counts(&[a], &[]), [7, 0, 0, 0]);
        assert_eq!(counts(&[], &[]), [0, 0, 0, 7]);
        assert_eq!(counts(&[a, b], &[(0, b), (1, b), (2, b)]), [4, 3, 0, 0]);
        assert_eq!(counts(&[a], &[(6, c)]), [6, 0, 1, 0]);
        assert_eq!(counts(&[], &[(6, c)]), [0, 0, 1, 6]);
    }
}
