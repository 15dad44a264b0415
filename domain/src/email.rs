//! E-mail addresses: which texts are, and when two are the same.

use email_address::EmailAddress;

/// Whether a text has the form of an address.
pub fn is_address(text: &str) -> bool {
    EmailAddress::is_valid(text)
}

/// The form of an address in which letter case makes no difference.
pub fn key(address: &str) -> String {
    address.to_lowercase()
}
