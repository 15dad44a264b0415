//! What was asked and answered, for people to read.

use std::fmt::Write as _;

use domain::interview::readable_answer;
use protocol::{
    interview::{Transcript, TranscriptConsent, TranscriptEntry},
    question::QuestionKind,
};
use storage::UnitOfWork;

use super::interview::Loaded;
use crate::{error::ApiError, state::AppState};

/// The transcript of a session.
///
/// # Errors
/// When the database fails.
pub async fn of(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    session: domain::session::StoredSession,
) -> Result<Transcript, ApiError> {
    let now = state.now();
    let loaded = Loaded::of(unit, state, session).await?;
    let interview = loaded.interview();
    let accepted = loaded.session.consent.clone().unwrap_or_default();
    let consent = interview.consent_items().into_iter().map(|item| TranscriptConsent {
        accepted: accepted.iter().any(|given| given.id == item.id && given.version == item.version),
        id: item.id,
        version: item.version,
        text: item.text,
    });
    let entries = loaded.answered().into_iter().map(|(answer, question)| TranscriptEntry {
        answer_id: answer.id.clone(),
        question_id: answer.question_id.clone(),
        kind: answer.kind,
        answer: readable_answer(&question, &answer.value),
        question: question.text,
        probe_of: question.probe_of,
        value: answer.value.clone(),
        answered_at: answer.answered_at,
    });
    Ok(Transcript {
        session_id: loaded.session.id.clone(),
        campaign_id: loaded.session.campaign_id.clone(),
        participant_id: loaded.session.participant_id.clone(),
        title: interview.title(),
        locale: loaded.session.locale.clone(),
        status: loaded.session.status_at(now),
        started_at: loaded.session.started_at,
        completed_at: loaded.session.completed_at,
        consent: consent.collect(),
        entries: entries.collect(),
    })
}

/// The transcript as plain text: each question in one line, and its answer indented below it. So a line that is not
/// indented is never the participant's, whatever they typed and wherever the guide inserts it.
pub fn as_text(transcript: &Transcript) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}\nSession {} ({})",
        one_line(&transcript.title),
        transcript.session_id,
        transcript.status.as_str()
    );
    let _ = writeln!(text, "Started {}", transcript.started_at);
    if let Some(completed_at) = transcript.completed_at {
        let _ = writeln!(text, "Completed {completed_at}");
    }
    for item in &transcript.consent {
        let _ = writeln!(
            text,
            "\nConsent ({}): {}",
            if item.accepted { "given" } else { "not given" },
            one_line(&item.text)
        );
    }
    for entry in &transcript.entries {
        let mark = if entry.probe_of.is_some() { "Follow-up: " } else { "" };
        let _ = writeln!(text, "\n{mark}{}", one_line(&entry.question));
        if entry.kind == QuestionKind::Statement {
            continue;
        }
        let answer = if entry.answer.is_empty() { "(no answer)" } else { &entry.answer };
        for line in lines(answer) {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

/// A text without line breaks and other control characters; each is a space.
fn one_line(text: &str) -> String {
    text.chars().map(|it| if it.is_control() || is_separator(it) { ' ' } else { it }).collect()
}

/// The lines of an answer, without control characters. What breaks a line for any reader does so here.
fn lines(answer: &str) -> Vec<String> {
    let answer = answer.replace("\r\n", "\n");
    let breaks = |it: char| matches!(it, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}') || is_separator(it);
    let plain = |line: &str| line.replace('\t', " ").replace(char::is_control, "");
    answer.trim_end_matches(breaks).split(breaks).map(plain).collect()
}

/// Line and paragraph separator. Source: Unicode Standard Annex #14, class BK.
const fn is_separator(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_one_line_whatever_is_inserted_into_it() {
        assert_eq!(
            one_line("Why, Ada\r\n\nFollow-up:\u{2028}a\u{85}b\u{1b}[2J?"),
            "Why, Ada   Follow-up: a b [2J?"
        );
    }

    #[test]
    fn each_line_of_an_answer_is_told_as_one() {
        for (answer, expected) in [
            ("one", vec!["one"]),
            ("one\r\ntwo\n", vec!["one", "two"]),
            ("one\rtwo\u{85}three\u{2028}four\u{2029}five", vec!["one", "two", "three", "four", "five"]),
            ("one\n\nthree", vec!["one", "", "three"]),
            ("a\tb\u{1b}[1m\u{0}c", vec!["a b[1mc"]),
        ] {
            assert_eq!(lines(answer), expected, "{answer:?}");
        }
    }
}
