//! Whether somebody may get more, from plain counts.

use crate::Id;

/// A rule that applies to the receiver and counts the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    pub rule: Id,
    /// The person, department or group that the limit is of.
    pub subject: Id,
    /// `None`: no limit is set for this subject.
    pub limit: Option<i64>,
    /// Held before the act.
    pub held: i64,
}

impl Room {
    /// How many more there is room for; `None` without a limit. Negative limits count as none at all left.
    pub fn left(&self) -> Option<i64> {
        self.limit.map(|limit| limit.max(0) - self.held)
    }
}

/// A receiver asks for so many more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub asked: i64,
    pub rooms: Vec<Room>,
}

/// A rule that has no room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Full {
    pub room: Room,
    pub asked: i64,
}

/// Every rule without room for what is asked, the tightest first: the least room, then the least limit. Empty: all have room, so the smallest
/// decides (D84).
pub fn judge(ask: &Ask) -> Vec<Full> {
    let mut full: Vec<Full> = ask
        .rooms
        .iter()
        .filter(|room| room.left().is_some_and(|left| left < ask.asked))
        .map(|room| Full { room: room.clone(), asked: ask.asked })
        .collect();
    full.sort_by_key(|full| (full.room.left(), full.room.limit, full.room.rule));
    full
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> Id {
        Id::from_parts(0, [n; 10])
    }

    fn room(rule: u8, limit: Option<i64>, held: i64) -> Room {
        Room { rule: id(rule), subject: id(100), limit, held }
    }

    fn met(rooms: &[Room]) -> Vec<Id> {
        judge(&Ask { asked: 1, rooms: rooms.to_vec() }).into_iter().map(|full| full.room.rule).collect()
    }

    /// spec/12: R1 three for a salesperson, R2 one of those from 1000, R3 five for the department North.
    #[test]
    fn the_smallest_room_decides() {
        assert_eq!(met(&[room(1, Some(3), 3), room(3, Some(5), 4)]), [id(1)], "Ann, a small one");
        assert_eq!(met(&[room(1, Some(3), 1), room(2, Some(1), 1), room(3, Some(5), 4)]), [id(2)], "Bob, a big one");
        assert_eq!(met(&[room(1, Some(3), 1), room(3, Some(5), 4)]), [], "Bob, a small one");
        assert_eq!(met(&[room(1, Some(3), 2), room(3, Some(5), 5)]), [id(3)], "the next for anybody in North");
    }

    #[test]
    fn the_tightest_comes_first_and_no_limit_stops_nobody() {
        assert_eq!(met(&[room(1, Some(5), 5), room(2, Some(3), 4), room(3, None, 900)]), [id(2), id(1)]);
        assert_eq!(met(&[room(1, Some(-2), 0)]), [id(1)], "a negative limit is none at all");
        assert_eq!(met(&[]), []);
    }
}
