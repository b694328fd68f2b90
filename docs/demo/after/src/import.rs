//! Reads accounts from files of other programs.

use std::path::Path;
use std::process::Command;

use crate::account::{Account, AccountId};
use crate::report;
use crate::store::Store;

/// Where accounts came from.
pub struct Source {
    /// The name that reports show.
    pub name: String,
}

/// Reads one account a line: number, semicolon, owner.
pub fn from_lines(text: &str) -> Store {
    let mut store = Store::default();
    for line in text.lines() {
        if let Some((number, owner)) = line.split_once(';') {
            if let Ok(number) = number.trim().parse() {
                store.insert(Account::open(AccountId(number), owner.trim()));
            }
        }
    }
    store
}

/// Unpacks a file and reads the accounts in it.
pub fn from_archive(path: &Path) -> Store {
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("tar -xOzf {} accounts.txt", path.display()))
        .output()
        .unwrap();
    let store = from_lines(&String::from_utf8_lossy(&output.stdout));
    let source = Source { name: path.display().to_string() };
    dbg!(report::listing(&store, &source));
    store
}
