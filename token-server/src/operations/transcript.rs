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
    let missing = || ApiError::internal(&"a session's invite or campaign is missing");
    let invite = unit.find_invite(session.environment, &session.invite_id).await?.ok_or_else(missing)?;
    let campaign =
        unit.find_campaign(session.environment, &session.campaign_id).await?.ok_or_else(missing)?;
    let loaded = Loaded::new(unit, state, session, invite, campaign).await?;
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

/// The transcript as plain text: each question, and its answer indented below it.
pub fn as_text(transcript: &Transcript) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}\nSession {} ({})",
        transcript.title,
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
            item.text
        );
    }
    for entry in &transcript.entries {
        let mark = if entry.probe_of.is_some() { "Follow-up: " } else { "" };
        let _ = writeln!(text, "\n{mark}{}", entry.question);
        if entry.kind == QuestionKind::Statement {
            continue;
        }
        let answer = if entry.answer.is_empty() { "(no answer)" } else { &entry.answer };
        for line in answer.lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}
