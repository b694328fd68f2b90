//! Reports for people.

use crate::import::Source;
use crate::money::Money;
use crate::store::Store;

/// Adds up what all accounts hold.
pub fn total(store: &Store) -> Money {
    store.all().map(|account| account.balance()).fold(Money::default(), |sum, held| sum + held)
}

/// Lists every account that holds anything on a line of its own.
pub fn listing(store: &Store, source: &Source) -> String {
    let mut text = String::new();
    for account in store.all() {
        if !account.balance().is_zero() {
            text.push_str(&format!("{:<24} {:>12}\n", account.owner(), account.balance()));
        }
    }
    text.push_str(&format!("Source: {}\n", source.name));
    return text;
}
