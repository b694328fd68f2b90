"""The Rust text that models are compared on: written for this, so that no model has learned it."""

SAMPLE = r"""//! Tide tables: when the water is high at a pier, and whether a boat may leave.

use std::collections::BTreeMap;
use std::fmt;

/// Minutes since midnight, harbour time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minute(u16);

impl Minute {
    pub const LAST: Minute = Minute(24 * 60 - 1);

    /// Reads `07:45`; `None` where that is no time of day.
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.trim().split_once(':')?;
        let hours: u16 = hours.parse().ok()?;
        let minutes: u16 = minutes.parse().ok()?;
        (hours < 24 && minutes < 60).then(|| Minute(hours * 60 + minutes))
    }

    pub fn until(self, later: Minute) -> u16 {
        later.0.saturating_sub(self.0)
    }
}

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

#[derive(Debug)]
pub enum TableError {
    Empty,
    BadLine { number: usize, line: String },
    Twice(Minute),
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableError::Empty => write!(f, "the table has no lines"),
            TableError::BadLine { number, line } => write!(f, "line {number} is no tide: {line:?}"),
            TableError::Twice(minute) => write!(f, "{minute} is there twice"),
        }
    }
}

impl std::error::Error for TableError {}

/// Heights in centimetres by time of day.
#[derive(Debug, Default)]
pub struct TideTable {
    heights: BTreeMap<Minute, i32>,
}

impl TideTable {
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let mut table = TideTable::default();
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = || TableError::BadLine { number: index + 1, line: line.to_owned() };
            let (time, height) = line.split_once(',').ok_or_else(bad)?;
            let minute = Minute::parse(time).ok_or_else(bad)?;
            let height = height.trim().parse().map_err(|_| bad())?;
            if table.heights.insert(minute, height).is_some() {
                return Err(TableError::Twice(minute));
            }
        }
        if table.heights.is_empty() { Err(TableError::Empty) } else { Ok(table) }
    }

    /// The height between two entries, on a straight line.
    pub fn height_at(&self, minute: Minute) -> Option<f64> {
        let (start, low) = self.heights.range(..=minute).next_back()?;
        let (end, high) = self.heights.range(minute..).next()?;
        let span = start.until(*end);
        if span == 0 {
            return Some(f64::from(*low));
        }
        let share = f64::from(start.until(minute)) / f64::from(span);
        Some(f64::from(*low) + share * f64::from(high - low))
    }

    pub fn may_leave(&self, minute: Minute, draught: i32, keel_room: i32) -> bool {
        self.height_at(minute)
            .is_some_and(|height| height >= f64::from(draught + keel_room))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boat_waits_for_the_water() {
        let table = TideTable::parse("06:00, 40\n12:00, 400\n").unwrap();
        assert!(!table.may_leave(Minute::parse("07:00").unwrap(), 180, 50));
        assert!(table.may_leave(Minute::parse("11:30").unwrap(), 180, 50));
    }
}
"""
