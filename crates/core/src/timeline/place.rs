//! A place in a timeline.

use std::fmt;
use std::str::FromStr;

use db::records::Bound;
use model::{Id, Instant};

/// When something happened; at one instant the greater source comes first, then the greater id, then the greater revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub at: Instant,
    pub source: u8,
    pub id: Id,
    /// Of changes: several of one record.
    pub revision: i64,
}

impl Place {
    /// What comes behind this place of a source whose entries have ids of their own.
    pub fn bound(self, source: u8) -> Bound {
        match source.cmp(&self.source) {
            std::cmp::Ordering::Greater => Bound::Before(self.at),
            std::cmp::Ordering::Less => Bound::UpTo(self.at),
            std::cmp::Ordering::Equal => Bound::Behind(self.at, self.id),
        }
    }

    /// What comes behind this place of a record's changes.
    pub fn bound_of(self, source: u8, record: Id) -> Bound<i64> {
        match source.cmp(&self.source).then(record.cmp(&self.id)) {
            std::cmp::Ordering::Greater => Bound::Before(self.at),
            std::cmp::Ordering::Less => Bound::UpTo(self.at),
            std::cmp::Ordering::Equal => Bound::Behind(self.at, self.revision),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{}", self.at.0, self.source, self.id, self.revision)
    }
}

impl FromStr for Place {
    type Err = ();
    fn from_str(text: &str) -> Result<Place, ()> {
        let mut parts = text.split('.');
        let mut next = || parts.next().ok_or(());
        let at = Instant(next()?.parse().map_err(|_| ())?);
        let source = next()?.parse().map_err(|_| ())?;
        let id = next()?.parse().map_err(|_| ())?;
        let revision = next()?.parse().map_err(|_| ())?;
        if parts.next().is_some() { Err(()) } else { Ok(Place { at, source, id, revision }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let place = Place { at: Instant(1_764_115_200_000_000), source: 1, id: Id::from_parts(7, [3; 10]), revision: 42 };
        assert_eq!(place.to_string().parse(), Ok(place));
        for wrong in ["", "1.2.3", "1.2.x.4", "1.1.019b8d62-7a80-7000-8000-00000000005a.4.5"] {
            assert_eq!(wrong.parse::<Place>(), Err(()));
        }
    }

    #[test]
    fn what_comes_behind_depends_on_the_source() {
        let id = |n: u8| Id::from_parts(7, [n; 10]);
        let place = Place { at: Instant(5), source: 3, id: id(5), revision: 9 };
        assert_eq!(place.bound(4), Bound::Before(Instant(5)));
        assert_eq!(place.bound(3), Bound::Behind(Instant(5), id(5)));
        assert_eq!(place.bound(2), Bound::UpTo(Instant(5)));
        assert_eq!(place.bound_of(3, id(6)), Bound::Before(Instant(5)));
        assert_eq!(place.bound_of(3, id(5)), Bound::Behind(Instant(5), 9));
        assert_eq!(place.bound_of(3, id(4)), Bound::UpTo(Instant(5)));
    }
}
