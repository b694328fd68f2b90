//! Reports for people.

use crate::money::Money;
use crate::store::Store;

/// Adds up what all accounts hold.
pub fn total(store: &Store) -> Money {
    store.all().fold(Money::default(), |sum, account| sum + account.balance())
}

/// Lists every account on a line of its own.
pub fn listing(store: &Store) -> String {
    let mut lines: Vec<String> = store
        .all()
        .map(|account| format!("{:<24} {:>12}", account.owner(), account.balance()))
        .collect();
    lines.sort();
    lines.join("\n")
}
