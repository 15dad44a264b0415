//! What is wrong with something that was sent, and where.

/// One fault, by JSON pointer (RFC 6901), so that all of them can be told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where; empty for the whole.
    pub pointer: String,
    /// For programs, such as `too_long`.
    pub code: &'static str,
    /// For people: what is wrong and what would be right.
    pub message: String,
}

impl Fault {
    /// A fault at `pointer`.
    pub fn new(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, message: message.into() }
    }
}

/// Adds a fault unless `text` has between `min` and `max` characters, or when it has control characters.
pub fn check_text(faults: &mut Vec<Fault>, pointer: &str, text: &str, min: usize, max: usize) {
    let length = text.chars().count();
    if text.trim().chars().count() < min {
        faults.push(Fault::new(pointer, "too_short", format!("Must have at least {min} character(s).")));
    } else if length > max {
        faults.push(Fault::new(
            pointer,
            "too_long",
            format!("Must have at most {max} characters, has {length}."),
        ));
    } else if text.chars().any(char::is_control) {
        faults.push(Fault::new(pointer, "control_character", "Must not have control characters."));
    }
}

/// Adds a fault unless it can name what a client does once: 1 to 64 printable ASCII characters.
pub fn check_client_id(faults: &mut Vec<Fault>, pointer: &str, client_id: &str) {
    const MAX: usize = 64;
    let printable = client_id.bytes().all(|byte| byte.is_ascii_graphic());
    if client_id.is_empty() || client_id.len() > MAX || !printable {
        let message = "Must be 1 to 64 printable ASCII characters, such as a UUID.";
        faults.push(Fault::new(pointer, "invalid_value", message));
    }
}

/// Adds a fault when the customer's own data is larger than 16 KiB as JSON.
pub fn check_metadata(
    faults: &mut Vec<Fault>,
    pointer: &str,
    data: &serde_json::Map<String, serde_json::Value>,
) {
    const MAX_BYTES: usize = 16 * 1_024;
    if serde_json::to_string(data).map_or(0, |text| text.len()) > MAX_BYTES {
        faults.push(Fault::new(pointer, "too_large", format!("Must be at most {MAX_BYTES} bytes as JSON.")));
    }
}

/// Adds a fault unless `locale` looks like a BCP 47 language tag.
pub fn check_locale(faults: &mut Vec<Fault>, pointer: &str, locale: &str) {
    let mut parts = locale.split('-');
    let language = parts.next().is_some_and(|part| {
        (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    let rest = parts
        .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if !(language && rest && locale.len() <= 35) {
        faults.push(Fault::new(
            pointer,
            "invalid_locale",
            "Must be a language tag (BCP 47), such as en or pt-BR.",
        ));
    }
}
