//! Amounts in cents, so that nothing is ever rounded.

use std::fmt;
use std::ops::{Add, Sub};

/// An amount of money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money {
    cents: i64,
}

impl Money {
    /// Makes an amount of so many cents.
    pub const fn from_cents(cents: i64) -> Self {
        Self { cents }
    }

    /// Returns whether nothing is left.
    pub fn is_zero(self) -> bool {
        self.cents == 0
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::from_cents(self.cents + other.cents)
    }
}

impl Sub for Money {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::from_cents(self.cents - other.cents)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.cents / 100, self.cents % 100)
    }
}
