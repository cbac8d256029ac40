//! Special days read from what people have: a calendar file (iCalendar, RFC 5545), rows of a table, or days typed one below the other.

use jiff::ToSpan;

use super::{Clock, DayKind, Span, SpecialDay};
use crate::Date;

/// Days that are read at once.
const MOST: usize = 2_000;

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// From 1.
    pub line: usize,
    pub text: String,
}

/// Reads days, and tells which lines are none.
///
/// A line is a day or `first..last`, then perhaps a name, and perhaps what it is (`holiday`, `half_day` with hours as `09:00-12:00`,
/// `working_day`), divided by commas, semicolons or tabs; a first line that names columns is passed over. A calendar file is known by
/// its beginning.
pub fn read_days(text: &str) -> (Vec<SpecialDay>, Vec<Unread>) {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().to_ascii_uppercase().starts_with("BEGIN:VCALENDAR") {
        return of_calendar_file(text);
    }
    let (mut days, mut unread) = (Vec::new(), Vec::new());
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match of_line(line) {
            Some(day) if days.len() < MOST => days.push(day),
            // What stands over the columns.
            None if at == 0 && !line.starts_with(|c: char| c.is_ascii_digit()) => {}
            _ => unread.push(Unread { line: at + 1, text: line.chars().take(200).collect() }),
        }
    }
    (days, unread)
}

/// `2026-11-23`, `2026/11/23`, `2026.11.23`, `20261123`, `2026年11月23日`.
fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Date::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?).ok();
    }
    let mut parts = text.trim_end_matches('日').split(['-', '/', '.', '年', '月']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn of_line(line: &str) -> Option<SpecialDay> {
    let mut cells = line.split([',', ';', '\t', '，', '；']).map(|cell| cell.trim().trim_matches('"').trim());
    let first = cells.next()?;
    let (from, mut to) = match ["..", " - ", "–", "—", "~", "至"].iter().find_map(|between| first.split_once(between)) {
        Some((from, to)) => (day(from)?, day(to)?),
        None => (day(first)?, day(first)?),
    };
    let (mut name, mut kind, mut hours) = (String::new(), DayKind::Holiday, Vec::new());
    for cell in cells {
        if let Some(last) = day(cell) {
            to = last;
        } else if let Some(span) = span(cell) {
            hours.push(span);
        } else {
            match cell.to_lowercase().replace(' ', "_").as_str() {
                "" => {}
                "holiday" | "放假" | "假日" => kind = DayKind::Holiday,
                "half_day" | "半天" => kind = DayKind::HalfDay,
                "working_day" | "workday" | "上班" | "调休" | "补班" => kind = DayKind::WorkingDay,
                _ if name.is_empty() => name = cell.to_owned(),
                _ => return None,
            }
        }
    }
    if kind == DayKind::Holiday && !hours.is_empty() {
        kind = DayKind::HalfDay;
    }
    let sound = from <= to && (kind != DayKind::HalfDay || !hours.is_empty());
    sound.then_some(SpecialDay { name, from, to, yearly: false, kind, hours, like: None })
}

fn span(text: &str) -> Option<Span> {
    let (from, to) = text.split_once(['-', '–'])?;
    let span = Span { from: Clock::parse(from)?, to: Clock::parse(to)? };
    (span.from < span.to).then_some(span)
}

fn of_calendar_file(text: &str) -> (Vec<SpecialDay>, Vec<Unread>) {
    let (mut days, mut unread) = (Vec::new(), Vec::new());
    let mut event: Option<Event> = None;
    for (line, text) in unfolded(text) {
        let Some((name, value)) = text.split_once(':') else { continue };
        // Parameters stand behind the name.
        let name = name.split(';').next().unwrap_or_default().to_ascii_uppercase();
        match (name.as_str(), value.trim().to_ascii_uppercase().as_str(), &mut event) {
            ("BEGIN", "VEVENT", _) => event = Some(Event { line, ..Event::default() }),
            ("END", "VEVENT", _) => {
                let Some(ended) = event.take() else { continue };
                match ended.day().filter(|_| days.len() < MOST) {
                    Some(day) => days.push(day),
                    None => unread.push(Unread { line: ended.line, text: ended.name.chars().take(200).collect() }),
                }
            }
            ("DTSTART", _, Some(event)) => event.from = whole_day(value),
            ("DTEND", _, Some(event)) => event.until = whole_day(value),
            ("SUMMARY", _, Some(event)) => event.name = unescaped(value),
            ("RRULE", rule, Some(event)) => {
                event.yearly = rule.split(';').any(|part| part == "FREQ=YEARLY");
                event.otherwise = !event.yearly;
            }
            _ => {}
        }
    }
    (days, unread)
}

/// An event on its way.
#[derive(Default)]
struct Event {
    line: usize,
    name: String,
    from: Option<Date>,
    /// The day after the last.
    until: Option<Date>,
    yearly: bool,
    /// It comes again in a way that is no year's.
    otherwise: bool,
}

impl Event {
    fn day(&self) -> Option<SpecialDay> {
        let from = self.from.filter(|_| !self.otherwise)?;
        let to = self.until.and_then(|until| until.checked_sub(1.day()).ok()).filter(|to| *to >= from).unwrap_or(from);
        let name = self.name.clone();
        Some(SpecialDay { name, from, to, yearly: self.yearly, kind: DayKind::Holiday, hours: Vec::new(), like: None })
    }
}

/// The day of `20261225` or `20261225T000000Z`.
fn whole_day(value: &str) -> Option<Date> {
    let value = value.trim();
    day(value.get(..8)?).filter(|_| value.len() == 8 || value.as_bytes().get(8) == Some(&b'T'))
}

/// Long lines go on in the next one, behind a blank; with the number of the line on which each begins.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, before))) => before.push_str(rest),
            _ => lines.push((at + 1, line.to_owned())),
        }
    }
    lines
}

