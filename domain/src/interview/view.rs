//! A question as the participant sees it.

use protocol::question::{Bound, ChoiceView, QuestionKind, QuestionView, Validate};

use super::{Interview, pipe::Room, probes::probe_id, walk::Asked};
use crate::guide::{Question, Recording};

/// Most characters of an answer unless the guide says otherwise: a line, a page or two, the longest address
/// (RFC 5321 §4.5.3.1.3, without its brackets).
const SHORT_TEXT: u32 = 1_000;
const LONG_TEXT: u32 = 20_000;
const EMAIL: u32 = 254;

/// Largest file, largest recording and longest one unless the guide says otherwise.
const FILE_BYTES: u64 = 25 * 1_024 * 1_024;
const RECORDING_BYTES: u64 = 100 * 1_024 * 1_024;
const RECORDING_MS: u64 = 300_000;

/// The scale of a rating unless the guide says otherwise.
const SCALE: (f64, f64) = (1.0, 5.0);

impl Interview<'_> {
    /// What the answer is put to.
    pub(super) fn id_of(&self, asked: Asked) -> Option<String> {
        let question = self.guide.index().question(self.guide.guide(), asked.number)?;
        Some(match asked.probe {
            Some(probe) => probe_id(&question.id, probe.number),
            None => question.id.clone(),
        })
    }

    /// As the participant sees it; none while its wording depends on an answer that is still open.
    pub(super) fn view(&self, asked: Asked) -> Option<QuestionView> {
        let question = self.guide.index().question(self.guide.guide(), asked.number)?;
        let Some(probe) = asked.probe else { return self.question_view(question) };
        let text = question.follow_up.as_ref()?.rules.get(probe.rule)?.probes.get(probe.wording)?;
        Some(QuestionView {
            id: probe_id(&question.id, probe.number),
            kind: QuestionKind::LongText,
            text: self.text(text)?,
            help: None,
            required: false,
            validate: Validate { max_length: Some(LONG_TEXT), ..Validate::default() },
            choices: None,
            probe_of: Some(question.id.clone()),
            time_limit_ms: None,
            recording: None,
        })
    }

    fn question_view(&self, question: &Question) -> Option<QuestionView> {
        let mut room = Room::new();
        let text = self.text_within(&question.text, &mut room)?;
        let help = match &question.help {
            Some(help) => Some(self.text_within(help, &mut room)?),
            None => None,
        };
        let mut choices = Vec::with_capacity(question.choices.len());
        for choice in &question.choices {
            let label = self.text_within(&choice.label, &mut room)?;
            choices.push(ChoiceView { id: choice.id.clone(), label });
        }
        Some(QuestionView {
            id: question.id.clone(),
            kind: question.kind,
            text,
            help,
            required: question.required && question.kind != QuestionKind::Statement,
            validate: effective_limits(question),
            choices: (!choices.is_empty()).then_some(choices),
            probe_of: None,
            time_limit_ms: question.time_limit_ms,
            recording: question.recording.map(Recording::view),
        })
    }
}

/// The limits of a question with the defaults of its kind filled in.
pub(crate) fn effective_limits(question: &Question) -> Validate {
    let mut limits = question.validate.clone();
    match question.kind {
        QuestionKind::ShortText => limits.max_length = limits.max_length.or(Some(SHORT_TEXT)),
        QuestionKind::LongText => limits.max_length = limits.max_length.or(Some(LONG_TEXT)),
        QuestionKind::Email => limits.max_length = limits.max_length.or(Some(EMAIL)),
        QuestionKind::Rating => {
            limits.min_value = limits.min_value.or(Some(Bound::Number(SCALE.0)));
            limits.max_value = limits.max_value.or(Some(Bound::Number(SCALE.1)));
        }
        QuestionKind::MultiChoice if question.required => {
            limits.min_choices = limits.min_choices.max(Some(1));
        }
        QuestionKind::File => {
            limits.max_bytes = limits.max_bytes.or(Some(FILE_BYTES));
            limits.max_choices = limits.max_choices.or(Some(1));
            if question.required {
                limits.min_choices = limits.min_choices.max(Some(1));
            }
        }
        QuestionKind::Audio | QuestionKind::Video => {
            if limits.accept.is_empty() {
                let range = if question.kind == QuestionKind::Audio { "audio/*" } else { "video/*" };
                limits.accept.push(range.to_owned());
            }
            limits.max_bytes = limits.max_bytes.or(Some(RECORDING_BYTES));
            limits.max_duration_ms = limits.max_duration_ms.or(Some(RECORDING_MS));
        }
        _ => {}
    }
    limits
}
