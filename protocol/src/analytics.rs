//! `GET /v1/campaigns/:id/analytics`: what a campaign's interviews say, counted.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Timestamp, ids::CampaignId, question::QuestionKind};

/// What the sessions of a campaign have come to. Texts, dates and files are counted, never shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CampaignAnalytics {
    /// Which campaign.
    pub campaign_id: CampaignId,
    /// Sessions that began then or later are counted.
    pub from: Option<Timestamp>,
    /// And before this.
    pub to: Option<Timestamp>,
    /// When it was counted.
    pub as_of: Timestamp,
    /// Where they stand.
    pub sessions: SessionCounts,
    /// Completed sessions in all that began, 0 to 1; `null` before the first.
    pub completion_rate: Option<f64>,
    /// How long completed ones took, from their beginning, breaks included; `null` before the first.
    pub duration_ms: Option<Durations>,
    /// Sessions that were abandoned before an answer was given.
    pub abandoned_before_first_answer: u64,
    /// Each question of the published guide in its order, with the probes it was followed by, then those of older versions.
    pub questions: Vec<QuestionAnalytics>,
}

/// How many sessions stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionCounts {
    /// All of them.
    pub started: u64,
    /// Under way.
    pub active: u64,
    /// Paused by the participant.
    pub paused: u64,
    /// At an end.
    pub completed: u64,
    /// Ended by a refused consent.
    pub declined: u64,
    /// Left unfinished for too long.
    pub abandoned: u64,
}

/// Durations in milliseconds, by nearest rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Durations {
    /// Half of them took no longer.
    pub median: u64,
    /// Nine of ten took no longer.
    pub p90: u64,
}

/// What was answered to one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuestionAnalytics {
    /// The question, or a probe such as `why~1`.
    pub question_id: String,
    /// For a probe: the question it asked more about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe_of: Option<String>,
    /// What kind of question.
    pub kind: QuestionKind,
    /// As its author wrote it, in the campaign's language; `null` for a probe and for what the published guide has no more.
    pub text: Option<String>,
    /// Answers.
    pub answered: u64,
    /// How often it was skipped.
    pub skipped: u64,
    /// Sessions that were abandoned when this was the last answer given.
    pub abandoned_after: u64,
    /// How long it was on screen, on average.
    pub mean_elapsed_ms: Option<u64>,
    /// For `rating` and `number`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbers: Option<NumberAnalytics>,
    /// How often each value was given: choices in the guide's order, ratings from the lowest. Empty for other kinds.
    pub values: Vec<ValueCount>,
}

/// What numbers were given.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NumberAnalytics {
    /// The average.
    pub mean: f64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

/// How often a value was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueCount {
    /// `true` or `false`, a choice's id, or a rating.
    pub value: Value,
    /// Answers that have it.
    pub count: u64,
    /// For `ranking`: its average place, where 1 is the best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_place: Option<f64>,
}