fn unescaped(value: &str) -> String {
    value.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (Vec<String>, Vec<usize>) {
        let (days, unread) = read_days(text);
        let day = |day: &SpecialDay| {
            let hours: Vec<String> = day.hours.iter().map(|span| format!("{}-{}", span.from, span.to)).collect();
            let yearly = if day.yearly { " yearly" } else { "" };
            format!("{}..{} {:?} {}{yearly} {}", day.from, day.to, day.kind, day.name, hours.join(" ")).trim().to_owned()
        };
        (days.iter().map(day).collect(), unread.iter().map(|one| one.line).collect())
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        let (days, unread) = told(
            "Date,Name\n2026-12-25,Christmas\n2026/10/1..2026/10/7;National Day\n2026年9月27日，国庆调休，上班\n\n20261224,\"Christmas Eve\",half day,09:00-12:00\n31.12.2026\n2026-02-30\n2026-05-03,2026-05-01\n2026-08-01\t2026-08-14\tSummer",
        );
        assert_eq!(
            days,
            [
                "2026-12-25..2026-12-25 Holiday Christmas",
                "2026-10-01..2026-10-07 Holiday National Day",
                "2026-09-27..2026-09-27 WorkingDay 国庆调休",
                "2026-12-24..2026-12-24 HalfDay Christmas Eve 09:00-12:00",
                "2026-08-01..2026-08-14 Holiday Summer",
            ]
        );
        assert_eq!(unread, [7, 8, 9]);
    }

    #[test]
    fn a_calendar_file_is_read_event_by_event() {
        let (days, unread) = told(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Christmas\\, both\r\n  days\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20260501T000000Z\r\nSUMMARY:May Day\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Nothing\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        );
        assert_eq!(days, ["2026-12-25..2026-12-26 Holiday Christmas, both days yearly", "2026-05-01..2026-05-01 Holiday May Day"]);
        assert_eq!(unread, [13]);
    }
}
