//! What becomes of a lead: its status follows from what happens to it.

pub mod mapping;

pub use mapping::{Mapping, PARTS, Pair};

use crate::Record;
use crate::objects::lead::status;

/// The status of a lead after a change, from how it was before (`None`: it is new) and how it is now.
///
/// An owner makes it one to follow up; the first follow-up after that makes it one that is followed. What has been converted or found
/// invalid stays so; [`revived`] tells where an invalid one goes on.
pub fn status_after(before: Option<&Record>, after: &Record) -> &'static str {
    let was = before.map_or(status::UNASSIGNED, |record| known(record.text("lead_status")));
    if matches!(was, status::CONVERTED | status::INVALID) {
        return was;
    }
    if after.owner().is_none() {
        return status::UNASSIGNED;
    }
    let followed = |record: &Record| record.get("last_followed_at").as_instant();
    let followed_now = followed(after).is_some() && followed(after) != before.and_then(followed);
    match was {
        _ if followed_now => status::FOLLOWING,
        status::FOLLOWING => status::FOLLOWING,
        _ => status::PENDING,
    }
}

/// Where an invalid lead goes on that is taken up again.
pub fn revived(record: &Record) -> &'static str {
    match (record.owner(), record.get("last_followed_at").as_instant()) {
        (None, _) => status::UNASSIGNED,
        (Some(_), None) => status::PENDING,
        (Some(_), Some(_)) => status::FOLLOWING,
    }
}

fn known(text: &str) -> &'static str {
    match text {
        status::PENDING => status::PENDING,
        status::FOLLOWING => status::FOLLOWING,
        status::CONVERTED => status::CONVERTED,
        status::INVALID => status::INVALID,
        _ => status::UNASSIGNED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Id, Instant};

    fn lead(status: &str, owned: bool, followed: Option<i64>) -> Record {
        let mut lead = Record::new("lead", Id::SYSTEM);
        lead.set("lead_status", status);
        if owned {
            lead.set("owner", Id::from_parts(1, [1; 10]));
        }
        if let Some(at) = followed {
            lead.set("last_followed_at", Instant(at));
        }
        lead
    }

    #[test]
    fn the_status_follows_what_happens() {
        use status::*;
        let after = |before: Option<(&str, bool, Option<i64>)>, owned: bool, followed: Option<i64>| {
            let before = before.map(|(status, owned, followed)| lead(status, owned, followed));
            let was = before.as_ref().map_or(String::new(), |record| record.text("lead_status").to_owned());
            status_after(before.as_ref(), &lead(&was, owned, followed))
        };
        for (before, owned, followed, expected) in [
            (None, false, None, UNASSIGNED),
            (None, true, None, PENDING),
            (None, true, Some(1), FOLLOWING),
            (Some((UNASSIGNED, false, None)), true, None, PENDING),
            // Somebody who gives leads out has called; whoever gets it has still to follow.
            (Some((UNASSIGNED, false, None)), false, Some(1), UNASSIGNED),
            (Some((UNASSIGNED, false, Some(1))), true, Some(1), PENDING),
            (Some((PENDING, true, None)), true, None, PENDING),
            (Some((PENDING, true, None)), true, Some(1), FOLLOWING),
            (Some((PENDING, true, Some(1))), true, Some(2), FOLLOWING),
            (Some((FOLLOWING, true, Some(1))), true, Some(1), FOLLOWING),
            (Some((FOLLOWING, true, Some(1))), true, None, FOLLOWING),
            (Some((FOLLOWING, true, Some(1))), false, Some(1), UNASSIGNED),
            (Some((CONVERTED, true, None)), true, Some(1), CONVERTED),
            (Some((INVALID, true, None)), true, Some(1), INVALID),
        ] {
            assert_eq!(after(before, owned, followed), expected, "{before:?} {owned} {followed:?}");
        }
    }

    #[test]
    fn an_invalid_one_goes_on_where_it_stood() {
        use status::*;
        assert_eq!(revived(&lead(INVALID, false, Some(1))), UNASSIGNED);
        assert_eq!(revived(&lead(INVALID, true, None)), PENDING);
        assert_eq!(revived(&lead(INVALID, true, Some(1))), FOLLOWING);
    }
}
